package org.gridscape.distribute;

import java.io.Serializable;
import java.util.List;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.GridNetwork;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.image.ImageBatch;
import org.gridscape.langevin.LangevinSettings;

/**
 * How new images are drawn. Sent to executors once.
 *
 * @param networks one a grid, coarse to fine
 * @param generator what lies between them
 * @param parameters usually the moving average
 * @param engine computes f
 * @param langevin chains, usually those of learning
 * @param start of the chains
 * @param cellSize images a cell; the count is rounded up to whole cells and cut again
 * @param count images wanted, at least 1
 * @param seed of every stream; image i is the same for every count
 */
public record SamplingPlan(
    List<GridNetwork> networks,
    GeneratorSpec generator,
    Parameters parameters,
    EngineKind engine,
    LangevinSettings langevin,
    SampleStart start,
    int cellSize,
    int count,
    long seed)
    implements Serializable {

  /** Rejects an empty order. */
  public SamplingPlan {
    networks = List.copyOf(networks);
    if (count < 1) {
      throw new IllegalArgumentException("Invalid sampling.count: " + count + " (must be >= 1)");
    }
    boolean coded = start instanceof SampleStart.Hidden || start instanceof SampleStart.Codes;
    if (coded != generator.isHidden()) {
      throw new IllegalArgumentException(
          "Invalid start of samples: %s (must be of codes where the model has a hidden space, and only there)"
              .formatted(start.getClass().getSimpleName()));
    }
    if (start instanceof SampleStart.Codes given && given.codes().count() != count) {
      throw new IllegalArgumentException(
          "Invalid sampling.count: %d (must be that of the codes, %d)"
              .formatted(count, given.codes().count()));
    }
  }

  /** Where chains of sampling start. */
  public sealed interface SampleStart extends Serializable {

    /**
     * 1x1 colours of training images, drawn with replacement, replicated; each finer grid starts
     * from the result of the coarser one.
     *
     * @param colours [rows, channels, 1, 1], grey levels 0 to 255
     * @param jitter deviation of normal noise on each channel, in grey levels
     */
    record Colours(ImageBatch colours, float jitter) implements SampleStart {
      /** Rejects a negative jitter. */
      public Colours {
        if (!(jitter >= 0 && jitter <= 255)) {
          throw new IllegalArgumentException(
              "Invalid sampling.jitter: " + jitter + " (must be 0 to 255)");
        }
      }
    }

    /**
     * Codes drawn from N(0, I), on the first grid; each finer grid starts from the result of the
     * coarser one, upsampled.
     *
     * @param space of the codes, its arrays
     */
    record Hidden(float[] space) implements SampleStart {}

    /**
     * Given codes, on the first grid.
     *
     * @param space of the codes, its arrays
     * @param codes one an image; as many as images are drawn
     */
    record Codes(float[] space, ImageBatch codes) implements SampleStart {}

    /** Uniform noise on every grid. */
    record Noise() implements SampleStart {}
  }

  /** Images drawn from given codes, otherwise as here. */
  public SamplingPlan of(ImageBatch codes) {
    if (start instanceof SampleStart.Hidden hidden) {
      return new SamplingPlan(
          networks,
          generator,
          parameters,
          engine,
          langevin,
          new SampleStart.Codes(hidden.space(), codes),
          cellSize,
          codes.count(),
          seed);
    }
    throw new IllegalArgumentException(
        "Cannot draw from codes: chains start from %s (training.start must be hidden)"
            .formatted(start.getClass().getSimpleName()));
  }

  /** The same with chains of other lengths, 0 for none. */
  public SamplingPlan withSteps(int steps) {
    return new SamplingPlan(
        networks,
        generator,
        parameters,
        engine,
        langevin.withSteps(steps),
        start,
        cellSize,
        count,
        seed);
  }

  /** The hidden space's arrays; empty if chains start elsewhere. */
  float[] space() {
    if (start instanceof SampleStart.Hidden hidden) {
      return hidden.space();
    }
    return start instanceof SampleStart.Codes given ? given.space() : new float[0];
  }

  /** Cells, the last of which may be drawn in part. */
  public int cells() {
    return (count + cellSize - 1) / cellSize;
  }
}
