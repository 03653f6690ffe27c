package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Optional;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.energy.EngineKind;
import org.junit.jupiter.api.Test;

/** What {@code doctor --gpu} does after it has found a device runs on CPU as well. */
class GpuCheckTest {

  @Test
  void enginesAgreeAndChainsRun() {
    assumeThat(EngineKind.available()).contains(EngineKind.FUSED);
    RunConfig config =
        RunConfig.of(
            ConfigLayers.load(
                Optional.empty(),
                List.of("energy.networks.4=\"3x3-8, 3x3-8, dense 1\"", "training.cellSize=4")));
    assertThat(GpuCheck.tryNetwork(config, config.networks().get(0)))
        .matches(
            "agrees within f [0-9.e+-]+, df/dx [0-9.e+-]+, df/dtheta [0-9.e+-]+"
                + " of the largest; \\d+ Langevin steps of 4 images a second");
  }

  @Test
  void differencesAreSharesOfTheLargestValue() {
    assertThat(EngineAgreement.difference(new float[] {1, -4}, new float[] {1, -5})).isEqualTo(0.2);
    assertThat(EngineAgreement.difference(new float[] {2}, new float[] {2})).isZero();
    assertThat(EngineAgreement.difference(new float[2], new float[2])).isNaN();
    assertThat(EngineAgreement.difference(new float[] {Float.NaN}, new float[] {1})).isNaN();
    assertThat(new EngineAgreement(0, Double.NaN, 0).isClose()).isFalse();
    assertThat(new EngineAgreement(1e-4, 1e-4, 1e-4).isClose()).isTrue();
    assertThat(new EngineAgreement(1e-4, 1e-4, 0.5).isClose()).isFalse();
  }
}
