package org.gridscape.features;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Brings images of any size to the input of a network: resized and scaled by a protocol, [channels,
 * side, side] each. Not thread-safe.
 */
final class NetworkInput {
  /** What is kept of a size of images is dropped when there are this many. */
  private static final int SIZES_KEPT = 16;

  private final Protocol protocol;
  private final int channels;
  private final int side;
  private final Map<Size, PlaneResize> resizes = new HashMap<>();
  private final float[] plane;

  private record Size(int height, int width) {}

  /** Channels is 1 or 3. */
  NetworkInput(Protocol protocol, int channels, int side) {
    this.protocol = protocol;
    this.channels = channels;
    this.side = side;
    this.plane = new float[side * side];
  }

  /** Values of an image. */
  int size() {
    return channels * side * side;
  }

  /**
   * Appends an image to a batch.
   *
   * @throws IllegalArgumentException if the image has more channels than the network takes
   */
  void put(Raster image, FloatBuffer batch) {
    if (image.channels() > channels) {
      throw new IllegalArgumentException(
          "Invalid image: %d channels (must be 1 for a network of grey images)"
              .formatted(image.channels()));
    }
    PlaneResize resize = resize(image.height(), image.width());
    for (int c = 0; c < channels; c++) {
      if (c < image.channels()) {
        resize.apply(image.pixels(), c * image.height() * image.width(), plane);
        for (int i = 0; i < plane.length; i++) {
          plane[i] = protocol.scale(plane[i]);
        }
      }
      batch.put(plane);
    }
  }

  private PlaneResize resize(int height, int width) {
    if (resizes.size() >= SIZES_KEPT && !resizes.containsKey(new Size(height, width))) {
      resizes.clear();
    }
    return resizes.computeIfAbsent(
        new Size(height, width), size -> protocol.resize(size.height(), size.width(), side));
  }
}
