package org.gridscape.jobs.bench;

import org.apache.spark.api.java.JavaSparkContext;
import org.gridscape.config.RunConfig;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.DivergedException;
import org.gridscape.distribute.IterationReport;
import org.gridscape.distribute.Learner;
import org.gridscape.distribute.ModelState;
import org.gridscape.distribute.TrainingPlan;

/**
 * Training on Spark with one engine. A turn begins at the initial parameters with an iteration that
 * is not counted, since the process keeps the engines of one kind at a time.
 */
final class EngineIterations implements Contender {
  private final String name;
  private final Learner learner;
  private final ModelState initial;
  private double seconds;
  private double chain;
  private double gradient;

  /** A learner of its own on a prepared data set. */
  EngineIterations(String name, JavaSparkContext spark, RunConfig config, Manifest manifest) {
    this.name = name;
    TrainingPlan plan = config.plan(manifest, 1);
    learner = new Learner(spark, plan, config.update());
    initial = ModelState.initial(spark, plan, config.initial(), config.update().optimizer());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double seconds(int steps) {
    try {
      ModelState state = learner.next(initial).state();
      double turn = 0;
      for (int i = 0; i < steps; i++) {
        Learner.Step step = learner.next(state);
        state = step.state();
        IterationReport report = step.report();
        turn += report.seconds();
        chain += report.phases().chain();
        gradient += report.phases().gradient();
      }
      seconds += turn;
      return turn;
    } catch (DivergedException e) {
      throw new ContenderException(String.valueOf(e.getMessage()));
    }
  }

  /** Share of the time in chains, in [0, 1]; 0 before the first turn. */
  double chainShare() {
    return seconds == 0 ? 0 : chain / seconds;
  }

  /** Share of the time in gradients of parameters, in [0, 1]; 0 before the first turn. */
  double gradientShare() {
    return seconds == 0 ? 0 : gradient / seconds;
  }

  @Override
  public void close() {
    learner.close();
  }
}
