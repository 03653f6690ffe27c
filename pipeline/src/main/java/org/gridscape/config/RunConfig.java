package org.gridscape.config;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.gridscape.dataset.DataSettings;
import org.gridscape.dataset.Manifest;
import org.gridscape.distribute.Determinism;
import org.gridscape.distribute.Retention;
import org.gridscape.distribute.TrainingPlan;
import org.gridscape.distribute.UpdateRule;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.InitialParameters;
import org.gridscape.energy.Network;
import org.gridscape.features.AveragedTraining;
import org.gridscape.features.ExtractorSpec;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.learning.LearningSettings;
import org.gridscape.learning.Recovery;
import org.gridscape.learning.Sentinel;
import org.gridscape.storage.Patience;

/**
 * The settings of a run, checked.
 *
 * @param resolved all keys and values
 * @param data what to prepare
 * @param networks one a grid, coarse to fine
 * @param generator what lies between the grids
 * @param pretraining of the generator before the run, with dl4j-spark; empty for none
 * @param initial how parameters start
 * @param learning how a cell learns
 * @param update what the driver does with the gradient
 * @param engine computes f, chosen here and now where the configuration says {@code auto}
 * @param batch images an iteration
 * @param cellSize images a cell
 * @param sum where the shards' arrays are added up
 * @param sentinel watches the run
 * @param checkpoint when and where the state is saved
 * @param cluster what may change between a run and its continuation
 * @param sampling how new images are drawn and shown
 * @param evaluation how samples are measured while the run goes on
 * @param dissipationEvery iterations between those that measure what an update dissipated; 0 for
 *     none
 */
