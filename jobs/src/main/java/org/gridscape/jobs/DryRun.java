package org.gridscape.jobs;

import java.util.Locale;
import java.util.stream.DoubleStream;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.MapNetwork;
import org.gridscape.energy.Network;
import org.gridscape.features.ExtractorSpec;
import org.gridscape.generator.GeneratorLosses;
import org.gridscape.langevin.ChainStart;

/** What a run would do, from its configuration alone. */
final class DryRun {
  private DryRun() {}

  static String describe(RunConfig config) {
    int shards = config.data().shards();
    int cells = config.batch() / config.cellSize();
    long parameters = parameters(config);
    long states = 0;
    if (config.learning().start() instanceof ChainStart.Persistent) {
      for (GridNetwork network : config.networks()) {
        states += (long) config.batch() * network.shape().size() * Float.BYTES;
      }
    }
    long broadcast = parameters * Float.BYTES + states;
    StringBuilder plan = new StringBuilder();
    line(plan, "data set", "%s -> %s", config.data().source(), config.data().target());
    line(plan, "shards", "%d, one task each", shards);
    line(plan, "cells", "%d of %d images an iteration", cells, config.cellSize());
    for (GridNetwork network : config.networks()) {
      line(
          plan,
          "grid " + network.shape().side(),
          "%s: %,d parameters, %.1f million multiply-adds an image and pass",
          network.spec(),
          network.parameterCount(),
          network.multiplyAdds() * 1e-6);
    }
    for (MapNetwork network : config.generator().networks()) {
      line(
          plan,
          network.name(),
          "%s: %,d parameters, %.1f million multiply-adds an image and pass",
          network,
          network.parameterCount(),
          network.multiplyAdds() * 1e-6);
    }
    line(plan, "arithmetic", "%.1f GFLOP an iteration", flops(config) * 1e-9);
    line(plan, "broadcast", "%,d bytes an iteration to each executor", broadcast);
    line(plan, "returned", "%,d bytes an iteration", shards * parameters * Float.BYTES + states);
    line(plan, "driver", "%,d bytes of parameters, average and optimiser", driverBytes(config));
    line(plan, "evaluation", "%s", evaluation(config));
    line(plan, "images", "%,d bytes an image in an executor", config.data().shape().size());
    int processors = Runtime.getRuntime().availableProcessors();
    if (shards < processors) {
      line(
          plan,
          "warning",
          "%d shards keep %d of this machine's %d cores busy",
          shards,
          shards,
          processors);
    }
    return plan.append('\n').append(ConfigLayers.render(config.resolved())).toString();
  }

  private static String evaluation(RunConfig config) {
    RunConfig.EvaluationSettings settings = config.evaluation();
    if (settings.every() == 0) {
      return "none while training (evaluation.every)";
    }
    String extractor = config.resolved().getString("evaluation.extractor");
    return String.format(
        Locale.ROOT,
        "every %d iterations: Frechet distance of %,d samples to %s, by %s",
        settings.every(),
        settings.samples(),
        settings.reference().orElse("the training images"),
        extractor.equals("auto") ? ExtractorSpec.CLASSIFIER : extractor);
  }

  /** Chains: forward and input gradient; learning: three forwards for each of two batches. */
  private static double flops(RunConfig config) {
    double total = 0;
    for (GridNetwork network : config.networks()) {
      double forward = 2.0 * network.multiplyAdds() * config.batch();
      total += forward * (2.0 * config.learning().langevin().steps() + 6);
    }
    GeneratorLosses losses = config.generator().losses();
    long regressions =
        DoubleStream.of(losses.match(), losses.teach(), losses.reconstruct())
            .filter(weight -> weight > 0)
            .count();
    for (MapNetwork network : config.generator().networks()) {
      // The start of a chain, then a forward pass and a gradient for each loss.
      total += 2.0 * network.multiplyAdds() * config.batch() * (1 + 4 * regressions);
    }
    return total;
  }

  private static long driverBytes(RunConfig config) {
    long arrays = 2L + config.update().optimizer().moments();
    return arrays * Float.BYTES * parameters(config);
  }

  private static long parameters(RunConfig config) {
    return config.allNetworks().stream().mapToLong(Network::parameterCount).sum();
  }

  private static void line(StringBuilder plan, String name, String format, Object... values) {
    plan.append("%-13s".formatted(name))
        .append(String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
