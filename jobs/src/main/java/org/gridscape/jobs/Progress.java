package org.gridscape.jobs;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.gridscape.distribute.IterationReport;

/**
 * Shows how far training is: a bar with rate and time left on a terminal, plain lines elsewhere.
 */
interface Progress extends AutoCloseable {

  /** One more iteration is done. */
  void step(IterationReport report);

  @Override
  void close();

  /**
   * The form that suits standard error; the launcher says whether that is a terminal.
   *
   * @param done iterations done before
   * @param total iterations of the run
   */
  static Progress start(int done, int total) {
    return Boolean.getBoolean("gridscape.terminal") ? new Bar(done, total) : new Lines(total);
  }

  /** Energy gaps, coarse to fine. */
  private static String gaps(IterationReport report) {
    StringBuilder text = new StringBuilder("gaps");
    report
        .statistics()
        .forEach(grid -> text.append(String.format(Locale.ROOT, " %.2f", grid.energyGap())));
    return text.toString();
  }

  /** A bar on a terminal. */
  final class Bar implements Progress {
    private final ProgressBar bar;

    private Bar(int done, int total) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("Training")
              .setInitialMax(total)
              .startsFrom(done, Duration.ZERO)
              .setStyle(ProgressBarStyle.UNICODE_BLOCK)
              .showSpeed()
              .build();
    }

    @Override
    public void step(IterationReport report) {
      bar.step();
      bar.setExtraMessage(gaps(report));
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** Some thirty lines a run. */
  final class Lines implements Progress {
    private final int total;
    private final int every;
    private double seconds;
    private int steps;

    private Lines(int total) {
      this.total = total;
      every = Math.max(1, total / 30);
    }

    @Override
    public void step(IterationReport report) {
      int iteration = report.iteration();
      seconds += report.seconds();
      steps++;
      if (iteration == 1 || iteration % every == 0 || iteration == total) {
        System.err.printf(
            Locale.ROOT,
            "iteration %d of %d, %.2f s each, %.0f s left, %s%n",
            iteration,
            total,
            seconds / steps,
            seconds / steps * (total - iteration),
            gaps(report));
      }
    }

    @Override
    public void close() {}
  }
}
