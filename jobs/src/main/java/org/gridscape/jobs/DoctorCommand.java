package org.gridscape.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.spark.package$;
import org.gridscape.config.RunConfig;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.FusedEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.NativeThreads;
import org.gridscape.energy.Nd4jLibrary;
import org.gridscape.image.ImageBatch;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what this machine is and whether the engine works on it. */
@Command(
    name = "doctor",
    description =
        "Checks this machine: versions, threads, folders, the engine's gradients and speed.",
    footer = {
      "",
      "Examples:",
      "  gridscape doctor --config conf/emoji64.conf",
      "  gridscape doctor --gpu --config conf/quickstart.conf"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int STEPS = 20;

  @Mixin private final RunOptions options = new RunOptions();

  @Option(
      names = "--gpu",
      description =
          "Check the GPU: ND4J's backend, agreement with the CPU, speed of chains, memory.")
  private boolean gpu;

  private boolean healthy = true;

  @Override
  public Integer call() {
    RunConfig config = options.load();
    line("gridscape", Version.text());
    line("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
    line("system", "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
    line("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    line("heap", "%,d MiB".formatted(Runtime.getRuntime().maxMemory() >> 20));
    line("spark", package$.MODULE$.SPARK_VERSION());
    check("threads", () -> NativeThreads.requireOne(System.getenv()));
    check("runs folder", () -> requireWritable(options.runs));
    if (options.dryRun) {
      return exitCode();
    }
    if (gpu) {
      checkGpu(config);
      return exitCode();
    }
    Properties backend = Nd4j.getExecutioner().getEnvironmentInformation();
    line("nd4j backend", backend.getProperty("backend") + ", " + Nd4j.getBackend().buildInfo());
    line("engine", config.engine().toString());
    if (config.engine() == EngineKind.FUSED) {
      line("oneDNN", FusedEngine.libraryVersion().orElse("none"));
    }
    for (GridNetwork network : config.networks()) {
      check("grid " + network.shape().side(), () -> tryEngine(config, network));
    }
    return exitCode();
  }

  private void checkGpu(RunConfig config) {
    line("gpu", GpuCheck.device());
    line("nd4j", Nd4jLibrary.description());
    for (GridNetwork network : config.networks()) {
      String name = "grid " + network.shape().side();
      check(name, () -> line(name, GpuCheck.tryNetwork(config, network)));
    }
    line("gpu memory", GpuCheck.memory());
  }

  private int exitCode() {
    return healthy ? ExitCode.DONE : ExitCode.INTERNAL;
  }

  /** Compares the gradient with a finite difference and times some steps. */
  private static void tryEngine(RunConfig config, GridNetwork network) {
    NoiseStream noise = NoiseStream.of(1, NoiseStream.Purpose.START);
    ImageBatch images = ImageBatch.zeros(network.shape(), config.cellSize());
    noise.normals(NoiseAddress.of(0, 0), images.pixels());
    float[] gradient = new float[images.pixels().length];
    try (EnergyEngine engine = config.engine().create(network)) {
      engine.load(
          config.initial().draw(network, 0, NoiseStream.of(1, NoiseStream.Purpose.WEIGHTS)));
      float[] values = engine.values(images);
      engine.inputGradient(images, gradient);
      double squares = 0;
      for (float g : gradient) {
        squares += (double) g * g;
      }
      ImageBatch moved = images.copy();
      float step = (float) (1e-2 / Math.sqrt(squares));
      for (int i = 0; i < gradient.length; i++) {
        moved.pixels()[i] += step * gradient[i];
      }
      double rise = sum(engine.values(moved)) - sum(values);
      if (!(Math.abs(rise / (step * squares) - 1) < 0.1)) {
        throw new IllegalStateException(
            "gradient foresees a rise of %s, f rises by %s".formatted(step * squares, rise));
      }
      long start = System.nanoTime();
      for (int i = 0; i < STEPS; i++) {
        engine.inputGradient(images, gradient);
      }
      System.out.printf(
          Locale.ROOT,
          "%-14s %.1f ms a step of %d images on one core%n",
          "",
          (System.nanoTime() - start) * 1e-6 / STEPS,
          config.cellSize());
    }
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  private static void requireWritable(Path folder) {
    Path nearest = folder.toAbsolutePath();
    while (nearest.getParent() != null && !Files.exists(nearest)) {
      nearest = nearest.getParent();
    }
    if (!Files.isWritable(nearest)) {
      throw new IllegalStateException(nearest + " cannot be written to");
    }
  }

  private void check(String name, Runnable test) {
    try {
      test.run();
      line(name, "ok");
    } catch (RuntimeException e) {
      healthy = false;
      line(name, "FAILED: " + e.getMessage());
    }
  }

  private static void line(String name, String value) {
    System.out.printf("%-14s %s%n", name, value);
  }
}
