package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.Preparation;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.GridNetwork;

/** Measures a plan: for each number of threads the chains, then the iterations. */
public final class Bench {
  private static final double BUSY = 0.5;
  private static final int NOISE_IMAGES = 64;
  private static final int NOISE_SIDE = 64;

  private final BenchPlan plan;
  private final String python;
  private final Path script;
  private final Path data;
  private final IntFunction<SparkSession> spark;
  private final Consumer<String> progress;

  /**
   * A measurement to be run once.
   *
   * @param python interpreter for PyTorch
   * @param script {@code langevin_torch.py}
   * @param data an empty folder for images and prepared data
   * @param spark opens a session on this machine with a number of cores
   * @param progress receives a line a case
   */
  public Bench(
      BenchPlan plan,
      String python,
      Path script,
      Path data,
      IntFunction<SparkSession> spark,
      Consumer<String> progress) {
    this.plan = plan;
    this.python = python;
    this.script = script;
    this.data = data;
    this.spark = spark;
    this.progress = progress;
  }

  /**
   * Measures everything.
   *
   * @param version of Gridscape
   * @return the JSON that {@code jobs/bench/README.md} describes
   */
  public ObjectNode run(String version) {
    ObjectNode results = JsonNodeFactory.instance.objectNode();
    ObjectNode machine = Machine.describe(version);
    double load = machine.path("loadAverage").asDouble();
    if (load > BUSY) {
      progress.accept(
          "The machine is busy: load average %.2f (should be below %s)".formatted(load, BUSY));
    }
    results.set("machine", machine);
    results.put("rounds", plan.chainRounds().count());
    ObjectNode torch = results.putObject("torch").put("python", python).putNull("version");
    torch.put("chainModes", String.join(", ", plan.chainModes()));
    torch.put("otherModes", String.join(", ", plan.modes()));
    results.putArray("sgemm");
    plan.chains().keySet().forEach(results::putArray);
    plan.iterations().keySet().forEach(results::putArray);
    results.putArray("penalty");
    for (int threads : plan.threads()) {
      measure(threads, results);
    }
    return results;
  }

  private void measure(int threads, ObjectNode results) {
    Spread product = Sgemm.gigaflops(threads);
    ((ArrayNode) results.path("sgemm"))
        .addObject()
        .put("threads", threads)
        .put("gigaflops", Figures.rounded(product.median()))
        .put("min", Figures.rounded(product.min()))
        .put("max", Figures.rounded(product.max()));
    Optional<TorchPeer> peer = startPeer(threads, (ObjectNode) results.path("torch"));
    try {
      plan.chains()
          .forEach(
              (list, cases) ->
                  cases.stream()
                      .filter(c -> c.threads() == threads)
                      .forEach(
                          c ->
                              add(
                                  results,
                                  list,
                                  c.name(list),
                                  chain(list, c, peer, product.median()))));
      iterations(threads, results, peer);
    } finally {
      peer.ifPresent(TorchPeer::close);
    }
  }

  private Optional<TorchPeer> startPeer(int threads, ObjectNode torch) {
    try {
      TorchPeer peer = TorchPeer.start(python, script, threads);
      torch.put("version", peer.version());
      return Optional.of(peer);
    } catch (ContenderException e) {
      progress.accept(e.getMessage() + "; going on without it");
      torch.put("missing", e.getMessage());
      return Optional.empty();
    }
  }

  private ObjectNode chain(
      String list, ChainCase chains, Optional<TorchPeer> peer, double yardstick) {
    List<Contender> contenders = new ArrayList<>();
    for (EngineKind kind : EngineKind.available()) {
      contenders.add(new EngineChain(kind, chains));
    }
    addTorch(contenders, peer, TorchRequests.chain(chains), plan.modesOf(list));
    Rounds.Outcome outcome = race(contenders, plan.chainRounds(), peer);
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    GridNetwork network = chains.network();
    row.put("preset", chains.preset());
    row.put("grid", network.shape().side());
    row.put("channels", network.shape().channels());
    row.put("network", network.spec().toString());
    row.put("batchNorm", network.spec().batchNorm());
    row.put("batch", chains.batch());
    row.put("threads", chains.threads());
    row.put("images", chains.images());
    row.put("gigaflopPerStep", Figures.rounded(chains.gigaflop()));
    Figures.rates(row, "stepsPerSecond", outcome);
    ObjectNode gigaflops = row.putObject("gigaflops");
    ObjectNode shares = row.putObject("shareOfSgemm");
    row.path("stepsPerSecond")
        .fields()
        .forEachRemaining(
            entry -> {
              if (entry.getValue().isNull()) {
                gigaflops.putNull(entry.getKey());
                shares.putNull(entry.getKey());
              } else {
                double reached = entry.getValue().asDouble() * chains.gigaflop();
                gigaflops.put(entry.getKey(), Figures.rounded(reached));
                shares.put(entry.getKey(), Figures.rounded(reached / yardstick));
              }
            });
    return row;
  }

