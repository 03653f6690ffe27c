package org.gridscape.jobs;

import java.util.Collections;
import java.util.Locale;
import org.gridscape.config.RunConfig;
import org.gridscape.distribute.DeviceException;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.FusedEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.Nd4jLibrary;
import org.gridscape.energy.ReferenceEngine;
import org.gridscape.image.ImageBatch;
import org.gridscape.langevin.ChainNoise;
import org.gridscape.langevin.LangevinChain;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;

/** The self-check of a machine with a GPU, on the networks of a configuration. */
final class GpuCheck {
  private static final int STEPS = 100;
  private static final int WARM_UP = 20;

  private GpuCheck() {}

  /**
   * Looks for ND4J's CUDA backend and takes the first device.
   *
   * @return name of the device and its memory
   * @throws DeviceException if there is none, with what to build or install
   */
  static String device() {
    try {
      if (!Nd4jLibrary.isOnGpu()) {
        throw new DeviceException(
            "Cannot check a GPU: ND4J has %s and not its CUDA backend"
                    .formatted(Nd4jLibrary.backend())
                + " (build with mvn -Pcuda -Djavacpp.platform=linux-x86_64 package;"
                + " the machine needs NVIDIA's driver for CUDA 11.6 or later)");
      }
    } catch (LinkageError e) {
      throw new DeviceException(
          "Cannot check a GPU: ND4J does not load: %s (does nvidia-smi list a device?)"
              .formatted(e.getMessage()));
    }
    Nd4jLibrary.useDevice(0);
    return "%s, %,d of %,d MiB free"
        .formatted(
            Nd4jLibrary.device(),
            Nd4jLibrary.freeDeviceMemory() >> 20,
            Nd4jLibrary.totalDeviceMemory() >> 20);
  }

  /**
   * Compares the reference engine, on whatever ND4J computes, with the fused one on CPU, and times
   * chains of the reference engine.
   *
   * @return agreement and speed
   * @throws IllegalStateException if the engines do not agree
   */
  static String tryNetwork(RunConfig config, GridNetwork network) {
    ImageBatch images = ImageBatch.zeros(network.shape(), config.cellSize());
    NoiseStream.of(1, NoiseStream.Purpose.START).normals(NoiseAddress.of(0, 0), images.pixels());
    float[] parameters =
        config.initial().draw(network, 0, NoiseStream.of(1, NoiseStream.Purpose.WEIGHTS));
    try (EnergyEngine reference = new ReferenceEngine(network);
        EnergyEngine fused = new FusedEngine(network)) {
      reference.load(parameters);
      fused.load(parameters);
      EngineAgreement agreement = EngineAgreement.of(reference, fused, images);
      if (!agreement.isClose()) {
        throw new IllegalStateException(
            "differs from the fused engine on CPU: %s of the largest (must be within %s)"
                .formatted(agreement, EngineAgreement.BOUND));
      }
      return String.format(
          Locale.ROOT,
          "agrees within %s of the largest; %.0f Langevin steps of %d images a second",
          agreement,
          stepsASecond(config.learning().langevin(), reference, images),
          images.count());
    }
  }

  private static double stepsASecond(
      LangevinSettings settings, EnergyEngine engine, ImageBatch images) {
    run(settings.withSteps(WARM_UP), engine, images);
    long start = System.nanoTime();
    run(settings.withSteps(STEPS), engine, images);
    return STEPS * 1e9 / (System.nanoTime() - start);
  }

  private static void run(LangevinSettings settings, EnergyEngine engine, ImageBatch images) {
    NoiseStream noise = NoiseStream.of(1, NoiseStream.Purpose.LANGEVIN);
    new LangevinChain(engine, settings)
        .run(
            images.copy(),
            new ChainNoise(noise, 1, 0, 0),
            Collections.nCopies(images.count(), "noise"));
  }

  /** Memory of the device that ND4J has left. */
  static String memory() {
    return "%,d of %,d MiB free after all networks"
        .formatted(Nd4jLibrary.freeDeviceMemory() >> 20, Nd4jLibrary.totalDeviceMemory() >> 20);
  }
}
