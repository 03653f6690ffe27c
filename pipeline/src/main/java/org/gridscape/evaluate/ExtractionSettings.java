package org.gridscape.evaluate;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.gridscape.features.ExtractorIdentity;
import org.gridscape.features.ExtractorSpec;
import org.gridscape.metrics.InceptionSums;

/**
 * How features of a set of images are taken, and which of them are kept one by one.
 *
 * @param extractor opened in every task
 * @param identity of that extractor
 * @param batch images it is given at once, at least 1
 * @param subsample images whose features are kept one by one, at least 2; all of a smaller set
 * @param splits of the Inception Score, at least 1
 * @param seed of the choice of both, as numpy's legacy generator takes it
 */
public record ExtractionSettings(
    ExtractorSpec extractor,
    ExtractorIdentity identity,
    int batch,
    int subsample,
    int splits,
    int seed)
    implements Serializable {

  /** The seed that torch-fidelity has. */
  public static final int SEED = 2020;

  /** Of pieces, groups and their files; another one when any of them changes. */
  private static final int LAYOUT = 1;

  /** Rejects counts that are too small. */
  public ExtractionSettings {
    require("batch", batch, 1);
    require("subsample", subsample, 2);
    require("splits", splits, 1);
    require("seed", seed, 0);
  }

  private static void require(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "Invalid %s: %d (must be >= %d)".formatted(name, value, least));
    }
  }

  /** Dimensions of the layers whose moments are taken: features, and the spatial layer if any. */
  List<Integer> layers() {
    return identity.spatialDimension() == 0
        ? List.of(identity.dimension())
        : List.of(identity.dimension(), identity.spatialDimension());
  }

  /** Sums of the Inception Score of no images yet; empty if the extractor has no logits. */
  Optional<InceptionSums> emptyScores() {
    return identity.classes() < 2
        ? Optional.empty()
        : Optional.of(new InceptionSums(splits, identity.classes()));
  }

  /** What features, choices and the files of the work folder depend on beside the images. */
  String fingerprint() {
    return "layout=%d %s %s batch=%d subsample=%d splits=%d seed=%d"
        .formatted(LAYOUT, identity, extractor, batch, subsample, splits, seed);
  }
}
