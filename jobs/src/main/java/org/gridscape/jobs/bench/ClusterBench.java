package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.Preparation;
import org.gridscape.distribute.IterationReport;
import org.gridscape.distribute.Learner;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.TrainingPlan;

/**
 * Measures training on one and on two executor processes of one core each, and fits a cost model to
 * what the iterations take beside chains and gradients. One and two take turns: a round is a
 * session of each with a turn of every case.
 */
public final class ClusterBench {
  private static final List<Integer> PROCESSES = List.of(1, 2);
  private static final List<Integer> FORECAST = List.of(1, 2, 10, 100, 1000);
  private static final List<Integer> GIGABITS = List.of(10, 1);

  /** Of the forecast. */
  static final int FAN_IN = 16;

  /** Of the forecast. */
  static final int LOCAL_STEPS = 4;

  private static final int NOISE_IMAGES = 64;
  private static final int NOISE_SIDE = 64;

  private final List<ClusterCase> cases;
  private final int rounds;
  private final Path data;
  private final IntFunction<SparkSession> spark;
  private final Consumer<String> progress;

  /** By case, processes and round. */
  private final Map<ClusterCase, Map<Integer, List<List<IterationReport>>>> turns =
      new LinkedHashMap<>();

  ClusterBench(
      List<ClusterCase> cases,
      int rounds,
      Path data,
      IntFunction<SparkSession> spark,
      Consumer<String> progress) {
    this.cases = cases;
    this.rounds = rounds;
    this.data = data;
    this.spark = spark;
    this.progress = progress;
  }

  /**
   * A measurement to be run once.
   *
   * @param conf folder of the configurations that ship
   * @param only what the names of its cases contain
   * @param rounds turns of each case on one process and on two
   * @param data an empty folder for images and prepared data
   * @param spark opens a session with a number of executor processes of one core
   * @param progress receives a line a turn
   */
  public static ClusterBench of(
      Path conf,
      String only,
      int rounds,
      Path data,
      IntFunction<SparkSession> spark,
      Consumer<String> progress) {
    return new ClusterBench(cases(conf, only, data), rounds, data, spark, progress);
  }

  /** The names of all cases whose names contain {@code only}. */
  public static List<String> names(Path conf, String only) {
    return cases(conf, only, Path.of("bench")).stream().map(ClusterCase::name).toList();
  }

  private static List<ClusterCase> cases(Path conf, String only, Path data) {
    return ClusterCase.all(conf, data).stream().filter(c -> c.name().contains(only)).toList();
  }

