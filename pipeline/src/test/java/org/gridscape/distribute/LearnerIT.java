package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.javacpp.Pointer;
import org.gridscape.dataset.Manifest;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.image.ImageBatch;
import org.gridscape.langevin.ChainStart;
import org.gridscape.learning.Cell;
import org.gridscape.learning.CellGradient;
import org.gridscape.learning.CellLearner;
import org.gridscape.learning.GridStatistics;
import org.gridscape.learning.Optimizer;
import org.gridscape.learning.OptimizerState;
import org.gridscape.learning.Recovery;
import org.gridscape.storage.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Learning on two cores, against one core and against no Spark at all. Long, because all of it
 * shares one session, one data set and what one core had learned from it.
 */
class LearnerIT {
  private static final ChainStart MULTI_GRID = new ChainStart.MinimalImage();
  private static final RunIdentity IDENTITY =
      new RunIdentity(ChosenEngine.kind().toString(), 11, "data", "config", List.of());

  private static final TrainingPlan.SumLimits TREE = new TrainingPlan.SumLimits(0, 2);

  private static SparkSession session;
  private static JavaSparkContext spark;
  private static Manifest manifest;
  private static String folder;
  private static String shaOfOneCore;
  private static String shaOfTreeOnOneCore;

  @BeforeAll
  static void learnOnOneCoreThenStartTwo(@TempDir Path data) throws IOException {
    session = TinyRun.session("local[1]");
    manifest = TinyRun.prepare(session, data);
    folder = TinyRun.target(data);
    TrainingPlan plan = plan(MULTI_GRID, 1);
    shaOfOneCore = sha(TinyRun.train(TinyRun.context(session), plan, TinyRun.initial(plan), 3));
    TrainingPlan tree = withSum(plan, TREE);
    shaOfTreeOnOneCore =
        sha(TinyRun.train(TinyRun.context(session), tree, TinyRun.initial(tree), 3));
    session.stop();
    session = TinyRun.session("local[2]");
    spark = TinyRun.context(session);
  }

  @AfterAll
  static void stopSpark() {
    session.stop();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void parametersDoNotDependOnCoresOrThreads(int taskThreads) {
    TrainingPlan plan = plan(MULTI_GRID, taskThreads);
    ModelState trained = TinyRun.train(spark, plan, TinyRun.initial(plan), 3);
    assertThat(sha(trained)).isEqualTo(shaOfOneCore);
    assertThat(sha(TinyRun.initial(plan))).isNotEqualTo(shaOfOneCore);
  }

  @ParameterizedTest
  @ValueSource(strings = {"minimal-image", "data", "persistent", "noise"})
  void aRunContinuedFromItsCheckpointEndsInTheSameState(String start, @TempDir Path checkpoints) {
    TrainingPlan plan = plan(ChainStart.parse(start), 1);
    ModelState straight = TinyRun.train(spark, plan, TinyRun.initial(plan), 3);
    CheckpointStore store =
        new CheckpointStore(
            checkpoints.toString(), plan.networks(), GeneratorSpec.NONE, Patience.NONE);
    store.write(
        TinyRun.train(spark, plan, TinyRun.initial(plan), 1),
        IDENTITY,
        0.5,
        new Retention(1, 1, 0, false));
    ModelState read = store.latest().orElseThrow().state();
    assertThat(read.iteration()).isEqualTo(1);
    ModelState continued = TinyRun.train(spark, plan, read, 2);
    assertThat(sha(continued)).isEqualTo(sha(straight));
    assertThat(continued.average().sha256()).isEqualTo(straight.average().sha256());
    assertThat(continued.states()).isEqualTo(straight.states());
    assertThat(continued.states().isEmpty()).isEqualTo(!start.equals("persistent"));
  }

  @Test
  void startsOfChainsLearnDifferentParameters() {
    List<String> hashes = new ArrayList<>();
    for (String start : List.of("minimal-image", "data", "persistent", "noise")) {
      TrainingPlan plan = plan(ChainStart.parse(start), 1);
      hashes.add(sha(TinyRun.train(spark, plan, TinyRun.initial(plan), 2)));
    }
    assertThat(hashes).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"silu, true", "relu, true", "silu, false"})
  void activationsAndBatchNormLearn(String activation, boolean batchNorm) {
    List<GridNetwork> networks = TinyRun.networks("3x3-8, dense 1", activation, batchNorm);
    TrainingPlan plan = TinyRun.plan(folder, manifest, networks, MULTI_GRID, 2);
    ModelState first = TinyRun.train(spark, plan, TinyRun.initial(plan), 2);
    assertThat(sha(first)).isEqualTo(sha(TinyRun.train(spark, plan, TinyRun.initial(plan), 2)));
    assertThat(first.parameters().arrays())
        .allSatisfy(grid -> assertThat(grid).doesNotContain(Float.NaN));
  }

