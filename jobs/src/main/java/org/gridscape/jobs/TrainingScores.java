package org.gridscape.jobs;

import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.ModelState;
import org.gridscape.report.SampleScore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures samples every so many iterations, as the configuration has it; nothing is opened before
 * the first time.
 */
final class TrainingScores implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingScores.class);

  private final JavaSparkContext spark;
  private final RunConfig config;
  private final RunFolder folder;
  private final Manifest manifest;
  private Optional<RunScores> scores = Optional.empty();

  TrainingScores(JavaSparkContext spark, RunConfig config, RunFolder folder, Manifest manifest) {
    this.spark = spark;
    this.config = config;
    this.folder = folder;
    this.manifest = manifest;
  }

  /**
   * The distance of samples of a state, if it is time for it.
   *
   * <p>Empty too where chains of sampling diverged: as with a sheet, that is no reason to stop.
   */
  Optional<SampleScore> of(ModelState state) {
    if (!config.evaluation().isDue(state.iteration())) {
      return Optional.empty();
    }
    scores = scores.or(() -> RunScores.of(spark, config, folder, manifest));
    try {
      Optional<SampleScore> score = scores.map(opened -> opened.score(state));
      score.ifPresent(
          found ->
              System.err.printf(
                  Locale.ROOT,
                  "iteration %d: Frechet distance %.2f (%.2f to %.2f) of %d samples%n",
                  state.iteration(),
                  found.distance(),
                  found.lower(),
                  found.upper(),
                  found.samples()));
      return score;
    } catch (Exception e) {
      if (JobFailure.of(e).exitCode() != ExitCode.DIVERGED) {
        throw e;
      }
      LOG.warn("No score of iteration {}: {}", state.iteration(), JobFailure.of(e).message());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    scores.ifPresent(RunScores::close);
  }
}
