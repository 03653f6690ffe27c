package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.generator.HiddenSpace;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.PixelRange;
import org.gridscape.pyramid.GridLadder;
import org.gridscape.storage.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codes, upsamplers and encoder on the same cells, sums and checkpoints as the grids. */
class GeneratorLearningIT {
  private static final RunIdentity IDENTITY =
      new RunIdentity("test", TinyRun.SEED, "data", "config", List.of());
  private static final PixelRange RANGE = PixelRange.SIGNED_UNIT;

  private static SparkSession session;
  private static JavaSparkContext spark;
  private static Manifest manifest;
  private static String folder;
  private static ModelState ofOneCore;

  @BeforeAll
  static void learnOnOneCoreThenStartTwo(@TempDir Path data) throws IOException {
    session = TinyRun.session("local[1]");
    manifest = TinyRun.prepare(session, data);
    folder = TinyRun.target(data);
    TrainingPlan plan = TinyRun.ggcn(folder, manifest, 1);
    JavaSparkContext one = TinyRun.context(session);
    ofOneCore = TinyRun.train(one, plan, TinyRun.initial(one, plan), 3);
    session.stop();
    session = TinyRun.session("local[2]");
    spark = TinyRun.context(session);
  }

  @AfterAll
  static void stopSpark() {
    session.stop();
  }

  @Test
  void parametersDoNotDependOnCoresOrThreads() {
    TrainingPlan plan = TinyRun.ggcn(folder, manifest, 2);
    ModelState trained = TinyRun.train(spark, plan, TinyRun.initial(spark, plan), 3);
    assertThat(trained.parameters().sha256()).isEqualTo(ofOneCore.parameters().sha256());
    assertThat(trained.hidden()).isEqualTo(ofOneCore.hidden());
  }

  @Test
  void everyNetworkLearns() {
    TrainingPlan plan = TinyRun.ggcn(folder, manifest, 1);
    List<float[]> before = TinyRun.initial(spark, plan).parameters().arrays();
    List<float[]> after = ofOneCore.parameters().arrays();
    assertThat(after).hasSize(5);
    for (int i = 0; i < 5; i++) {
      assertThat(after.get(i)).as(plan.allNetworks().get(i).name()).isNotEqualTo(before.get(i));
    }
  }

  @Test
  void aRunContinuedFromItsCheckpointEndsInTheSameState(@TempDir Path checkpoints) {
    TrainingPlan plan = TinyRun.ggcn(folder, manifest, 1);
    CheckpointStore store =
        new CheckpointStore(
            checkpoints.toString(), plan.networks(), plan.generator(), Patience.NONE);
    store.write(
        TinyRun.train(spark, plan, TinyRun.initial(spark, plan), 1),
        IDENTITY,
        0.5,
        new Retention(1, 1, 0, false));
    ModelState read = store.latest().orElseThrow().state();
    assertThat(read.hidden()).isEqualTo(ofOneCore.hidden());
    ModelState continued = TinyRun.train(spark, plan, read, 2);
    assertThat(continued.parameters().sha256()).isEqualTo(ofOneCore.parameters().sha256());
    assertThat(continued.average().sha256()).isEqualTo(ofOneCore.average().sha256());
  }

  @Test
  void parametersAreAveragedToo() {
    TrainingPlan plan = TinyRun.ggcn(folder, manifest, 1);
    UpdateRule rule = TinyRun.rule(TinyRun.OPTIMIZER, 1e-3, 2);
    ModelState state = TinyRun.train(spark, plan, rule, TinyRun.initial(spark, plan), 1);
    assertThat(state.optimizer()).allSatisfy(s -> assertThat(s.updates()).isEqualTo(2));
    assertThat(state.parameters().arrays().get(4))
        .isNotEqualTo(TinyRun.initial(spark, plan).parameters().arrays().get(4));
  }

  /** By definition: the codes of all training thumbnails, mirrored as well, are white. */
  @Test
  void codesOfTrainingImagesAreWhite() {
    HiddenSpace space = ofOneCore.hidden().orElseThrow();
    int d = space.shape().size();
    double[] sums = new double[d];
    double[][] products = new double[d][d];
    int count = 0;
    for (ImageBatch images : seenInLearning()) {
      float[] codes = space.codes(GridLadder.average(images, 2)).pixels();
      count += images.count();
      for (int at = 0; at < codes.length; at += d) {
        for (int i = 0; i < d; i++) {
          sums[i] += codes[at + i];
          for (int j = 0; j < d; j++) {
            products[i][j] += (double) codes[at + i] * codes[at + j];
          }
        }
      }
    }
    for (int i = 0; i < d; i++) {
      assertThat(sums[i] / count).isCloseTo(0, within(1e-3));
      for (int j = 0; j < d; j++) {
        assertThat(products[i][j] / count).isCloseTo(i == j ? 1 : 0, within(2e-3));
      }
    }
  }

