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

/** Measures samples every so many iterations, as the configuration has it. */
final class TrainingScores implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingScores.class);

  private final RunConfig config;
  private final Optional<RunScores> scores;

  private TrainingScores(RunConfig config, Optional<RunScores> scores) {
    this.config = config;
    this.scores = scores;
  }

  /**
   * Of a run.
   *
   * @throws org.gridscape.dataset.DataException if samples are to be compared with a statistics
   *     file that is missing or of another extractor
   */
  static TrainingScores open(
      JavaSparkContext spark, RunConfig config, RunFolder folder, Manifest manifest) {
    return new TrainingScores(
        config,
        config.evaluation().every() > 0
            ? RunScores.of(spark, config, folder, manifest)
            : Optional.empty());
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
