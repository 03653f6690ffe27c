package org.gridscape.features;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.gridscape.dataset.DataException;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.image.ImageBlock;

/**
 * A prepared data set whose labels were looked at.
 *
 * @param folder of the data set
 * @param manifest of it
 * @param classes labels run from 0 to classes - 1; a class in between may have no image
 */
record ClassifierData(String folder, Manifest manifest, int classes) {

  /**
   * Reads the labels of all images, file by file in tasks.
   *
   * @throws DataException if an image has no label, the training images are all of one class, no
   *     images are held out, or their shape does not fit
   */
  static ClassifierData of(JavaSparkContext spark, String folder, Manifest manifest) {
    int side = manifest.shape().side();
    require(
        side >= ClassifierNetwork.SMALLEST_SIDE,
        folder,
        "images are %s (must have a side of at least %d)"
            .formatted(manifest.shape(), ClassifierNetwork.SMALLEST_SIDE));
    require(
        manifest.heldOutCount() > 0, folder, "no images are held out to measure it (data.heldOut)");
    List<Labels> files =
        spark
            .parallelize(manifest.shards(), manifest.shards().size())
            .map(shard -> Labels.of(shard, ShardFile.read(folder, shard)))
            .collect();
    requireLabels(folder, files);
    requireTwoClasses(folder, files);
    int largest =
        files.stream().flatMapToInt(file -> Arrays.stream(file.distinct())).max().orElse(0);
    return new ClassifierData(folder, manifest, Math.max(largest + 1, manifest.classes().size()));
  }

  /**
   * The labels of a file.
   *
   * @param shard the file
   * @param unlabelled images without a label
   * @param firstUnlabelled id of the first of them, or empty
   * @param distinct the labels there are, ascending
   */
  private record Labels(
      Manifest.Shard shard, int unlabelled, String firstUnlabelled, int[] distinct)
      implements Serializable {

    static Labels of(Manifest.Shard shard, ImageBlock images) {
      int unlabelled = 0;
      String first = "";
      for (int i = images.count() - 1; i >= 0; i--) {
        if (images.labels()[i] < 0) {
          unlabelled++;
          first = images.ids().get(i);
        }
      }
      int[] distinct =
          Arrays.stream(images.labels()).filter(label -> label >= 0).distinct().sorted().toArray();
      return new Labels(shard, unlabelled, first, distinct);
    }
  }

  private static void requireLabels(String folder, List<Labels> files) {
    int images = files.stream().mapToInt(file -> file.shard().rows()).sum();
    int unlabelled = files.stream().mapToInt(Labels::unlabelled).sum();
    require(
        unlabelled < images,
        folder,
        "none of its %d images has a label".formatted(images)
            + " (an IDX file needs one of labels beside it, a folder or archive a folder a class)");
    files.stream()
        .filter(file -> file.unlabelled() > 0)
        .findFirst()
        .ifPresent(
            file ->
                require(
                    false,
                    folder,
                    "%d of its %d images have no label, the first is %s in %s"
                        .formatted(
                            unlabelled, images, file.firstUnlabelled(), file.shard().file())));
  }

  private static void requireTwoClasses(String folder, List<Labels> files) {
    int[] found =
        files.stream()
            .filter(file -> file.shard().split().equals(Manifest.TRAIN))
            .flatMapToInt(file -> Arrays.stream(file.distinct()))
            .distinct()
            .toArray();
    require(
        found.length >= 2,
        folder,
        "all training images are of class %s (must be at least two classes)"
            .formatted(found.length == 0 ? "none" : found[0]));
  }

  private static void require(boolean holds, String folder, String reason) {
    if (!holds) {
      throw new DataException("Cannot train a classifier on %s: %s".formatted(folder, reason));
    }
  }
}
