package org.gridscape.energy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainNoise;
import org.gridscape.langevin.LangevinChain;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.noise.NoiseStream;

/**
 * Runs thousands of chains of the fused engine, and opens and closes hundreds of engines; prints
 * the resident size in KiB after each third of it.
 */
final class FusedProcess {
  private static final GridNetwork SMALL = network("3x3-16, 3x3-16, dense 1", 1, 4);
  private static final GridNetwork LARGE = network("5x5/2-8, 3x3/2-16, dense 1", 3, 64);
  private static final GridNetwork LONG = network("3x3-32, 3x3/4-8, dense 1", 3, 64);
  private static final GridNetwork WIDE = network("3x3-128, 3x3-128, dense 1", 1, 8);
  private static final GridNetwork NORMALIZED =
      new GridNetwork(
          NetworkSpec.parse("3x3-8, 3x3-8, dense 1", new Activation.Silu(), true),
          new ImageShape(1, 8));

  private static final MapNetwork CORRECTION =
      new MapNetwork(
          "correction",
          List.of(
              new NetworkSpec.Convolution(3, 1, 16),
              new NetworkSpec.Convolution(3, 1, 16),
              new NetworkSpec.Convolution(3, 1, 3)),
          new Activation.LeakyRelu(0.2),
          new ImageShape(3, 16));

  private FusedProcess() {}

  /** Takes no argument. */
  public static void main(String[] arguments) throws IOException {
    try (EnergyEngine small = new FusedEngine(SMALL);
        EnergyEngine large = new FusedEngine(LARGE)) {
      load(small);
      load(large);
      for (int third = 0; third < 3; third++) {
        work(small, large);
        System.out.println("resident " + residentSize());
      }
    }
  }

  /** A third of 10,000 chains of 4x4, 200 of 64x64 and 330 engines. */
  private static void work(EnergyEngine small, EnergyEngine large) {
    chains(small, 3334);
    chains(large, 67);
    for (int i = 0; i < 100; i++) {
      GridNetwork network = List.of(SMALL, LONG, WIDE, NORMALIZED).get(i % 4);
      try (EnergyEngine engine = new FusedEngine(network)) {
        load(engine);
        ImageBatch images = ImageBatch.zeros(network.shape(), 6 + i % 3);
        engine.parameterGradient(images, new float[images.count()]);
        if (network.equals(SMALL)) {
          engine.penaltyGradient(images);
        }
      }
      if (i % 10 == 0) {
        try (MapEngine engine = EngineKind.FUSED.create(CORRECTION)) {
          ImageBatch images = ImageBatch.zeros(CORRECTION.input(), 6 + i % 3);
          engine.gradients(images, engine.outputs(images));
        }
      }
    }
  }

  private static void chains(EnergyEngine engine, int count) {
    LangevinSettings settings =
        new LangevinSettings(3, 1f, 0.02f, Float.POSITIVE_INFINITY, PixelRange.SIGNED_UNIT);
    LangevinChain chain = new LangevinChain(engine, settings);
    NoiseStream noise = NoiseStream.of(1, NoiseStream.Purpose.LANGEVIN);
    for (int i = 0; i < count; i++) {
      ImageBatch images = ImageBatch.zeros(engine.network().shape(), 2);
      chain.run(images, new ChainNoise(noise, 1, i, 0), Collections.nCopies(2, "image"));
    }
  }

  private static void load(EnergyEngine engine) {
    NoiseStream weights = NoiseStream.of(5, NoiseStream.Purpose.WEIGHTS);
    engine.load(InitialParameters.FAN_IN_UNIFORM.draw(engine.network(), 0, weights));
  }

  private static GridNetwork network(String layers, int channels, int side) {
    return new GridNetwork(
        NetworkSpec.parse(layers, new Activation.LeakyRelu(0.2), false),
        new ImageShape(channels, side));
  }

  private static long residentSize() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("Cannot find resident size: no VmRSS in /proc/self/status");
  }
}
