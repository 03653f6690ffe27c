package org.gridscape.jobs.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;

/**
 * Training on executor processes.
 *
 * @param title what is trained, in a word
 * @param config of the run
 * @param warmUp iterations of a turn that are not counted, at least 1
 * @param counted iterations of a turn that are
 */
record ClusterCase(String title, RunConfig config, int warmUp, int counted) {
  /** Networks of the preset stable with their paper's ladder. */
  static final String STABLE = "stable64";

  /** The paper's networks. */
  static final String PAPER = "paper64";

  /** Parameters of 4.1 MB, nearly all of them in the finest network. */
  private static final String WIDE = "5x5/2-64, 3x3/2-192, 3x3/2-416, dense 1";

  /** Parameters of 25.8 MB. */
  private static final String WIDEST = "5x5/2-64, 3x3/2-512, 3x3/2-1280, dense 1";

  /** Rejects turns that measure nothing. */
  ClusterCase {
    if (warmUp < 1 || counted < 1) {
      throw new IllegalArgumentException(
          "Invalid iterations: %d, %d counted (must be >= 1)".formatted(warmUp, counted));
    }
  }

  /** What {@code --only} and {@code --dry-run} call it. */
  String name() {
    return "cluster/" + title;
  }

  /**
   * All that is measured: the 64x64 networks as they are trained, then what moves many parameters
   * and computes little, in parts of several sizes, and many small tasks.
   *
   * @param conf folder of the configurations that ship
   * @param data folder for images and prepared data
   */
  static List<ClusterCase> all(Path conf, Path data) {
    Path stable = conf.resolve("emoji64.conf");
    Path paper = conf.resolve("paper64.conf");
    List<String> many = List.of("pyramid.sides=[1,64]", "energy.networks.64=\"5x5/4-4, dense 1\"");
    return List.of(
        new ClusterCase(STABLE, load(stable, data, 4, 16, 30, List.of()), 2, 6),
        new ClusterCase(PAPER, load(paper, data, 4, 8, 30, List.of()), 1, 3),
        new ClusterCase(
            "stable64-averaging",
            load(stable, data, 4, 16, 30, List.of("training.localSteps=4")),
            1,
            2),
        moving("4MB", stable, data, 4, WIDE, List.of()),
        moving("4MB-8-shards", stable, data, 8, WIDE, List.of()),
        moving("4MB-groups", stable, data, 8, WIDE, groups("20 MB")),
        moving("25MB", stable, data, 4, WIDEST, List.of()),
        moving("25MB-8-shards", stable, data, 8, WIDEST, List.of()),
        moving("25MB-groups", stable, data, 8, WIDEST, groups("110 MB")),
        new ClusterCase("64-shards", load(stable, data, 64, 1, 1, many), 4, 10));
  }

  /** A chain of one step and cells of 2 images. */
  private static ClusterCase moving(
      String title, Path conf, Path data, int shards, String network, List<String> overrides) {
    List<String> all = new ArrayList<>(overrides);
    all.add("energy.networks.64=\"%s\"".formatted(network));
    return new ClusterCase(title, load(conf, data, shards, 2, 1, all), 3, 6);
  }

  /** Two groups of four, which the driver takes where it does not take eight shards. */
  private static List<String> groups(String driverBytes) {
    return List.of(
        "training.sum.driverBytes=\"%s\"".formatted(driverBytes), "training.sum.fanIn=4");
  }

  /** One cell a shard, on made-up images, at a rate of next to nothing. */
  private static RunConfig load(
      Path conf, Path data, int shards, int cell, int steps, List<String> overrides) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(
        List.of(
            "data.source=\"%s\"".formatted(BenchPlan.noiseImages(data)),
            "data.target=\"%s\"".formatted(data.resolve("cluster-" + shards)),
            "data.shards=" + shards,
            "data.heldOut=0",
            "langevin.steps=" + steps,
            "training.batch=" + shards * cell,
            "training.cellSize=" + cell,
            "training.learningRate.rate=1e-9"));
    return RunConfig.of(ConfigLayers.load(Optional.of(conf), all)).located();
  }
}
