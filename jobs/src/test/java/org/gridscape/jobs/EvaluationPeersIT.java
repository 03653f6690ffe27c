package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The live comparison of {@code notebooks/compare_evaluation.py}, where its packages and a random
 * network of {@code notebooks/export_inception.py} are: {@value #PYTHON} names an interpreter,
 * {@value #NETWORK} the network's file without {@code .onnx} and {@code .pth}.
 */
class EvaluationPeersIT {
  private static final String PYTHON = "GRIDSCAPE_PYTHON";
  private static final String NETWORK = "GRIDSCAPE_INCEPTION";
  private static final String PACKAGES =
      "import torch, torchvision, pytorch_fid, torch_fidelity, cleanfid";
  private static final String IMAGES = "60";

  @TempDir private Path folder;

  private String python = "";
  private String network = "";

  @BeforeEach
  void findPackagesAndNetwork() throws Exception {
    python = variable(PYTHON).orElse("");
    network = variable(NETWORK).orElse("");
    assumeThat(python).as("%s (not set: no live comparison)", PYTHON).isNotEmpty();
    assumeThat(network).as("%s (not set: no live comparison)", NETWORK).isNotEmpty();
    for (String ending : List.of(".onnx", ".pth")) {
      assumeThat(Path.of(network + ending)).as(NETWORK).isRegularFile();
    }
    assumeThat(run(python, "-c", PACKAGES)).as("%s of %s", PACKAGES, python).isZero();
  }

  @Test
  void theFiguresAreThoseOfThePeers() throws Exception {
    int code =
        run(
            python,
            "../notebooks/compare_evaluation.py",
            "--onnx",
            network + ".onnx",
            "--pth",
            network + ".pth",
            "--images",
            IMAGES);
    assertThat(code).as(Files.readString(log())).isZero();
  }

  private int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log().toFile())
        .start()
        .waitFor();
  }

  private Path log() {
    return folder.resolve("log");
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name));
  }
}
