package org.gridscape.generator;

import java.util.List;
import org.gridscape.energy.MapEngine;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.gridscape.pyramid.GridLadder;

/**
 * Makes images from codes, grid by grid, and codes from images. Serves one thread.
 *
 * <p>u_s(x) = clip(x' + r_s(x')), x' the image of the coarser grid replicated and r_s the
 * upsampler's network; without one u_s is replication. e(x) = C^(-1/2) (D_0 x - m) + r(x), D_0 x
 * the thumbnail of x and r the encoder's network. All networks start at 0, so u_s starts as
 * replication and e as the closed form of {@link HiddenSpace}. Source: after Wu et al. 2019;
 * derived.
 */
public final class Generator {
  private final GeneratorLosses losses;
  private final HiddenSpace space;
  private final PixelRange range;
  private final List<MapEngine> upsamplers;
  private final List<MapEngine> encoder;

  /**
   * A generator for one thread.
   *
   * @param range of pixels
   * @param engines of {@link GeneratorSpec#networks}, parameters loaded; not closed here
   */
  public Generator(
      GeneratorSpec spec, HiddenSpace space, PixelRange range, List<MapEngine> engines) {
    losses = spec.losses();
    this.space = space;
    this.range = range;
    int count = spec.upsamplers().size();
    upsamplers = List.copyOf(engines.subList(0, count));
    encoder = List.copyOf(engines.subList(count, engines.size()));
  }

  /** What is learned. */
  GeneratorLosses losses() {
    return losses;
  }

  /** The shape of a code. */
  public ImageShape codeShape() {
    return space.shape();
  }

  /** The codes of thumbnails. */
  HiddenSpace space() {
    return space;
  }

  /**
   * Draws codes from N(0, I).
   *
   * @param codes stream of the purpose CODE
   * @param iteration training iteration, 0 in sampling
   * @param cell number of the cell
   */
  public ImageBatch draw(NoiseStream codes, int iteration, int cell, int count) {
    ImageBatch drawn = ImageBatch.zeros(space.shape(), count);
    int size = space.shape().size();
    for (int slot = 0; slot < count; slot++) {
      codes.normals(
          new NoiseAddress(iteration, cell, 0, 0, slot), drawn.pixels(), slot * size, size);
    }
    return drawn;
  }

  /** What the chains of the first grid start from once it is upsampled. */
  public ImageBatch thumbnails(ImageBatch codes) {
    return space.thumbnails(codes);
  }

  /**
   * The start of the chains on a grid.
   *
   * @param grid counted from 0, coarse to fine
   * @param side of the grid
   * @param coarser images of the grid before it, or thumbnails
   * @return a new batch, in the pixel range
   */
  public ImageBatch upsample(int grid, int side, ImageBatch coarser) {
    return clipped(upsampleUnclipped(grid, GridLadder.replicate(coarser, side)));
  }

  /** x' + r(x') of a replicated image x'. */
  ImageBatch upsampleUnclipped(int grid, ImageBatch replicated) {
    return upsamplers.isEmpty()
        ? replicated
        : sum(replicated, upsamplers.get(grid).outputs(replicated));
  }

  ImageBatch clipped(ImageBatch images) {
    ImageBatch clipped = images.copy();
    for (int i = 0; i < clipped.pixels().length; i++) {
      clipped.pixels()[i] = range.clip(clipped.pixels()[i]);
    }
    return clipped;
  }

  /** Whether a value is one that {@link #clipped} leaves as it is. */
  boolean isInside(float value) {
    return range.clip(value) == value;
  }

  /**
   * The codes of images.
   *
   * @param images at full resolution
   */
  public ImageBatch encode(ImageBatch images) {
    ImageBatch codes = space.codes(GridLadder.average(images, space.shape().side()));
    return encoder.isEmpty() ? codes : sum(codes, encoder.get(0).outputs(images));
  }

  /** Whether there is something to learn. */
  public boolean learns() {
    return !upsamplers.isEmpty();
  }

  List<MapEngine> upsamplers() {
    return upsamplers;
  }

  List<MapEngine> encoder() {
    return encoder;
  }

  private static ImageBatch sum(ImageBatch first, ImageBatch second) {
    ImageBatch sum = first.copy();
    for (int i = 0; i < sum.pixels().length; i++) {
      sum.pixels()[i] += second.pixels()[i];
    }
    return sum;
  }
}
