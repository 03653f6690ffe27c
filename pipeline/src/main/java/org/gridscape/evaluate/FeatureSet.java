package org.gridscape.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.gridscape.features.ExtractorIdentity;
import org.gridscape.metrics.FeatureMoments;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.metrics.InceptionSums;

/**
 * The features of a set of images, where an {@link Extraction} left them: moments of each group of
 * images, the rows kept one by one, sums of the Inception Score. Lives on the driver.
 */
public final class FeatureSet {
  private final String name;
  private final int count;
  private final ExtractionSettings settings;
  private final WorkFolder folder;
  private final int[] groupSizes;
  private final boolean found;
  private final double seconds;

  FeatureSet(
      String name,
      int count,
      ExtractionSettings settings,
      WorkFolder folder,
      int[] groupSizes,
      boolean found,
      double seconds) {
    this.name = name;
    this.count = count;
    this.settings = settings;
    this.folder = folder;
    this.groupSizes = groupSizes;
    this.found = found;
    this.seconds = seconds;
  }

  /** What the images are called. */
  public String name() {
    return name;
  }

  /** Images, all of which were used. */
  public int count() {
    return count;
  }

  /** What the features were taken with. */
  public ExtractorIdentity identity() {
    return settings.identity();
  }

  /** Splits of the Inception Score. */
  int splits() {
    return settings.splits();
  }

  /** Groups of images, each a random part of the set. */
  public int groups() {
    return groupSizes.length;
  }

  /** Whether an earlier extraction had left it there, complete. */
  public boolean wasThere() {
    return found;
  }

  /** Seconds that taking the features took; next to nothing where they were there already. */
  public double seconds() {
    return seconds;
  }

  /** Some of the groups, for tasks. */
  MomentsSource.Groups some(int layer, int[] chosen) {
    return new MomentsSource.Groups(folder, layer, chosen);
  }

  /** The whole set, for tasks. */
  MomentsSource.Groups all(int layer) {
    return some(layer, IntStream.range(0, groups()).toArray());
  }

  /** Images of each group. */
  int[] groupSizes() {
    return groupSizes.clone();
  }

  /** Images in some of the groups. */
  int imagesOf(int[] chosen) {
    return Arrays.stream(chosen).map(group -> groupSizes[group]).sum();
  }

  /** The moments of the features of all images. */
  public FeatureMoments moments() {
    return all(0).moments();
  }

  /** The moments of the spatial layer of all images; empty if the extractor has none. */
  public Optional<FeatureMoments> spatialMoments() {
    return identity().spatialDimension() == 0 ? Optional.empty() : Optional.of(all(1).moments());
  }

  /** The rows that are kept one by one, in the order of their images. */
  FeatureRows rows() {
    List<GroupTask.Rows> parts = parts();
    FeatureRows kept =
        FeatureRows.concat(
            identity().dimension(), parts.stream().map(GroupTask.Rows::kept).toList());
    int[] numbers =
        parts.stream().flatMapToInt(part -> Arrays.stream(part.keptNumbers())).toArray();
    int[] order =
        IntStream.range(0, numbers.length)
            .boxed()
            .sorted(Comparator.comparingInt(row -> numbers[row]))
            .mapToInt(row -> row)
            .toArray();
    return kept.select(order);
  }

  /** The sums of the Inception Score; empty if the extractor has no logits. */
  Optional<InceptionSums> scores() {
    Optional<InceptionSums> sums = settings.emptyScores();
    parts().forEach(part -> part.scores().forEach(score -> sums.orElseThrow().merge(score)));
    return sums;
  }

  private List<GroupTask.Rows> parts() {
    List<GroupTask.Rows> parts = new ArrayList<>();
    for (int group = 0; group < groups(); group++) {
      parts.add(folder.read(GroupTask.rowsFile(group), GroupTask.Rows.class));
    }
    return parts;
  }

  /** Removes what is in the work folder. */
  public void delete() {
    folder.deleteAll();
  }
}
