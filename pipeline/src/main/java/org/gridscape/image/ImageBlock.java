package org.gridscape.image;

import java.io.Serializable;
import java.util.List;

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