public record RunConfig(
    Config resolved,
    DataSettings data,
    List<GridNetwork> networks,
    GeneratorSpec generator,
    Optional<AveragedTraining> pretraining,
    InitialParameters initial,
    LearningSettings learning,
    UpdateRule update,
    EngineKind engine,
    int batch,
    int cellSize,
    TrainingPlan.SumLimits sum,
    Sentinel sentinel,
    CheckpointSettings checkpoint,
    ClusterSettings cluster,
    SamplingSettings sampling,
    EvaluationSettings evaluation,
    int dissipationEvery) {

  /**
   * When and where the state is saved.
   *
   * @param folder of the checkpoints of all runs, any Hadoop path; empty for the run's own folder
   * @param retention when they are written and which are kept
   */
  public record CheckpointSettings(Optional<String> folder, Retention retention) {}

  /**
   * What may change between a run and its continuation: it does not change the result.
   *
   * @param storePatience how long a store of files may fail
   * @param lockLease how long a run's lock holds without being renewed, at least 3 s
   * @param determinism what happens when executors are not alike
   * @param imageCache bytes of images that an executor holds in memory, at least 1 MiB
   */
  public record ClusterSettings(
      Duration storePatience, Duration lockLease, Determinism.Mode determinism, long imageCache) {
    /** Rejects negative patience and leases too short to renew. */
    public ClusterSettings {
      if (storePatience.isNegative()) {
        throw new IllegalArgumentException(
            "Invalid cluster.storePatience: %s (must be >= 0)".formatted(storePatience));
      }
      if (lockLease.toSeconds() < 3) {
        throw new IllegalArgumentException(
            "Invalid cluster.lockLease: %s (must be at least 3 seconds)".formatted(lockLease));
      }
      TrainingPlan.requireImageCache(imageCache);
    }
  }

  /**
   * How new images are drawn and shown.
   *
   * @param count images drawn after training
   * @param jitter deviation on the 1x1 colours, grey levels, 0 to 255
   * @param steps of a chain on each grid, 0 to 65535; empty for those of the end of learning
   * @param seed of the images
   * @param every iterations between contact sheets
   * @param sheet images on a contact sheet
   */
  public record SamplingSettings(
      int count, float jitter, Optional<Integer> steps, long seed, int every, int sheet) {
    /** Rejects settings that draw nothing. */
    public SamplingSettings {
      requireAtLeastOne("sampling.count", count);
      requireAtLeastOne("sampling.every", every);
      requireAtLeastOne("sampling.sheet", sheet);
      steps
          .filter(given -> given < 0 || given > 0xffff)
          .ifPresent(
              given -> {
                throw new IllegalArgumentException(
                    "Invalid sampling.steps: %d (must be auto or 0 to 65535)".formatted(given));
              });
      if (!(jitter >= 0 && jitter <= 255)) {
        throw new IllegalArgumentException(
            "Invalid sampling.jitter: " + jitter + " (must be 0 to 255)");
      }
    }
  }

  /**
   * How samples are measured while the run goes on.
   *
   * @param every iterations between measurements; 0 for none
   * @param samples drawn each time, the same starts and noise every time
   * @param extractor the network that sees them; empty where none fits the images
   * @param batch images it sees at once
   * @param reference statistics file they are compared with; empty for the training images
   */
  public record EvaluationSettings(
      int every,
      int samples,
      Optional<ExtractorSpec> extractor,
      int batch,
      Optional<String> reference) {
    /** Rejects measurements of nothing. */
    public EvaluationSettings {
      if (every < 0) {
        throw new IllegalArgumentException(
            "Invalid evaluation.every: %d (must be >= 0)".formatted(every));
      }
      if (samples < 20) {
        throw new IllegalArgumentException(
            "Invalid evaluation.samples: %d (must be >= 20)".formatted(samples));
      }
      requireAtLeastOne("evaluation.batch", batch);
      if (every > 0 && extractor.isEmpty()) {
        throw new IllegalArgumentException(
            "Invalid evaluation.every: %d (must be 0 for images that the classifier does not take; or set evaluation.extractor)"
                .formatted(every));
      }
    }

    /** Whether samples are measured after that iteration. */
    public boolean isDue(int iteration) {
      return every > 0 && iteration % every == 0;
    }
  }

  /**
   * Reads and checks every setting.
   *
   * @throws ConfigException if one is of the wrong kind, out of range or contradicts another
   */
  public static RunConfig of(Config config) {
    try {
      return RunConfigReader.read(config);
    } catch (com.typesafe.config.ConfigException | IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The same with the full path of the data set, which means the same on every executor. */
  public RunConfig located() {
    return withData(data.located());
  }

  /** The same on another data set, of the same shape and as many shards. */
  public RunConfig withData(DataSettings other) {
    return new RunConfig(
        resolved,
        other,
        networks,
        generator,
        pretraining,
        initial,
        learning,
        update,
        engine,
        batch,
        cellSize,
        sum,
        sentinel,
        checkpoint,
        cluster,
        sampling,
        evaluation,
        dissipationEvery);
  }

  /** All networks in the order of their parameters: the grids', then the generator's. */
  public List<Network> allNetworks() {
    return generator.after(networks);
  }

  /**
   * The plan of training on a prepared data set.
   *
   * @throws ConfigException if a shard has fewer images than an iteration takes from it
   */
  public TrainingPlan plan(Manifest manifest, int taskThreads) {
    try {
      return new TrainingPlan(
          data.target(),
          manifest.trainShards(),
          networks,
          generator,
          learning,
          engine,
          cellSize,
          TrainingPlan.cellsPerShard(batch, data.shards(), cellSize),
          taskThreads,
          sum,
          cluster.imageCache(),
          new Patience(cluster.storePatience()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The chains of sampling.
   *
   * @param recovery of the model, whose longer chains are kept; without {@code sampling.steps},
   *     chains are as long as those of the last iteration, whichever iteration the model is of
   */
  public LangevinSettings samplingChains(Recovery recovery) {
    return learning
        .langevin()
        .withSteps(sampling.steps().orElseGet(() -> recovery.applied(learning).schedule().last()));
  }

  private static void requireAtLeastOne(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("Invalid %s: %d (must be >= 1)".formatted(key, value));
    }
  }
}
