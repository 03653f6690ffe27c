package org.gridscape.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell stands in for Python. */
class TorchPeerTest {
  private static final ObjectNode REQUEST = JsonNodeFactory.instance.objectNode().put("do", "x");

  @TempDir private Path folder;

  @Test
  void answersSecondsToEachRequest() throws IOException {
    Path script =
        script(
            """
            echo "{\\"torch\\": \\"9.9 on $1, $OMP_NUM_THREADS, $MKL_NUM_THREADS\\"}"
            read request; echo '{"seconds": 1.5}'
            read request; echo '{"error": "KeyError: steps"}'
            read request; echo '{"seconds": 2.5}'
            """);
    try (TorchPeer peer = TorchPeer.start("sh", script, 2)) {
      assertThat(peer.version()).isEqualTo("9.9 on 2, 2, 2");
      assertThat(peer.seconds(REQUEST)).isEqualTo(1.5);
      assertThatThrownBy(() -> peer.seconds(REQUEST))
          .isInstanceOf(ContenderException.class)
          .hasMessage("Cannot use PyTorch: KeyError: steps");
      assertThat(peer.seconds(REQUEST)).isEqualTo(2.5);
    }
  }

  @Test
  void missingPythonIsNamed() throws IOException {
    Path script = script("");
    String python = folder.resolve("python").toString();
    assertThatThrownBy(() -> TorchPeer.start(python, script, 1))
        .isInstanceOf(ContenderException.class)
        .hasMessageStartingWith("Cannot use PyTorch: Cannot run program \"" + python + "\"");
  }

  @Test
  void missingScriptIsNamed() {
    Path script = folder.resolve("absent.py");
    assertThatThrownBy(() -> TorchPeer.start("sh", script, 1))
        .hasMessage("Cannot use PyTorch: no file " + script);
  }

  @Test
  void missingTorchIsSaid() throws IOException {
    Path script = script("echo '{\"error\": \"ModuleNotFoundError: No module named torch\"}'");
    assertThatThrownBy(() -> TorchPeer.start("sh", script, 1))
        .hasMessage("Cannot use PyTorch: ModuleNotFoundError: No module named torch");
  }

  @Test
  void rubbishIsQuotedAndNothingMoreIsAsked() throws IOException {
    Path script = script("echo '{\"torch\": \"9.9\"}'; read request; echo good day; cat");
    try (TorchPeer peer = TorchPeer.start("sh", script, 1)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> peer.seconds(REQUEST))
            .hasMessage("Cannot use PyTorch: sh answered \"good day\"");
      }
      peer.forget();
    }
  }

  @Test
  void anEndIsSaidWithItsCode() throws IOException {
    Path script = script("exit 3");
    assertThatThrownBy(() -> TorchPeer.start("sh", script, 1))
        .hasMessage("Cannot use PyTorch: sh ended with exit code 3");
  }

  private Path script(String text) throws IOException {
    return Files.writeString(folder.resolve("peer.sh"), text);
  }
}
