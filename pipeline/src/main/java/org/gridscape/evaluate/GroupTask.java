package org.gridscape.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.Function;
import org.gridscape.metrics.FeatureRows;
import org.gridscape.metrics.InceptionSums;

/**
 * Adds up the pieces of a group, in their order. Every {@code groups}-th piece belongs to a group,
 * which so is a random part of the set.
 */
final class GroupTask implements Function<Integer, Integer> {
  private static final long serialVersionUID = 1;

  private final ExtractionSettings settings;
  private final WorkFolder folder;
  private final int pieces;
  private final int groups;

  /** A task of one extraction. */
  GroupTask(ExtractionSettings settings, WorkFolder folder, int pieces, int groups) {
    this.settings = settings;
    this.folder = folder;
    this.pieces = pieces;
    this.groups = groups;
  }

  /**
   * What is known of a group beside its moments.
   *
   * @param kept features kept one by one, row i of the image keptNumbers[i]
   * @param keptNumbers numbers in the set
   * @param scores sums of the Inception Score; none where the extractor has no logits
   */
  record Rows(FeatureRows kept, int[] keptNumbers, List<InceptionSums> scores)
      implements Serializable {}

  /** Name of a layer of a group in the work folder. */
  static String layerFile(int group, int layer) {
    return "group-%02d-layer-%d".formatted(group, layer);
  }

  /** Name of a group's {@link Rows}, which are written last. */
  static String rowsFile(int group) {
    return "group-%02d-rows".formatted(group);
  }

  /** The group. */
  @Override
  public Integer call(Integer group) {
    List<Layer.Sum> layers = settings.layers().stream().map(Layer.Sum::ofGroup).toList();
    Optional<InceptionSums> scores = settings.emptyScores();
    List<FeatureRows> kept = new ArrayList<>();
    List<int[]> numbers = new ArrayList<>();
    for (int piece = group; piece < pieces; piece += groups) {
      PieceTask.Summary summary = folder.read(PieceTask.file(piece), PieceTask.Summary.class);
      for (int layer = 0; layer < layers.size(); layer++) {
        layers.get(layer).add(summary.layers().get(layer));
      }
      summary.scores().forEach(part -> scores.orElseThrow().merge(part));
      kept.add(summary.kept());
      numbers.add(summary.keptNumbers());
    }
    for (int layer = 0; layer < layers.size(); layer++) {
      folder.write(layerFile(group, layer), layers.get(layer).layer());
    }
    Rows rows =
        new Rows(
            FeatureRows.concat(settings.identity().dimension(), kept),
            numbers.stream().flatMapToInt(Arrays::stream).toArray(),
            scores.stream().toList());
    folder.write(rowsFile(group), rows);
    return group;
  }
}
