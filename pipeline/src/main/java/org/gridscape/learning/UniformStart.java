package org.gridscape.learning;

import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;

/** Initial states of chains: every pixel uniform in the pixel range. */
public final class UniformStart {
  private UniformStart() {}

  /**
   * Draws a batch.
   *
   * @param address its slot is replaced by the number of each image
   */
  public static ImageBatch draw(
      ImageShape shape, int count, PixelRange range, NoiseStream stream, NoiseAddress address) {
    ImageBatch images = ImageBatch.zeros(shape, count);
    float[] u = new float[shape.size()];
    for (int slot = 0; slot < count; slot++) {
      stream.uniforms(
          new NoiseAddress(
              address.iteration(), address.cell(), address.grid(), address.step(), slot),
          u);
      for (int i = 0; i < u.length; i++) {
        images.pixels()[slot * u.length + i] = range.low() + u[i] * (range.high() - range.low());
      }
    }
    return images;
  }
}
