package org.gridscape.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.Retention;
import org.gridscape.distribute.TrainingPlan;
import org.gridscape.energy.InitialParameters;
import org.gridscape.energy.MapNetwork;
import org.gridscape.features.AveragedTraining;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainStart;
import org.gridscape.learning.GradientClip;
import org.gridscape.learning.GradientPenalty;
import org.gridscape.learning.LearningRate;
import org.gridscape.learning.Optimizer;
import org.gridscape.learning.Recovery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunConfigTest {

  /** All but Spark's own. */
  static Stream<Path> configurations() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", "conf"))) {
      return files
          .filter(file -> file.toString().endsWith(".conf"))
          .filter(file -> !file.getFileName().toString().startsWith("spark-"))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void everyConfigurationOfTheRepositoryLoads(Path file) {
    RunConfig config = RunConfig.of(ConfigLayers.load(Optional.of(file), List.of()));
    assertThat(config.networks()).hasSameSizeAs(config.learning().ladder().gridSides());
  }

  @Test
  void theQuickstartIsAmongThem() throws IOException {
    assertThat(configurations()).extracting(Path::getFileName).contains(Path.of("quickstart.conf"));
  }

  @Test
  void readsThePresetStable() {
    RunConfig config = load();
    assertThat(config.learning().ladder().sides()).containsExactly(1, 4, 8, 16, 32);
    assertThat(config.learning().langevin().range()).isEqualTo(PixelRange.SIGNED_UNIT);
    assertThat(config.learning().langevin().referenceDeviation()).isInfinite();
    assertThat(config.learning().start()).isEqualTo(new ChainStart.MinimalImage());
    assertThat(config.update().optimizer()).isEqualTo(new Optimizer.Adam(0.9, 0.999, 1e-8));
    assertThat(config.update().rate()).isEqualTo(new LearningRate.Linear(4e-4, 0.1));
    assertThat(config.update().clip()).isEqualTo(new GradientClip.None());
    assertThat(config.initial()).isEqualTo(InitialParameters.FAN_IN_UNIFORM);
    assertThat(config.data().target()).isEqualTo("prepared/fashion-mnist-10k-1x32x32-4");
    assertThat(config.samplingChains(Recovery.NONE)).isEqualTo(config.learning().langevin());
    assertThat(config.samplingChains(new Recovery(1, 0, 1, 7)).steps())
        .isEqualTo(config.learning().langevin().steps() + 7);
  }

  @Test
  void readsThePresetPaper() {
    RunConfig config = load("preset=paper");
    assertThat(config.learning().langevin().steps()).isEqualTo(30);
    assertThat(config.learning().langevin().referenceDeviation()).isEqualTo(50f);
    assertThat(config.learning().langevin().range()).isEqualTo(PixelRange.BYTES);
    assertThat(config.networks()).allMatch(network -> network.spec().batchNorm());
    assertThat(config.networks()).extracting(network -> network.shape().channels()).containsOnly(3);
    assertThat(config.update().optimizer()).isEqualTo(new Optimizer.Momentum(0.9));
    assertThat(config.update().clip()).isEqualTo(new GradientClip.Largest(1));
  }

  @Test
  void readsThePresetRelease() {
    RunConfig config = load("preset=release");
    assertThat(config.learning().langevin().steps()).isEqualTo(90);
    assertThat(config.learning().langevin().noise()).isZero();
    assertThat(config.cellSize()).isEqualTo(config.batch());
    assertThat(config.update().optimizer()).isEqualTo(new Optimizer.Adam(0.5, 0.999, 1e-8));
    assertThat(config.update().rate()).isEqualTo(new LearningRate.Constant(0.3));
  }

  @Test
  void readsEveryChoice() {
    RunConfig config =
        load(
            "training.optimizer.method=nesterov",
            "training.learningRate.schedule=staircase",
            "training.clip { method = norm, bound = 2 }",
            "training.start=persistent",
            "langevin.referenceDeviation=3",
            "sampling.steps=5",
            "data.source=/images/faces.zip");
    assertThat(config.update().optimizer()).isEqualTo(new Optimizer.Nesterov(0.9));
    assertThat(config.update().rate()).isEqualTo(new LearningRate.Staircase(4e-4, 0.94337, 1000));
    assertThat(config.update().clip()).isEqualTo(new GradientClip.Norm(2));
    assertThat(config.learning().start()).isEqualTo(new ChainStart.Persistent());
    assertThat(config.learning().langevin().referenceDeviation()).isEqualTo(3f);
    assertThat(config.samplingChains(Recovery.NONE))
        .isEqualTo(config.learning().langevin().withSteps(5));
    assertThat(config.data().target()).startsWith("prepared/faces-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cluster.imageCache=1023 KiB | Invalid cluster.imageCache: 1047552 bytes (must be at least"
            + " 1 MiB)",
        "checkpoint.every=0 | Invalid checkpoint.every: 0 (must be >= 1)",
        "checkpoint.keep=0 | Invalid checkpoint.keep: 0 (must be >= 1)",
        "checkpoint.keepEvery=-1 | Invalid checkpoint.keepEvery: -1 (must be >= 0)",
        "cluster.storePatience=-1s | Invalid cluster.storePatience: PT-1S (must be >= 0)",
        "cluster.lockLease=2s | Invalid cluster.lockLease: PT2S (must be at least 3 seconds)",
        "sampling.count=0 | Invalid sampling.count: 0 (must be >= 1)",
        "sampling.every=-1 | Invalid sampling.every: -1 (must be >= 1)",
        "sampling.sheet=0 | Invalid sampling.sheet: 0 (must be >= 1)",
        "sampling.steps=-1 | Invalid sampling.steps: -1 (must be auto or 0 to 65535)",
        "sampling.steps=65536 | Invalid sampling.steps: 65536 (must be auto or 0 to 65535)",
        "sampling.jitter=256 | Invalid sampling.jitter: 256.0 (must be 0 to 255)",
        "training.iterations=0 | Invalid training.iterations: 0 (must be >= 1)",
        "langevin.steps=65536 | Invalid langevin.steps: 65536 (must be 1 to 65535)",
        "training { iterations = 3000000, localSteps = 1000 } | Invalid training.iterations: 3000000"
            + " with training.localSteps 1000 (must have a product of at most 2147483647)",
        "langevin.steps=0 | Invalid langevin.steps: 0 (must be 1 to 65535)",
        "training.average=1 | Invalid decay of the moving average: 1.0 (must be in [0, 1))",
        "training.optimizer.epsilon=0 | Invalid adam epsilon: 0.0 (must be > 0 and finite)",
        "data.fit=stretch | Invalid data.fit: stretch (must be one of [pad, crop, resize])",
        "training.engine=fast | Invalid engine: fast (must be reference, fused or auto)",
        "energy.initial=zeros | Invalid energy.initial: zeros (must be one of [fan-in-uniform,"
            + " xavier-uniform])",
        "langevin.range=unit | Invalid langevin.range: unit (must be signed-unit or bytes)",
        "training.optimizer.method=sgd | Invalid training.optimizer.method: sgd (must be adam,"
            + " momentum or nesterov)",
        "training.learningRate.schedule=cosine | Invalid training.learningRate.schedule: cosine"
            + " (must be constant, linear or staircase)",
        "training.clip.method=all | Invalid training.clip.method: all (must be none, norm or"
            + " largest)",
        "langevin.schedule.last=0 | Invalid langevin.schedule.last: 0 (must be 1 to 65535)",
        "langevin.schedule.hold=2 | Invalid langevin.schedule.hold: 2.0 (must be in [0, 1])",
        "generator.upsampler=\"3x3-image\" | Invalid training.start: minimal-image (must be hidden,"
            + " since generator.upsampler or generator.encoder is given)",
        "generator.rateFactor=0 | Invalid generator.rateFactor: 0.0 (must be > 0 and finite)",
        "generator.pretrain.epochs=1 | Invalid generator.pretrain.epochs: 1 (must be >= 0, and 0"
            + " without generator.upsampler)",
        "training.dissipationEvery=-1 | Invalid training.dissipationEvery: -1 (must be >= 0)",
        "training.penalty.gamma=-0.5 | Invalid training.penalty.gamma: -0.5 (must be >= 0 and"
            + " finite)",
        "training.penalty.beta=1.5 | Invalid training.penalty.beta: 1.5 (must be in [0, 1])",
        "training.penalty.last=-1 | Invalid training.penalty.last: -1.0 (must be in [0, 1])",
        "training.penalty.gamma=[0.1, 0.2] | Invalid training.penalty.gamma: [0.1, 0.2] (must be"
            + " one number, or one for each of the grids [4, 8, 16, 32])",
        "training.start=data-image | Invalid chain start: data-image (must be minimal-image, hidden, data,"
            + " persistent or noise)"
      })
  void rejectsValuesOutOfRange(String override, String message) {
    assertThatThrownBy(() -> load(override))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "generator.hiddenSide=3 | Invalid generator.hiddenSide: 3 (must divide 4, the side of the"
            + " first grid)",
        "generator.upsampler=\"3x3-8\" | Invalid generator.upsampler: \"3x3-8\" (must end with a"
            + " layer like \"3x3-image\")",
        "generator.upsampler=\"3x3/2-image\" | Invalid generator.upsampler: \"3x3/2-image\" makes"
            + " 1x2x2 of 1x4x4 (must make 1x4x4)",
        "generator.encoder=\"3x3/8-code\" | Invalid generator.encoder: given (must be empty without"
            + " generator.upsampler, which it serves)",
        "generator.loss.code=0.5 | Invalid generator.loss: code 0.5, normal 0.0 (must be 0 without"
            + " generator.encoder)",
        "generator { upsampler = \"3x3-image\", pretrain { epochs = 1, workers = 0 } } |"
            + " generator.pretrain: Invalid workers: 0 (must be >= 1)",
        "generator.upsampler=\"5x3-8, 3x3-image\" | generator.upsampler: Invalid layer: \"5x3-8\""
            + " (must be KxK-CHANNELS or KxK/STRIDE-CHANNELS, like 5x5/2-32)",
        "generator.loss.match=-1 | Invalid generator.loss.match: -1.0 (must be >= 0 and finite)",
        "generator.loss.deviation=0 | Invalid generator.loss.deviation: 0.0 (must be > 0 and"
            + " finite)"
      })
  void rejectsGeneratorsThatDoNotFit(String override, String message) {
    assertThatThrownBy(() -> load("training.start=hidden", override))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @Test
  void whatComparesCodesNeedsCellsOfTwoImages() {
    String[] encoded = {
      "training { start = hidden, cellSize = 1 }",
      "generator.upsampler=\"3x3-image\"",
      "generator.encoder=\"3x3/8-code\"",
      "generator.loss.reconstruct = 1"
    };
    assertThat(load(encoded).cellSize()).isEqualTo(1);
    assertThatThrownBy(
            () -> load(encoded[0], encoded[1], encoded[2], "generator.loss.normal = 0.1"))
        .hasMessage(
            "Invalid training.cellSize: 1 (must be >= 2, since generator.loss.normal compares the"
                + " codes of a cell)");
  }

  @Test
  void readsTheGenerator() {
    RunConfig config =
        load(
            "training.start=hidden",
            "generator.hiddenSide=2",
            "generator.upsampler=\"3x3-8, 3x3-image\"",
            "generator.encoder=\"5x5/4-8, 3x3/4-code\"",
            "generator.loss.reconstruct=1",
            "generator.pretrain { epochs = 2, batch = 8, averagingFrequency = 3, workers = 4 }",
            "langevin.schedule { last = 5, hold = 0.5 }");
    assertThat(config.generator().hiddenSide()).isEqualTo(2);
    assertThat(config.generator().networks())
        .extracting(MapNetwork::name)
        .containsExactly("upsampler-4", "upsampler-8", "upsampler-16", "upsampler-32", "encoder");
    assertThat(config.generator().encoder().get(0).output()).isEqualTo(new ImageShape(1, 2));
    assertThat(config.pretraining())
        .contains(new AveragedTraining(2, 8, 3, 1e-3, 4, config.learning().seed()));
    assertThat(config.samplingChains(Recovery.NONE).steps()).isEqualTo(5);
    assertThat(load().generator()).isEqualTo(GeneratorSpec.NONE);
    assertThat(load().pretraining()).isEmpty();
  }

  @Test
  void readsThePenaltyOfEachGrid() {
    assertThat(load().learning().penalty()).isEqualTo(GradientPenalty.none(4));
    assertThat(load("training.penalty.gamma=0.2").learning().penalty().gammas())
        .containsExactly(0.2, 0.2, 0.2, 0.2);
    assertThat(
            load("training.penalty { gamma = [0, 0.1, 0.2, 1], beta = 0.25, last = 0.1 }")
                .learning()
                .penalty())
        .isEqualTo(new GradientPenalty(List.of(0.0, 0.1, 0.2, 1.0), 0.25, 0.1));
  }

  @Test
  void refusesThePenaltyOfNetworksWithBatchNormalisation() {
    assertThat(load("preset=paper", "training.penalty.gamma=[0, 0, 0]").networks())
        .allMatch(network -> network.spec().batchNorm());
    assertThatThrownBy(() -> load("preset=paper", "training.penalty.gamma=[0, 0.5, 0]"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Invalid training.penalty.gamma: [0.0, 0.5, 0.0] with energy.batchNorm true (must be 0,"
                + " or energy.batchNorm false: with batch normalisation df/dx of an image depends"
                + " on the others)");
  }

  @Test
  void readsWhereAndWhenCheckpointsAreWritten() {
    assertThat(load().checkpoint().folder()).isEmpty();
    RunConfig config =
        load(
            "checkpoint { every = 7, keep = 2, keepEvery = 70, keepBest = true }",
            "checkpoint.folder=\"s3a://bucket/runs\"",
            "cluster { storePatience = 5 minutes, lockLease = 10 s }");
    assertThat(config.checkpoint().folder()).contains("s3a://bucket/runs");
    assertThat(config.checkpoint().retention()).isEqualTo(new Retention(7, 2, 70, true));
    assertThat(config.cluster().storePatience()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.cluster().lockLease()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void rejectsSidesThatContradictEachOther() {
    assertThatThrownBy(() -> load("data.side=64"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Invalid data.side: 64 (must be the last of pyramid.sides [1, 4, 8, 16, 32])");
    assertThatThrownBy(() -> load("pyramid.sides=[1, 4, 6]"))
        .hasMessageStartingWith("Invalid grid sides: [1, 4, 6] (");
    assertThatThrownBy(() -> load("pyramid.sides=[1, 2, 32]"))
        .hasMessage(
            "Missing setting: energy.networks.2 (must name the network of the grid 2 of"
                + " pyramid.sides)");
  }

  @Test
  void rejectsABatchThatIsNotWholeCells() {
    assertThatThrownBy(() -> load("training.batch=65"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Invalid training.batch: 65 with training.cellSize 16 and data.shards 4 (must be shards"
                + " x cells per shard x cell size)");
  }

  @Test
  void rejectsEvaluationsOfTooFewSamplesAndOfUnfitImages() {
    assertThatThrownBy(() -> load("evaluation { every = 10, samples = 144 }"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Invalid evaluation.samples: 144 (must be >= 145 for an interval: 10 cells of"
                + " training.cellSize)");
    assertThat(load("evaluation { every = 10, samples = 145 }").evaluation().isDue(20)).isTrue();
    assertThat(load("evaluation { every = 0, samples = 20 }").evaluation().isDue(20)).isFalse();
    assertThatThrownBy(() -> load("evaluation.samples=19"))
        .hasMessage("Invalid evaluation.samples: 19 (must be >= 20)");
    assertThatThrownBy(() -> load("evaluation.every=-1"))
        .hasMessage("Invalid evaluation.every: -1 (must be >= 0)");
    assertThat(load("data.channels=3").evaluation().extractor()).isEmpty();
    assertThatThrownBy(() -> load("evaluation.every=10", "data.channels=3"))
        .hasMessage(
            "Invalid evaluation.every: 10 (must be 0 for images that the classifier does not take;"
                + " or set evaluation.extractor)");
    assertThat(
            load(
                    "evaluation.every=10",
                    "data.channels=3",
                    "evaluation.extractor=\"pixels:3x32x32\"")
                .evaluation()
                .extractor())
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training.iterations=many",
        "langevin.stepSize=small",
        "training.flip=perhaps",
        "pyramid.sides=32",
        "langevin.referenceDeviation=large",
        "cluster.imageCache=plenty"
      })
  void namesTheSettingOfTheWrongKind(String override) {
    assertThatThrownBy(() -> load(override))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(override.substring(0, override.indexOf('=')))
        .hasMessageContaining("--set " + override);
  }

  @Test
  void plansTrainingOnAPreparedDataSet() {
    RunConfig config = load("data.target=/data/clothes");
    TrainingPlan plan = config.plan(manifest(4), 2);
    assertThat(plan.dataFolder()).isEqualTo("/data/clothes");
    assertThat(plan.batch()).isEqualTo(64);
    assertThat(plan.cellsPerShard()).isEqualTo(1);
    assertThat(plan.taskThreads()).isEqualTo(2);
    assertThat(plan.imageCache()).isEqualTo(2L << 30);
    assertThat(plan.shards()).hasSize(4).allMatch(shard -> shard.split().equals("train"));
  }

  private static Manifest manifest(int shards) {
    Stream<Manifest.Shard> train =
        IntStream.range(0, shards).mapToObj(i -> new Manifest.Shard("t" + i, "train", 20, 1, "a"));
    return new Manifest(
        1,
        new TreeMap<>(),
        new org.gridscape.image.ImageShape(1, 32),
        List.of(),
        Stream.concat(train, Stream.of(new Manifest.Shard("h", "heldout", 5, 1, "b"))).toList(),
        List.of(1.0),
        List.of(1.0),
        new Manifest.ColourTable("c", 1, 4, "d"),
        5,
        List.of(),
        "e");
  }

  private static RunConfig load(String... overrides) {
    return RunConfig.of(ConfigLayers.load(Optional.empty(), List.of(overrides)));
  }
}