  private void iterations(int threads, ObjectNode results, Optional<TorchPeer> peer) {
    if (plan.iterations().values().stream()
            .noneMatch(cases -> cases.stream().anyMatch(c -> c.threads() == threads))
        && plan.penalties().stream().noneMatch(c -> c.threads() == threads)) {
      return;
    }
    NoiseImages.writeOnce(BenchPlan.noiseImages(data), NOISE_IMAGES, NOISE_SIDE);
    try (SparkSession session = spark.apply(threads)) {
      plan.iterations()
          .forEach(
              (list, cases) ->
                  cases.stream()
                      .filter(c -> c.threads() == threads)
                      .forEach(
                          c ->
                              add(results, list, c.name(list), iteration(session, list, c, peer))));
      plan.penalties().stream()
          .filter(c -> c.threads() == threads)
          .forEach(c -> add(results, "penalty", c.name(), penalty(session, c)));
    }
  }

  private ObjectNode iteration(
      SparkSession session, String list, IterationCase training, Optional<TorchPeer> peer) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    RunConfig config = training.config();
    Manifest manifest = Preparation.prepare(session, config.data());
    List<Contender> contenders = new ArrayList<>();
    List<EngineIterations> engines = new ArrayList<>();
    for (EngineKind kind : EngineKind.available()) {
      engines.add(new EngineIterations(kind.toString(), context, training.with(kind), manifest));
    }
    contenders.addAll(engines);
    addTorch(contenders, peer, TorchRequests.iteration(config), plan.modesOf(list));
    Rounds.Outcome outcome = race(contenders, plan.iterationRounds(), peer);
    ObjectNode row = described(training.title(), config, training.threads());
    Figures.times(row, "secondsPerIteration", outcome);
    ObjectNode phases = row.putObject("phases");
    for (EngineIterations engine : engines) {
      double rest = 1 - engine.chainShare() - engine.gradientShare();
      phases
          .putObject(engine.name())
          .put("chain", Figures.rounded(engine.chainShare()))
          .put("gradient", Figures.rounded(engine.gradientShare()))
          .put("rest", Figures.rounded(rest));
    }
    return row;
  }

  private static ObjectNode described(String title, RunConfig config, int threads) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("title", title);
    row.put("grid", config.learning().ladder().topSide());
    ArrayNode sides = row.putArray("sides");
    config.learning().ladder().sides().forEach(sides::add);
    row.put(
        "network",
        config.networks().stream()
            .map(network -> network.shape().side() + ": " + network.spec())
            .collect(Collectors.joining("; ")));
    row.put("batchNorm", config.networks().get(0).spec().batchNorm());
    row.put("batch", config.batch());
    row.put("cellSize", config.cellSize());
    row.put("steps", config.learning().langevin().steps());
    row.put("threads", threads);
    return row;
  }

  private ObjectNode penalty(SparkSession session, PenaltyCase training) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Manifest manifest = Preparation.prepare(session, training.with().data());
    Rounds.Outcome outcome =
        race(
            List.of(
                new EngineIterations("without", context, training.without(), manifest),
                new EngineIterations("with", context, training.with(), manifest)),
            plan.iterationRounds(),
            Optional.empty());
    ObjectNode row = described(training.title(), training.with(), training.threads());
    row.put("engine", training.with().engine().toString());
    Figures.extra(row, "without", "with", outcome);
    return row;
  }

  private static void addTorch(
      List<Contender> contenders,
      Optional<TorchPeer> peer,
      ObjectNode request,
      List<String> modes) {
    peer.ifPresent(
        torch -> modes.forEach(mode -> contenders.add(new TorchContender(torch, request, mode))));
  }

  /** Lets the contenders race, then frees what they hold. */
  private static Rounds.Outcome race(
      List<Contender> contenders, Rounds rounds, Optional<TorchPeer> peer) {
    try {
      return rounds.race(contenders);
    } finally {
      contenders.forEach(Contender::close);
      peer.ifPresent(TorchPeer::forget);
    }
  }

  private void add(ObjectNode results, String list, String name, ObjectNode row) {
    ((ArrayNode) results.path(list)).add(row);
    JsonNode figures =
        row.path(row.has("stepsPerSecond") ? "stepsPerSecond" : "secondsPerIteration");
    StringBuilder line = new StringBuilder(name).append(':');
    figures
        .fields()
        .forEachRemaining(
            entry -> line.append(' ').append(entry.getKey()).append(' ').append(entry.getValue()));
    progress.accept(line.append(row.has("stepsPerSecond") ? " steps/s" : " s").toString());
  }
}
