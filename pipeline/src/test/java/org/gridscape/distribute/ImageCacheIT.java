package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.gridscape.dataset.DataSettings;
import org.gridscape.dataset.DrawnIdx;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.Preparation;
import org.gridscape.dataset.ShardImages;
import org.gridscape.energy.Activation;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.image.ImageFit;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainStart;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.learning.GradientPenalty;
import org.gridscape.learning.LearningSettings;
import org.gridscape.learning.StepSchedule;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 60,000 images of 32x32 in 64 shards, of which 1 MiB has room for one at a time, against the same
 * in memory altogether.
 */
class ImageCacheIT {
  private static final int IMAGES = 60_000;
  private static final int SHARDS = 64;
  private static final int ITERATIONS = 3;
  private static final long SMALLEST = 1 << 20;
  private static final long ALL = 1 << 30;

  @Test
  void aBoundOfAMebibyteHoldsAndDoesNotChangeTheParameters(@TempDir Path folder)
      throws IOException {
    Path images = folder.resolve("drawn-images-idx3-ubyte");
    DrawnIdx.write(images, IMAGES);
    SparkSession session = TinyRun.session("local[2]");
    try {
      String target = folder.resolve("prepared").toString();
      Manifest manifest = Preparation.prepare(session, settings(images, target));
      assertThat(manifest.trainCount()).isEqualTo(IMAGES);
      TrainingPlan whole = plan(target, manifest, ALL);
      ModelState expected = train(session, whole);
      ShardCache cache = ShardCache.of(whole);
      assertThat(cache.bytesInMemory())
          .isEqualTo(total(cache, manifest.trainShards()))
          .isGreaterThan((long) IMAGES * DrawnIdx.SIDE * DrawnIdx.SIDE);

      ModelState found = train(session, plan(target, manifest, SMALLEST));
      assertThat(cache.bytesInMemory()).as("bytes of the plan before").isZero();
      assertThat(found.parameters().sha256()).isEqualTo(expected.parameters().sha256());
    } finally {
      session.stop();
    }
  }

  private static long total(ShardCache cache, List<Manifest.Shard> shards) {
    return shards.stream().mapToLong(shard -> cache.<Long>use(shard, ShardImages::length)).sum();
  }

  private static ModelState train(SparkSession session, TrainingPlan plan) {
    ModelState state = TinyRun.initial(plan);
    try (Learner learner = new Learner(TinyRun.context(session), plan, TinyRun.RULE)) {
      for (int i = 0; i < ITERATIONS; i++) {
        state = learner.next(state).state();
        assertThat(ShardCache.of(plan).bytesInMemory())
            .isPositive()
            .isLessThanOrEqualTo(plan.imageCache());
      }
    }
    return state;
  }

  private static DataSettings settings(Path images, String target) {
    return new DataSettings(
        images.toString(),
        target,
        SHARDS,
        0,
        new ImageShape(1, DrawnIdx.SIDE),
        ImageFit.PAD,
        0,
        0,
        1L);
  }

  private static TrainingPlan plan(String folder, Manifest manifest, long imageCache) {
    GridLadder ladder = new GridLadder(List.of(1, 8, DrawnIdx.SIDE));
    NetworkSpec spec =
        NetworkSpec.parse("3x3/2-4, dense 1", Activation.parse("leaky-relu(0.2)"), false);
    List<GridNetwork> networks =
        ladder.gridSides().stream()
            .map(side -> new GridNetwork(spec, new ImageShape(1, side)))
            .toList();
    LangevinSettings chains =
        new LangevinSettings(1, 1f, 0.02f, Float.POSITIVE_INFINITY, PixelRange.SIGNED_UNIT);
    return new TrainingPlan(
        folder,
        manifest.trainShards(),
        networks,
        GeneratorSpec.NONE,
        new LearningSettings(
            ladder,
            chains,
            new ChainStart.MinimalImage(),
            0.03f,
            false,
            0f,
            GradientPenalty.none(ladder.grids()),
            new StepSchedule(chains.steps(), 1),
            100,
            TinyRun.SEED,
            0),
        ChosenEngine.kind(),
        2,
        1,
        1,
        TinyRun.SUM,
        imageCache,
        TinyRun.PATIENCE);
  }
}
