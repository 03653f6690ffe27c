package org.gridscape.dataset;

import java.util.ArrayList;
import java.util.List;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageShape;

/** Gathers a known number of images into a block. */
final class BlockSink implements RowSink {
  private final List<String> ids;
  private final int[] labels;
  private ImageShape shape = new ImageShape(1, 1);
  private byte[] pixels = {};

  /** A sink for {@code rows} images. */
  BlockSink(int rows) {
    ids = new ArrayList<>(rows);
    labels = new int[rows];
  }

  @Override
  public void start(ImageShape shapeOfAll) {
    shape = shapeOfAll;
    ids.clear();
    pixels = new byte[Math.multiplyExact(labels.length, shape.size())];
  }

  @Override
  public void add(String id, int label, byte[] image) {
    labels[ids.size()] = label;
    System.arraycopy(image, 0, pixels, ids.size() * shape.size(), image.length);
    ids.add(id);
  }

  /** The images, when all have come. */
  ImageBlock block() {
    return new ImageBlock(shape, ids, labels, pixels);
  }
}
