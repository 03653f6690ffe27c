package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FingerprintTest {
  private static final Fingerprint MADE_UP =
      new Fingerprint(
          EngineKind.FUSED,
          "amd64",
          "AMD EPYC family 25 model 1",
          "oneDNN 2.5.2",
          "avx2",
          "cpu",
          17);

  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void describesThisProcessOnceAndInOneLine(EngineKind kind) {
    assumeThat(EngineKind.available()).contains(kind);
    Fingerprint fingerprint = Fingerprint.of(kind);
    assertThat(fingerprint).isSameAs(Fingerprint.of(kind));
    assertThat(fingerprint.engine()).isEqualTo(kind);
    assertThat(fingerprint.architecture()).isEqualTo(System.getProperty("os.arch"));
    assertThat(fingerprint.processor()).isNotBlank();
    assertThat(fingerprint.library())
        .matches(kind == EngineKind.FUSED ? "oneDNN \\d+\\.\\d+\\.\\d+" : "ND4J 1\\.0\\.0.*\\)");
    assertThat(fingerprint.java()).isGreaterThanOrEqualTo(17);
    assertThat(fingerprint.toString())
        .startsWith(kind + " on ")
        .contains(fingerprint.processor(), fingerprint.library(), fingerprint.instructions())
        .doesNotContain("\n");
  }

  @Test
  void equalFingerprintsHaveNoDifferences() {
    assertThat(MADE_UP.differences(madeUp("avx2", 17))).isEmpty();
  }

  @Test
  void differencesNameTheComponentAndBothValues() {
    assertThat(MADE_UP.differences(madeUp("avx512_core", 21)))
        .isEqualTo(List.of("instructions: avx2 and avx512_core", "java: 17 and 21"));
    assertThat(
            MADE_UP.differences(
                new Fingerprint(EngineKind.REFERENCE, "aarch64", "p", "l", "avx2", "gpu", 17)))
        .containsExactly(
            "engine: fused and reference",
            "architecture: amd64 and aarch64",
            "processor: AMD EPYC family 25 model 1 and p",
            "library: oneDNN 2.5.2 and l",
            "device: cpu and gpu");
  }

  @Test
  void oneLineHasEveryComponent() {
    assertThat(MADE_UP)
        .hasToString(
            "fused on cpu, amd64, AMD EPYC family 25 model 1, oneDNN 2.5.2, avx2, Java 17");
  }

  @Test
  void instructionSetsHaveOneDnnsNames() {
    assertThat(Fingerprint.instructionSet(dnnl.dnnl_cpu_isa_avx2)).isEqualTo("avx2");
    assertThat(Fingerprint.instructionSet(dnnl.dnnl_cpu_isa_avx512_core_vnni))
        .isEqualTo("avx512_core_vnni");
    assertThat(Fingerprint.instructionSet(0x123456)).isEqualTo("0x123456");
  }

  @Test
  void theEnvironmentNarrowsTheInstructionsOfNd4j() {
    assertThat(Nd4jLibrary.instructions(Map.of("PATH", "/bin"))).isEqualTo("native");
    assertThat(
            Nd4jLibrary.instructions(
                Map.of("OPENBLAS_CORETYPE", "Haswell", "DNNL_MAX_CPU_ISA", "AVX2")))
        .isEqualTo("DNNL_MAX_CPU_ISA=AVX2 OPENBLAS_CORETYPE=Haswell");
  }

  @Test
  void processorsAreNamedWithFamilyAndModel() {
    assertThat(
            Processor.parse(
                List.of(
                    "processor\t: 0",
                    "cpu family\t: 25",
                    "model\t\t: 1",
                    "model name\t: AMD EPYC",
                    "model\t\t: 7")))
        .contains("AMD EPYC family 25 model 1");
    assertThat(Processor.parse(List.of("CPU implementer\t: 0x41", "CPU part\t: 0xd0c")))
        .contains("implementer 0x41 part 0xd0c");
    assertThat(Processor.parse(List.of("cpu\t: POWER9"))).isEmpty();
  }

  private static Fingerprint madeUp(String instructions, int java) {
    return new Fingerprint(
        EngineKind.FUSED,
        "amd64",
        "AMD EPYC family 25 model 1",
        "oneDNN 2.5.2",
        instructions,
        "cpu",
        java);
  }
}