  /** Also that persistent chains stay with their cells. */
  @Test
  void sumsAreThoseOfTheCellsOneByOne() {
    TrainingPlan plan = plan(new ChainStart.Persistent(), 2);
    ModelState before = TinyRun.train(spark, plan, TinyRun.initial(plan), 1);
    assertThat(before.states()).hasSize(TinyRun.SHARDS * TinyRun.CELLS_PER_SHARD);
    IterationInput input = IterationInput.after(before);
    List<List<CellGradient>> shards = new ArrayList<>();
    for (int shard = 0; shard < TinyRun.SHARDS; shard++) {
      List<Cell> cells = ShardCells.cells(plan, shard, 2, input.states(plan, shard));
      assertThat(cells).extracting(Cell::number).containsExactly(2 * shard, 2 * shard + 1);
      assertThat(cells)
          .extracting(Cell::states)
          .containsExactlyElementsOf(before.states().subList(2 * shard, 2 * shard + 2));
      shards.add(cells.stream().map(cell -> learnAlone(plan, before.parameters(), cell)).toList());
    }
    UpdateRule plainAscent = TinyRun.rule(new Optimizer.Momentum(0), 1);
    Learner.Step step;
    try (Learner learner = new Learner(spark, plan, plainAscent)) {
      step = learner.next(before);
    }
    double rate = plainAscent.rate().at(2, plainAscent.iterations());
    for (int grid = 0; grid < plan.networks().size(); grid++) {
      float[] expected = before.parameters().arrays().get(grid).clone();
      float[] mean = meanGradient(shards, grid, plan.batch());
      for (int i = 0; i < expected.length; i++) {
        expected[i] += (float) (rate * mean[i]);
      }
      assertThat(step.state().parameters().arrays().get(grid)).containsExactly(expected);
      assertThat(step.report().statistics().get(grid)).isEqualTo(statistics(shards, grid));
    }
    List<List<ImageBatch>> states =
        shards.stream().flatMap(List::stream).map(CellGradient::states).toList();
    assertThat(step.state().states()).isEqualTo(states);
  }

  /** Four shards by twos and twos again. */
  @Test
  void aTreeOfSumsHasTheSameBitsOnOneCoreAndNearlyThoseOfOneSum() {
    TrainingPlan direct = plan(MULTI_GRID, 1);
    TrainingPlan tree = withSum(direct, TREE);
    ModelState summed = TinyRun.train(spark, tree, TinyRun.initial(tree), 3);
    assertThat(sha(summed)).isEqualTo(shaOfTreeOnOneCore);
    ModelState one = TinyRun.train(spark, direct, TinyRun.initial(direct), 3);
    for (int grid = 0; grid < direct.networks().size(); grid++) {
      assertThat(summed.parameters().arrays().get(grid))
          .containsExactly(one.parameters().arrays().get(grid), offset(1e-6f));
    }
  }

  @Test
  void averagingAfterOneStepOfPlainAscentIsGradientAggregation() {
    TrainingPlan plan = plan(MULTI_GRID, 1);
    Optimizer plain = new Optimizer.Momentum(0);
    ModelState aggregated = train(plan, TinyRun.rule(plain, 1e-2, 0), 3);
    ModelState averaged = train(plan, TinyRun.rule(plain, 1e-2, 1), 3);
    for (int grid = 0; grid < plan.networks().size(); grid++) {
      float[] expected = aggregated.parameters().arrays().get(grid);
      assertThat(averaged.parameters().arrays().get(grid)).containsExactly(expected, offset(1e-6f));
      assertThat(expected).isNotEqualTo(TinyRun.initial(plan).parameters().arrays().get(grid));
    }
  }