  /** All training images and their mirror images, since learning mirrors half of them. */
  private static List<ImageBatch> seenInLearning() {
    List<ImageBatch> seen = new ArrayList<>();
    for (Manifest.Shard shard : manifest.trainShards()) {
      int[] rows = IntStream.range(0, shard.rows()).toArray();
      ImageBatch images = ShardFile.first(folder, shard, shard.rows()).batch(rows, RANGE);
      ImageBatch mirrored = images.copy();
      for (int i = 0; i < images.pixels().length; i++) {
        mirrored.pixels()[i / 8 * 8 + 7 - i % 8] = images.pixels()[i];
      }
      seen.add(images);
      seen.add(mirrored);
    }
    return seen;
  }

  @Test
  void samplesNeedNoImageAndDependOnThePlanAlone() {
    byte[] drawn = finest(draw(plan(3, 6)));
    assertThat(finest(draw(plan(3, 6)))).isEqualTo(drawn);
    assertThat(Arrays.copyOf(finest(draw(plan(3, 10))), drawn.length)).isEqualTo(drawn);
    assertThat(finest(draw(plan(0, 6)))).isNotEqualTo(drawn);
  }

  @Test
  void givenCodesGiveTheirImages() {
    SamplingPlan plan = plan(0, 6);
    ImageBatch codes =
        new ImageBatch(
            ofOneCore.hidden().orElseThrow().shape(), 2, new float[] {1, 0, 0, 0, -1, 0, 2, 0});
    byte[] drawn = finest(draw(plan.of(codes)));
    assertThat(drawn).hasSize(2 * 64);
    ImageBatch first = codes.slice(0, 1);
    assertThat(finest(draw(plan.of(first)))).isEqualTo(Arrays.copyOf(drawn, 64));
  }

  @Test
  void imagesHaveCodesInAnyNumber() {
    Manifest.Shard shard = manifest.trainShards().get(0);
    ImageBatch images =
        ShardFile.first(folder, shard, 7).batch(new int[] {0, 1, 2, 3, 4, 5, 6}, RANGE);
    try (Sampler sampler = new Sampler(spark)) {
      ImageBatch codes = sampler.encode(plan(0, 4), images);
      assertThat(codes.count()).isEqualTo(7);
      assertThat(sampler.encode(plan(0, 4), images.slice(5, 7))).isEqualTo(codes.slice(5, 7));
    }
  }

  @Test
  void rejectsCodesWhereChainsStartElsewhere() {
    SamplingPlan hidden = plan(0, 2);
    SamplingPlan noise =
        new SamplingPlan(
            hidden.networks(),
            GeneratorSpec.NONE,
            hidden.parameters(),
            hidden.engine(),
            hidden.langevin(),
            new SamplingPlan.SampleStart.Noise(),
            2,
            2,
            1L);
    ImageBatch codes = ImageBatch.zeros(ofOneCore.hidden().orElseThrow().shape(), 2);
    assertThatThrownBy(() -> noise.of(codes))
        .hasMessage(
            "Cannot draw from codes: chains start from Noise (training.start must be hidden)");
  }

  private static SamplingPlan plan(int steps, int count) {
    TrainingPlan plan = TinyRun.ggcn(folder, manifest, 1);
    Optional<HiddenSpace> space = ofOneCore.hidden();
    return new SamplingPlan(
        plan.networks(),
        plan.generator(),
        ofOneCore.average(),
        plan.engine(),
        plan.learning().langevin().withSteps(steps),
        new SamplingPlan.SampleStart.Hidden(space.orElseThrow().flat()),
        TinyRun.CELL,
        count,
        5L);
  }

  private static List<SampleCell> draw(SamplingPlan plan) {
    try (Sampler sampler = new Sampler(spark)) {
      return sampler.draw(plan).collect();
    }
  }

  /** Images of the finest grid, one after the other. */
  private static byte[] finest(List<SampleCell> cells) {
    byte[] all = new byte[cells.stream().mapToInt(cell -> cell.grids().get(1).length).sum()];
    int at = 0;
    for (SampleCell cell : cells) {
      System.arraycopy(cell.grids().get(1), 0, all, at, cell.grids().get(1).length);
      at += cell.grids().get(1).length;
    }
    return all;
  }
}