  /**
   * Measures everything.
   *
   * @param version of Gridscape
   * @return the JSON that {@code jobs/bench/README.md} describes
   */
  public ObjectNode run(String version) {
    ObjectNode results = JsonNodeFactory.instance.objectNode();
    results.set("machine", Machine.describe(version));
    results.put("rounds", rounds);
    NoiseImages.writeOnce(BenchPlan.noiseImages(data), NOISE_IMAGES, NOISE_SIDE);
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < PROCESSES.size(); turn++) {
        session(round, PROCESSES.get((round + turn) % PROCESSES.size()));
      }
    }
    List<CostModel.Sample> samples = new ArrayList<>();
    for (ClusterCase training : cases) {
      for (int processes : PROCESSES) {
        samples.add(sample(training, processes));
      }
    }
    CostModel model = CostModel.fit(samples);
    ArrayNode rows = results.putArray("cluster");
    cases.forEach(training -> rows.add(row(training, model)));
    results.set("model", constants(model));
    ArrayNode forecasts = results.putArray("forecast");
    cases.stream()
        .filter(c -> List.of(ClusterCase.STABLE, ClusterCase.PAPER).contains(c.title()))
        .forEach(c -> forecast(c, model, forecasts));
    return results;
  }

  private void session(int round, int processes) {
    try (SparkSession session = spark.apply(processes)) {
      for (ClusterCase training : cases) {
        List<IterationReport> reports = turn(session, training);
        turns
            .computeIfAbsent(training, absent -> new LinkedHashMap<>())
            .computeIfAbsent(processes, absent -> new ArrayList<>())
            .add(reports);
        progress.accept(
            "round %d, %d processes, %s: %s s an iteration"
                .formatted(
                    round + 1,
                    processes,
                    training.title(),
                    Figures.rounded(
                        Quartiles.of(list(reports, IterationReport::seconds)).median())));
      }
    }
  }

  private static List<IterationReport> turn(SparkSession session, ClusterCase training) {
    RunConfig config = training.config();
    Manifest manifest = Preparation.prepare(session, config.data());
    List<IterationReport> reports = new ArrayList<>();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    TrainingPlan plan = config.plan(manifest, 1);
    ModelState state =
        ModelState.initial(context, plan, config.initial(), config.update().optimizer());
    try (Learner learner = new Learner(context, plan, config.update())) {
      for (int i = 0; i < training.warmUp() + training.counted(); i++) {
        Learner.Step step = learner.next(state);
        state = step.state();
        if (i >= training.warmUp()) {
          reports.add(step.report());
        }
      }
    }
    return reports;
  }

  private List<List<IterationReport>> turns(ClusterCase training, int processes) {
    return turns.getOrDefault(training, Map.of()).getOrDefault(processes, List.of());
  }

  /** Quartiles over the iterations of all turns. */
  private Quartiles quartiles(
      ClusterCase training, int processes, ToDoubleFunction<IterationReport> figure) {
    return Quartiles.of(
        turns(training, processes).stream()
            .flatMap(reports -> list(reports, figure).stream())
            .toList());
  }

  private static List<Double> list(
      List<IterationReport> reports, ToDoubleFunction<IterationReport> figure) {
    return reports.stream().map(figure::applyAsDouble).toList();
  }

  /** What an iteration takes beside the chains and gradients of the busiest process. */
  private static double overhead(IterationReport report) {
    return report.seconds() - report.busiest();
  }

  /** Overhead that is no phase of the driver. */
  private static double rest(IterationReport report) {
    IterationReport.Phases phases = report.phases();
    return overhead(report) - phases.broadcast() - phases.sum() - phases.update();
  }

  /** Seconds of chains and gradients, of all processes together divided by their number. */
  private static double work(IterationReport report) {
    return report.phases().chain() + report.phases().gradient();
  }

  private CostModel.Sample sample(ClusterCase training, int processes) {
    return new CostModel.Sample(
        Load.of(training.config(), processes),
        quartiles(training, processes, report -> report.phases().broadcast()).median(),
        quartiles(training, processes, report -> report.phases().sum()).median(),
        quartiles(training, processes, report -> report.phases().update()).median(),
        quartiles(training, processes, ClusterBench::rest).median());
  }

  private ObjectNode row(ClusterCase training, CostModel model) {
    RunConfig config = training.config();
    Load load = Load.of(config, 1);
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("title", training.title());
    row.put("megabytes", Figures.rounded(Load.megabytes(config)));
    row.put("megabytesDown", Figures.rounded(load.down()));
    row.put("megabytesUp", Figures.rounded(load.up()));
    row.put("shards", load.shards());
    row.put("cellSize", config.cellSize());
    row.put("batch", config.batch());
    row.put("steps", config.learning().langevin().steps());
    row.put("localSteps", config.update().localSteps());
    row.put("fanIn", load.fanIn());
    ArrayNode runs = row.putArray("runs");
    for (int processes : PROCESSES) {
      ObjectNode run = runs.addObject();
      run.put("processes", processes);
      run.put("iterations", turns(training, processes).stream().mapToInt(List::size).sum());
      put(run, "seconds", training, processes, IterationReport::seconds);
      put(run, "chain", training, processes, report -> report.phases().chain());
      put(run, "gradient", training, processes, report -> report.phases().gradient());
      put(run, "waiting", training, processes, report -> report.busiest() - work(report));
      put(run, "overhead", training, processes, ClusterBench::overhead);
      put(run, "broadcast", training, processes, report -> report.phases().broadcast());
      put(run, "sum", training, processes, report -> report.phases().sum());
      put(run, "update", training, processes, report -> report.phases().update());
      put(run, "rest", training, processes, ClusterBench::rest);
      run.put("modelled", Figures.rounded(model.overhead(Load.of(config, processes))));
    }
    Spread efficiency = efficiency(training, IterationReport::seconds);
    row.putObject("efficiency")
        .put("median", Figures.rounded(ratio(training, IterationReport::seconds)))
        .put("min", Figures.rounded(efficiency.min()))
        .put("max", Figures.rounded(efficiency.max()));
    row.put("efficiencyOfWork", Figures.rounded(ratio(training, ClusterBench::work)));
    return row;
  }

  private void put(
      ObjectNode run,
      String key,
      ClusterCase training,
      int processes,
      ToDoubleFunction<IterationReport> figure) {
    quartiles(training, processes, figure).put(run, key);
  }

  /** Half the median of one process by that of two. */
  private double ratio(ClusterCase training, ToDoubleFunction<IterationReport> figure) {
    return quartiles(training, 1, figure).median() / 2 / quartiles(training, 2, figure).median();
  }

  /** The same round by round. */
  private Spread efficiency(ClusterCase training, ToDoubleFunction<IterationReport> figure) {
    List<Double> each = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      double one = Quartiles.of(list(turns(training, 1).get(round), figure)).median();
      double two = Quartiles.of(list(turns(training, 2).get(round), figure)).median();
      each.add(one / 2 / two);
    }
    return Spread.of(each);
  }

  private static ObjectNode constants(CostModel model) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("job", Figures.rounded(model.job()));
    node.put("task", Figures.rounded(model.task()));
    node.put("turn", Figures.rounded(model.turn()));
    node.put("stage", Figures.rounded(model.stage()));
    node.put("broadcast", Figures.rounded(model.broadcast()));
    node.put("fetch", Figures.rounded(model.fetch()));
    node.put("give", Figures.rounded(model.give()));
    node.put("shuffle", Figures.rounded(model.shuffle()));
    node.put("collect", Figures.rounded(model.collect()));
    node.put("sum", Figures.rounded(model.sum()));
    node.put("update", Figures.rounded(model.update()));
    return node;
  }

  /** A shard an executor, with the work that a shard was on two processes. */
  private void forecast(ClusterCase training, CostModel model, ArrayNode rows) {
    RunConfig config = training.config();
    double work = quartiles(training, 2, ClusterBench::work).median() * 2 / config.data().shards();
    double megabytes = Load.megabytes(config);
    double most = Load.of(config, 1).most();
    int moments = config.update().optimizer().moments();
    for (int gigabits : GIGABITS) {
      double link = gigabits * 1000.0 / Byte.SIZE;
      for (int localSteps : List.of(0, LOCAL_STEPS)) {
        double sent = localSteps == 0 ? megabytes : megabytes * (1 + moments);
        for (int fanIn : List.of(0, FAN_IN)) {
          Forecast forecast =
              new Forecast(model, work * Math.max(1, localSteps), sent, fanIn, most, link);
          ObjectNode row = rows.addObject();
          row.put("title", training.title());
          row.put("gigabits", gigabits);
          row.put("localSteps", localSteps);
          row.put("fanIn", fanIn);
          row.put("work", Figures.rounded(forecast.work()));
          ArrayNode points = row.putArray("points");
          for (int executors : FORECAST) {
            points
                .addObject()
                .put("executors", executors)
                .put("seconds", Figures.rounded(forecast.seconds(executors)))
                .put("efficiency", Figures.rounded(forecast.efficiency(executors)));
          }
          row.put("executorsWith85", forecast.executorsWith(0.85));
          row.put("driverBound", forecast.driverBound());
        }
      }
    }
  }
}