  /** Also that persistent chains go through the local steps. */
  @Test
  void averagedParametersAreThoseOfTheShardsOneByOne() {
    TrainingPlan plan = plan(new ChainStart.Persistent(), 2);
    UpdateRule rule = TinyRun.rule(TinyRun.OPTIMIZER, 1e-3, 3);
    ModelState before = train(plan, rule, 1);
    ModelState after;
    try (Learner learner = new Learner(spark, plan, rule)) {
      after = learner.next(before).state();
    }
    List<ShardAlone> alone = new ArrayList<>();
    for (int shard = 0; shard < TinyRun.SHARDS; shard++) {
      alone.add(ShardAlone.learn(plan, rule, before, shard));
    }
    for (int grid = 0; grid < plan.networks().size(); grid++) {
      int at = grid;
      float[] mean =
          OrderedSum.of(alone.stream().map(s -> s.parameters.get(at)).toList())
              .scaled(1.0 / TinyRun.SHARDS);
      assertThat(after.parameters().arrays().get(grid)).containsExactly(mean);
      assertThat(after.optimizer().get(grid).updates()).isEqualTo(6);
      for (int moment = 0; moment < 2; moment++) {
        int m = moment;
        float[] moments =
            OrderedSum.of(alone.stream().map(s -> s.optimizer.get(at).moments().get(m)).toList())
                .scaled(1.0 / TinyRun.SHARDS);
        assertThat(after.optimizer().get(grid).moments().get(moment)).containsExactly(moments);
      }
    }
    assertThat(after.states())
        .isEqualTo(alone.stream().flatMap(shard -> shard.states.stream()).toList());
  }

  /** The local steps of one shard, written out once more. */
  private static final class ShardAlone {
    private final List<float[]> parameters = new ArrayList<>();
    private final List<OptimizerState> optimizer = new ArrayList<>();
    private List<List<ImageBatch>> states;

    private ShardAlone(ModelState before, List<List<ImageBatch>> states) {
      before.parameters().arrays().forEach(grid -> parameters.add(grid.clone()));
      before.optimizer().forEach(state -> optimizer.add(state.copy()));
      this.states = states;
    }

    private static ShardAlone learn(
        TrainingPlan plan, UpdateRule rule, ModelState before, int shard) {
      int cells = plan.cellsPerShard();
      ShardAlone alone =
          new ShardAlone(before, before.states().subList(shard * cells, (shard + 1) * cells));
      for (int step = 1; step <= 3; step++) {
        alone.step(plan, rule, before.iteration() + 1, 3 * before.iteration() + step, shard);
      }
      return alone;
    }

    private void step(TrainingPlan plan, UpdateRule rule, int iteration, int local, int shard) {
      List<CellGradient> cells =
          ShardCells.cells(plan, shard, local, states).stream()
              .map(cell -> learnAlone(plan, new Parameters(parameters), cell))
              .toList();
      double rate = rule.rate().at(iteration, rule.iterations());
      for (int grid = 0; grid < parameters.size(); grid++) {
        float[] mean = meanGradient(List.of(cells), grid, plan.cellsPerShard() * plan.cellSize());
        optimizer.set(
            grid, rule.optimizer().update(parameters.get(grid), mean, optimizer.get(grid), rate));
      }
      states = cells.stream().map(CellGradient::states).toList();
    }
  }

