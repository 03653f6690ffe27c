package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of the fused engine whose environment narrows the instruction set. */
class FingerprintIT {

  @Test
  void tellsTheInstructionsInEffectWithoutNd4j(@TempDir Path folder) throws Exception {
    assumeThat(FusedEngine.runsGeneratedKernels()).isTrue();
    Path classes = folder.resolve("classes.log");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xlog:class+load:file=" + classes,
            "-cp",
            System.getProperty("java.class.path"),
            FingerprintProcess.class.getName());
    builder.environment().put("DNNL_MAX_CPU_ISA", "SSE41");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(printed.strip()).contains(", sse41, ").doesNotContain("\n");
    assertThat(ClassLog.read(classes))
        .contains(Fingerprint.class.getName())
        .noneMatch(ClassLog::isOfNd4j);
  }
}
