package org.gridscape.jobs.experiment;

import java.util.stream.IntStream;
import org.gridscape.config.ConfigException;
import org.gridscape.config.RunConfig;
import org.gridscape.learning.LearningSettings;
import org.gridscape.learning.Recovery;

/**
 * One method of a ladder.
 *
 * @param name part of the names of its runs
 * @param config of all its runs but for seed, rate and sampling
 */
public record Rung(String name, RunConfig config) {

  /** Rejects names that no folder has. */
  public Rung {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new ConfigException(
          "Invalid rung: \"%s\" (must be letters, digits, dots, dashes and underscores)"
              .formatted(name));
    }
  }

  /** Iterations of a run. */
  public int iterations() {
    return config.update().iterations();
  }

  /** Langevin steps of a run on each grid, of each image of a batch. */
  public long steps() {
    LearningSettings learning = config.learning();
    return IntStream.rangeClosed(1, learning.iterations())
        .mapToLong(iteration -> learning.langevinAt(iteration).steps())
        .sum();
  }

  /** Steps of the chains of sampling on each grid. */
  public int samplingSteps() {
    return config.samplingChains(Recovery.NONE).steps();
  }

  /** Langevin steps that an image of the batch takes in an iteration, all grids together. */
  public double stepsAnImage() {
    return (double) steps() / iterations() * config.learning().ladder().grids();
  }
}