  @Test
  void aNoiseBranchMoreStepsAndALowerRateChangeTheRunAndNothingElse() {
    TrainingPlan plan = plan(MULTI_GRID, 1);
    ModelState initial = TinyRun.initial(plan);
    Set<String> hashes = new HashSet<>();
    for (Recovery recovery :
        List.of(
            Recovery.NONE,
            new Recovery(1, 1, 1, 0),
            new Recovery(2, 2, 1, 0),
            new Recovery(1, 0, 0.5, 0),
            new Recovery(1, 0, 1, 2))) {
      ModelState trained = TinyRun.train(spark, plan, initial.with(recovery), 2);
      assertThat(trained.recovery()).isEqualTo(recovery);
      hashes.add(sha(trained));
    }
    assertThat(hashes).hasSize(5);
  }

  /** In one and two threads; f before the update by engines of their own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void measuresWhatTheUpdateBeforeDissipatedAndLearnsTheSame(int taskThreads) {
    TrainingPlan plan = plan(MULTI_GRID, taskThreads);
    ModelState initial = TinyRun.initial(plan);
    Learner.Step first;
    Learner.Step second;
    Learner.Step third;
    try (Learner learner = new Learner(spark, plan, TinyRun.RULE, uniform(), 2)) {
      first = learner.next(initial);
      second = learner.next(first.state());
      third = learner.next(second.state());
      assertThat(dissipations(learner.next(first.state()))).isEmpty();
    }
    assertThat(dissipations(first)).isEmpty();
    assertThat(dissipations(third)).isEmpty();
    assertThat(sha(third.state())).isEqualTo(sha(TinyRun.train(spark, plan, initial, 3)));
    List<List<GridStatistics>> cells = new ArrayList<>();
    for (int shard = 0; shard < TinyRun.SHARDS; shard++) {
      for (Cell cell : ShardCells.cells(plan, shard, 2, List.of())) {
        CellGradient learned = learnAlone(plan, first.state().parameters(), cell);
        List<EnergyEngine> before = engines(plan, initial.parameters());
        cells.add(learned.with(learned.ends().since(before), 0).statistics());
        before.forEach(EnergyEngine::close);
      }
    }
    List<GridStatistics> expected = GridStatistics.sums(cells);
    for (int grid = 0; grid < plan.networks().size(); grid++) {
      GridStatistics measured = second.report().statistics().get(grid);
      assertThat(measured.change().images()).isEqualTo(plan.batch());
      assertThat(measured.change().dissipation().orElseThrow())
          .isPositive()
          .isCloseTo(expected.get(grid).change().dissipation().orElseThrow(), offset(1e-12));
    }
  }

  /** The first of the local steps alone starts from the parameters that the update led to. */
  @Test
  void withParameterAveragingTheFirstLocalStepIsMeasured() {
    TrainingPlan plan = plan(MULTI_GRID, 1);
    UpdateRule rule = TinyRun.rule(TinyRun.OPTIMIZER, 1e-3, 3);
    try (Learner learner = new Learner(spark, plan, rule, uniform(), 1)) {
      Learner.Step first = learner.next(TinyRun.initial(plan));
      Learner.Step second = learner.next(first.state());
      assertThat(dissipations(first)).isEmpty();
      assertThat(second.report().statistics())
          .allSatisfy(
              grid -> {
                assertThat(grid.images()).isEqualTo(3L * plan.batch());
                assertThat(grid.change().images()).isEqualTo(plan.batch());
                assertThat(grid.change().dissipation().orElseThrow()).isPositive();
              });
    }
  }

  /** What Spark's counters show follows local steps and what the sentinel has added. */
  @Test
  void tasksCountTheStepsOfTheirChains() {
    TrainingPlan plan = plan(MULTI_GRID, 1);
    ModelState state = TinyRun.initial(plan).with(new Recovery(1, 0, 1, 2));
    int steps = plan.networks().size() * (plan.learning().langevin().steps() + 2);
    long once = (long) plan.cellsPerShard() * plan.cellSize() * steps;
    assertThat(chainSteps(new GradientTask(), plan, state)).isEqualTo(once);
    UpdateRule rule = TinyRun.rule(TinyRun.OPTIMIZER, 1e-3, 3);
    assertThat(chainSteps(new AveragingTask(rule), plan, state)).isEqualTo(3 * once);
  }

