package org.gridscape.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.gridscape.dl4j.ExistingDl4jProgram.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExistingDl4jProgramIT {
  @Test
  void trainsItsClassifierAndThenTheSameMultiGridModelOnOneCoreAndTwo(@TempDir Path folder) {
    Outcome twoCores = ExistingDl4jProgram.run("local[2]", folder.resolve("two"));
    assertThat(twoCores.classes()).hasSize(2).doesNotContain(Double.NaN);
    assertThat(twoCores.energies()).hasSize(2).allSatisfy(f -> assertThat(f).isFinite());
    assertThat(twoCores.energies()).doesNotContain(0.0);
    Outcome again = ExistingDl4jProgram.run("local[2]", folder.resolve("two"));
    Outcome oneCore = ExistingDl4jProgram.run("local[1]", folder.resolve("one"));
    assertThat(again.parametersSha256()).isEqualTo(twoCores.parametersSha256());
    assertThat(oneCore.parametersSha256()).isEqualTo(twoCores.parametersSha256());
    assertThat(oneCore.energies()).isEqualTo(twoCores.energies());
  }
}
