package org.gridscape.evaluate;

import java.util.ArrayList;
import java.util.List;

/** What the numbers of images say about a distance. */
public final class CountNotes {
  private static final int FEWEST_IMAGES = 10_000;

  private CountNotes() {}

  /** Notes on both sides; on one if they are the same. */
  public static List<String> of(Side generated, Side reference) {
    List<String> notes = new ArrayList<>(of(generated));
    if (!reference.name().equals(generated.name())) {
      notes.addAll(of(reference));
    }
    return notes;
  }

  private static List<String> of(Side side) {
    if (side.count().isEmpty()) {
      return List.of(
          "%s does not say how many images it is of: the bias of the distance is unknown"
              .formatted(side.name()));
    }
    long count = side.count().getAsLong();
    if (count <= side.dimension()) {
      return List.of(
          "%s has %,d images for %,d features: its covariance has no full rank"
              .formatted(side.name(), count, side.dimension()));
    }
    return count < FEWEST_IMAGES
        ? List.of(
            "%s has %,d images: distances of fewer than %,d are biased upwards, compare like counts only"
                .formatted(side.name(), count, FEWEST_IMAGES))
        : List.of();
  }
}