  private static long chainSteps(ShardTask task, TrainingPlan plan, ModelState state) {
    IterationInput input = IterationInput.after(state).with(state.optimizer());
    return ((ShardOutcome.Part) task.run(plan, input, 1)).chainSteps();
  }

  private static List<Double> dissipations(Learner.Step step) {
    return step.report().statistics().stream()
        .flatMap(grid -> grid.change().dissipation().stream().boxed())
        .toList();
  }

  private static Determinism uniform() {
    return new Determinism(Determinism.Mode.STRICT, List.of());
  }

  @Test
  void reportsWhatHappened() {
    TrainingPlan plan = plan(MULTI_GRID, 1);
    try (Learner learner = new Learner(spark, plan, TinyRun.RULE)) {
      IterationReport report = learner.next(TinyRun.initial(plan)).report();
      assertThat(report.iteration()).isEqualTo(1);
      assertThat(report.learningRate()).isEqualTo(1e-3);
      assertThat(report.statistics()).extracting(GridStatistics::images).containsOnly(32L);
      assertThat(report.statistics())
          .extracting(GridStatistics::pixels)
          .containsExactly(32L * 16, 32L * 64);
      assertThat(report.gradientNorms()).hasSize(2).allMatch(norm -> norm > 0);
      IterationReport.Phases phases = report.phases();
      assertThat(phases.broadcast() + phases.sum() + phases.update()).isLessThan(report.seconds());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aLearningRateThatIsTooLargeEndsTheRunAndLeavesTheStateBefore(int taskThreads) {
    TrainingPlan plan = plan(MULTI_GRID, taskThreads);
    UpdateRule rule = TinyRun.rule(new Optimizer.Momentum(0), 1e30);
    try (Learner learner = new Learner(spark, plan, rule)) {
      ModelState before = learner.next(TinyRun.initial(plan)).state();
      String sha = sha(before);
      String average = before.average().sha256();
      assertThatThrownBy(() -> learner.next(before))
          .asInstanceOf(type(DivergedException.class))
          .satisfies(diverged -> assertThat(diverged.iteration()).isEqualTo(2))
          .extracting(Throwable::getMessage)
          .asString()
          .matches(
              "Training diverged at iteration 2: Chain diverged: gradient is not finite on grid 4"
                  + " at step 0 of image image-\\d\\d\\.png");
      assertThat(sha(before)).isEqualTo(sha);
      assertThat(before.average().sha256()).isEqualTo(average);
      assertThat(before.optimizer()).allMatch(state -> state.updates() == 1);
    }
  }

  @Test
  void refusesToReturnParametersThatAreNotFinite() {
    TrainingPlan plan = plan(MULTI_GRID, 1);
    UpdateRule rule = TinyRun.rule(new Optimizer.Momentum(0), 1e60);
    try (Learner learner = new Learner(spark, plan, rule)) {
      assertThatThrownBy(() -> learner.next(TinyRun.initial(plan)))
          .isInstanceOf(DivergedException.class)
          .hasMessage(
              "Training diverged at iteration 1: parameters are not finite in grid-4 after the"
                  + " update");
    }
  }

  @Test
  void broadcastsOfPastIterationsAreReleased() {
    List<GridNetwork> networks =
        TinyRun.networks("3x3-16, 3x3-512, dense 1", "leaky-relu(0.2)", false);
    TrainingPlan plan =
        new TrainingPlan(
            folder,
            manifest.trainShards(),
            networks,
            GeneratorSpec.NONE,
            TinyRun.learning(MULTI_GRID, 1),
            ChosenEngine.kind(),
            2,
            1,
            1,
            TinyRun.SUM,
            TinyRun.IMAGE_CACHE,
            TinyRun.PATIENCE);
    long bytesOfOne = plan.parameterCount() * Float.BYTES;
    long before = storageUsed();
    try (Learner learner = new Learner(spark, plan, TinyRun.RULE)) {
      ModelState state = TinyRun.initial(plan);
      for (int iteration = 0; iteration < 50; iteration++) {
        state = learner.next(state).state();
      }
      assertThat(spark.sc().getPersistentRDDs().isEmpty()).isTrue();
      assertThat(storageUsed() - before).isLessThan(15 * bytesOfOne);
    }
  }

  /** Heap, off-heap memory and Spark's storage, after what is garbage has been collected. */
  @Test
  void fiveHundredIterationsLeaveNothingBehind() throws InterruptedException {
    TrainingPlan plan = plan(MULTI_GRID, 1);
    try (Learner learner = new Learner(spark, plan, TinyRun.RULE)) {
      ModelState state = TinyRun.initial(plan);
      for (int iteration = 0; iteration < 100; iteration++) {
        state = learner.next(state).state();
      }
      Memory early = Memory.now();
      for (int iteration = 100; iteration < 500; iteration++) {
        state = learner.next(state).state();
      }
      Memory late = Memory.now();
      assertThat(state.iteration()).isEqualTo(500);
      assertThat(late.heap - early.heap).as("heap, bytes").isLessThan(4L << 20);
      assertThat(late.offHeap).as("off-heap, bytes").isLessThanOrEqualTo(early.offHeap);
      assertThat(late.storage - early.storage).as("storage, bytes").isLessThan(64L << 10);
    }
  }

  private record Memory(long heap, long offHeap, long storage) {
    static Memory now() throws InterruptedException {
      // Spark's cleaner follows the collector in threads of its own.
      for (int round = 0; round < 5; round++) {
        System.gc();
        Thread.sleep(200);
      }
      return new Memory(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          Pointer.totalBytes(),
          storageUsed());
    }
  }

  private static long storageUsed() {
    return SparkEnv.get().memoryManager().storageMemoryUsed();
  }

  private static CellGradient learnAlone(TrainingPlan plan, Parameters parameters, Cell cell) {
    List<EnergyEngine> engines = engines(plan, parameters);
    CellGradient gradient = new CellLearner(plan.learning(), engines).learn(cell);
    engines.forEach(EnergyEngine::close);
    return gradient;
  }

  private static List<EnergyEngine> engines(TrainingPlan plan, Parameters parameters) {
    List<EnergyEngine> engines = new ArrayList<>();
    for (int grid = 0; grid < plan.networks().size(); grid++) {
      EnergyEngine engine = plan.engine().create(plan.networks().get(grid));
      engine.load(parameters.arrays().get(grid));
      engines.add(engine);
    }
    return engines;
  }

  private static float[] meanGradient(List<List<CellGradient>> shards, int grid, int images) {
    List<float[]> sums = new ArrayList<>();
    for (List<CellGradient> cells : shards) {
      sums.add(
          OrderedSum.of(cells.stream().map(cell -> cell.gradients().get(grid)).toList()).rounded());
    }
    return OrderedSum.of(sums).scaled(1.0 / images);
  }

  private static GridStatistics statistics(List<List<CellGradient>> shards, int grid) {
    return shards.stream()
        .map(
            cells ->
                cells.stream()
                    .map(cell -> cell.statistics().get(grid))
                    .reduce(GridStatistics.EMPTY, GridStatistics::plus))
        .reduce(GridStatistics.EMPTY, GridStatistics::plus);
  }

  private static ModelState train(TrainingPlan plan, UpdateRule rule, int iterations) {
    ModelState initial =
        ModelState.initial(
            plan.networks(), InitialParameters.FAN_IN_UNIFORM, rule.optimizer(), TinyRun.SEED);
    return TinyRun.train(spark, plan, rule, initial, iterations);
  }

  private static TrainingPlan withSum(TrainingPlan plan, TrainingPlan.SumLimits sum) {
    return new TrainingPlan(
        plan.dataFolder(),
        plan.shards(),
        plan.networks(),
        plan.generator(),
        plan.learning(),
        plan.engine(),
        plan.cellSize(),
        plan.cellsPerShard(),
        plan.taskThreads(),
        sum,
        plan.imageCache(),
        plan.patience());
  }

  private static TrainingPlan plan(ChainStart start, int taskThreads) {
    return TinyRun.plan(folder, manifest, TinyRun.networks(), start, taskThreads);
  }

  private static String sha(ModelState state) {
    return state.parameters().sha256();
  }
}
