package org.gridscape.image;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Images at rest: unsigned bytes, laid out [count, channels, side, side], with their identities.
 *
 * @param shape shape of each image
 * @param ids one identity an image, unique in its data set
 * @param labels one class an image, or -1 where none is known
 * @param pixels ids.size() x shape.size() unsigned bytes; not copied
 */
public record ImageBlock(ImageShape shape, List<String> ids, int[] labels, byte[] pixels)
    implements Serializable {

  /** Rejects components whose lengths contradict each other. */
  public ImageBlock {
    ids = List.copyOf(ids);
    if (labels.length != ids.size() || pixels.length != ids.size() * shape.size()) {
      throw new IllegalArgumentException(
          "Invalid image block: %d ids, %d labels, %d bytes (must be n, n, n x %d)"
              .formatted(ids.size(), labels.length, pixels.length, shape.size()));
    }
  }

  /**
   * The images of all blocks, in order.
   *
   * @param blocks at least one, all of one shape
   */
  public static ImageBlock concatenate(List<ImageBlock> blocks) {
    List<String> ids = new ArrayList<>();
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    IntStream.Builder labels = IntStream.builder();
    for (ImageBlock block : blocks) {
      if (!block.shape().equals(blocks.get(0).shape())) {
        throw new IllegalArgumentException(
            "Invalid image block: shape %s (must be %s as the first)"
                .formatted(block.shape(), blocks.get(0).shape()));
      }
      ids.addAll(block.ids());
      Arrays.stream(block.labels()).forEach(labels::add);
      pixels.writeBytes(block.pixels());
    }
    return new ImageBlock(
        blocks.get(0).shape(), ids, labels.build().toArray(), pixels.toByteArray());
  }

  /** Number of images. */
  public int count() {
    return ids.size();
  }

  /** The images at {@code indices}, in that order, as floats in {@code range}. */
  public ImageBatch batch(int[] indices, PixelRange range) {
    ImageBatch batch = ImageBatch.zeros(shape, indices.length);
    int size = shape.size();
    for (int i = 0; i < indices.length; i++) {
      for (int p = 0; p < size; p++) {
        batch.pixels()[i * size + p] = range.fromByte(pixels[indices[i] * size + p]);
      }
    }
    return batch;
  }
}
