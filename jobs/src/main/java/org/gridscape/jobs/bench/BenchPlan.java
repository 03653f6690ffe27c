package org.gridscape.jobs.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridscape.config.ConfigLayers;
import org.gridscape.config.RunConfig;
import org.gridscape.energy.GridNetwork;

/**
 * What is measured, by the names of the lists in the JSON: "chain", "batch" and "side" hold chains,
 * "iteration" and "grids" whole iterations, "penalty" the same without and with a penalty.
 *
 * @param chains cases of chains, by list
 * @param iterations cases of iterations, by list
 * @param penalties cases of iterations without and with the penalty of w-GCN
 * @param chainRounds how chains take turns
 * @param iterationRounds how iterations take turns
 * @param chainModes modes of PyTorch in the first list
 * @param modes modes of PyTorch in the other lists
 */
public record BenchPlan(
    Map<String, List<ChainCase>> chains,
    Map<String, List<IterationCase>> iterations,
    List<PenaltyCase> penalties,
    Rounds chainRounds,
    Rounds iterationRounds,
    List<String> chainModes,
    List<String> modes) {
  private static final int CELL = 16;
  private static final List<String> EAGER = List.of("eager", "channels-last");
  private static final List<String> COMPILED =
      List.of("eager", "channels-last", "compile-channels-last");
  private static final List<String> ALL =
      List.of("eager", "channels-last", "compile", "compile-channels-last");
  private static final List<Integer> THREADS = List.of(1, 2);
  private static final List<Integer> BATCHES = List.of(4, 16, 64);
  private static final int PENALTY_STEPS = 30;
  private static final double GAMMA = 0.5;
  private static final List<Integer> SIDES = List.of(8, 16, 32, 64);

  /**
   * The networks of the preset stable and the quickstart: minutes.
   *
   * @param conf folder of the configurations that ship
   * @param data folder for prepared data
   * @param rounds turns of each contender
   */
  public static BenchPlan quick(Path conf, Path data, int rounds) {
    Map<String, List<ChainCase>> chains = new LinkedHashMap<>();
    chains.put("chain", chains("stable", quickstart(conf, data)));
    Map<String, List<IterationCase>> iterations = new LinkedHashMap<>();
    iterations.put("iteration", iterations("quickstart", quickstart(conf, data), THREADS));
    return new BenchPlan(
        chains,
        iterations,
        penalties(conf, data),
        new Rounds(rounds, 0.3, 10_000),
        new Rounds(rounds, 1, 100),
        COMPILED,
        EAGER);
  }

  /** Every network and every scaling; parameters as in {@link #quick}. */
  public static BenchPlan full(Path conf, Path data, int rounds) {
    RunConfig quickstart = quickstart(conf, data);
    RunConfig paper = paper(conf, data);
    Map<String, List<ChainCase>> chains = new LinkedHashMap<>();
    List<ChainCase> every = new ArrayList<>(chains("stable", quickstart));
    RunConfig emoji = load(conf.resolve("emoji64.conf"), data.resolve("emoji64"), List.of());
    for (int threads : THREADS) {
      every.add(ChainCase.of("stable", emoji, emoji.networks().size() - 1, CELL, threads));
    }
    every.addAll(chains("paper", paper));
    chains.put("chain", every);
    chains.put("batch", byBatch(quickstart));
    chains.put("side", bySide(quickstart));
    Map<String, List<IterationCase>> iterations = new LinkedHashMap<>();
    List<IterationCase> whole = new ArrayList<>(iterations("quickstart", quickstart, THREADS));
    whole.addAll(iterations("paper64", paper, List.of(2)));
    iterations.put("iteration", whole);
    iterations.put("grids", byGrids(conf, data));
    return new BenchPlan(
        chains,
        iterations,
        penalties(conf, data),
        new Rounds(rounds, 0.6, 10_000),
        new Rounds(rounds, 2, 100),
        ALL,
        COMPILED);
  }

  /** The cases whose names contain {@code text}. */
  public BenchPlan only(String text) {
    Map<String, List<ChainCase>> someChains = new LinkedHashMap<>();
    chains.forEach(
        (list, cases) ->
            someChains.put(list, cases.stream().filter(c -> c.name(list).contains(text)).toList()));
    Map<String, List<IterationCase>> someIterations = new LinkedHashMap<>();
    iterations.forEach(
        (list, cases) ->
            someIterations.put(
                list, cases.stream().filter(c -> c.name(list).contains(text)).toList()));
    return new BenchPlan(
        someChains,
        someIterations,
        penalties.stream().filter(c -> c.name().contains(text)).toList(),
        chainRounds,
        iterationRounds,
        chainModes,
        modes);
  }

  /** Names of all cases, in order. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    chains.forEach((list, cases) -> cases.forEach(c -> names.add(c.name(list))));
    iterations.forEach((list, cases) -> cases.forEach(c -> names.add(c.name(list))));
    penalties.forEach(c -> names.add(c.name()));
    return names;
  }

  /** Numbers of threads that occur, ascending. */
  List<Integer> threads() {
    List<Integer> threads = new ArrayList<>();
    chains.values().forEach(cases -> cases.forEach(c -> threads.add(c.threads())));
    iterations.values().forEach(cases -> cases.forEach(c -> threads.add(c.threads())));
    penalties.forEach(c -> threads.add(c.threads()));
    return threads.stream().distinct().sorted().toList();
  }

  List<String> modesOf(String list) {
    return list.equals("chain") ? chainModes : modes;
  }

  private static List<ChainCase> chains(String preset, RunConfig config) {
    List<ChainCase> cases = new ArrayList<>();
    for (int threads : THREADS) {
      for (int grid = 0; grid < config.networks().size(); grid++) {
        cases.add(ChainCase.of(preset, config, grid, CELL, threads));
      }
    }
    return cases;
  }

  /** The second and the last network of the quickstart, one thread. */
  private static List<ChainCase> byBatch(RunConfig config) {
    List<ChainCase> cases = new ArrayList<>();
    for (int grid : List.of(1, config.networks().size() - 1)) {
      for (int batch : BATCHES) {
        cases.add(ChainCase.of("stable", config, grid, batch, 1));
      }
    }
    return cases;
  }

  /** The last network of the quickstart on images of several sides, one thread. */
  private static List<ChainCase> bySide(RunConfig config) {
    ChainCase last = ChainCase.of("stable", config, config.networks().size() - 1, CELL, 1);
    return SIDES.stream()
        .map(
            side ->
                new ChainCase(
                    last.preset(),
                    new GridNetwork(last.network().spec(), last.network().shape().withSide(side)),
                    last.initial(),
                    last.settings(),
                    CELL,
                    1))
        .toList();
  }

  /** The quickstart on ladders of one to four grids, the images shrunk to the last. */
  private static List<IterationCase> byGrids(Path conf, Path data) {
    List<IterationCase> cases = new ArrayList<>();
    for (String sides : List.of("1,4", "1,4,8", "1,4,8,16", "1,4,8,16,32")) {
      String top = sides.substring(sides.lastIndexOf(',') + 1);
      RunConfig config =
          load(
              conf.resolve("quickstart.conf"),
              data.resolve("grids-" + top),
              List.of(
                  "pyramid.sides=[%s]".formatted(sides), "data.side=" + top, "data.fit=resize"));
      cases.addAll(iterations(sides.replace(',', '-'), config, List.of(2)));
    }
    return cases;
  }

  private static List<IterationCase> iterations(
      String title, RunConfig config, List<Integer> threads) {
    return threads.stream().map(count -> new IterationCase(title, config, count)).toList();
  }

  /** The quickstart with chains of {@value #PENALTY_STEPS} steps, on one thread. */
  private static List<PenaltyCase> penalties(Path conf, Path data) {
    List<RunConfig> pair =
        Stream.of(0, GAMMA)
            .map(
                gamma ->
                    load(
                        conf.resolve("quickstart.conf"),
                        data.resolve("quickstart"),
                        List.of(
                            "langevin.steps=" + PENALTY_STEPS, "training.penalty.gamma=" + gamma)))
            .toList();
    return List.of(new PenaltyCase("quickstart", pair.get(0), pair.get(1), 1));
  }

  private static RunConfig quickstart(Path conf, Path data) {
    return load(conf.resolve("quickstart.conf"), data.resolve("quickstart"), List.of());
  }

  /**
   * The paper's networks on made-up images, two cells of 8. The rate is next to nothing, since
   * noise is no image set to learn at the paper's.
   */
  private static RunConfig paper(Path conf, Path data) {
    return load(
        conf.resolve("paper64.conf"),
        data.resolve("paper64"),
        List.of(
            "data.source=\"%s\"".formatted(noiseImages(data)),
            "data.shards=2",
            "data.heldOut=0",
            "training.batch=16",
            "training.cellSize=8",
            "training.learningRate.rate=1e-9"));
  }

  /** Where the made-up images are looked for. */
  static Path noiseImages(Path data) {
    return data.resolve("noise.zip");
  }

  private static RunConfig load(Path file, Path target, List<String> overrides) {
    List<String> all = new ArrayList<>(overrides);
    all.add("data.target=\"%s\"".formatted(target));
    return RunConfig.of(ConfigLayers.load(Optional.of(file), all)).located();
  }
}
