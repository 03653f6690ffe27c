package org.gridscape.dataset;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An IDX file of drawn grey images of 32x32, each unlike the others: a bright disc on a slope, with
 * grain. For tests and, as a program, for measurements: {@code DrawnIdx FILE COUNT}.
 */
public final class DrawnIdx {
  /** Side of the images. */
  public static final int SIDE = 32;

  private static final int IMAGES = 0x00000803;

  private DrawnIdx() {}

  /** Writes {@code args[1]} images to the file {@code args[0]}. */
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]), Integer.parseInt(args[1]));
  }

  /** Writes the file; the first images of a longer file are the same. */
  public static void write(Path file, int count) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
      out.writeInt(IMAGES);
      out.writeInt(count);
      out.writeInt(SIDE);
      out.writeInt(SIDE);
      byte[] pixels = new byte[SIDE * SIDE];
      for (int image = 0; image < count; image++) {
        draw(image, pixels);
        out.write(pixels);
      }
    }
  }

  private static void draw(int image, byte[] pixels) {
    int mixed = image * 0x9E3779B9;
    int column = 8 + (mixed >>> 28);
    int row = 8 + (mixed >>> 24 & 15);
    int radius = 3 + (mixed >>> 21 & 7);
    int slope = mixed >>> 19 & 3;
    for (int p = 0; p < pixels.length; p++) {
      int x = p % SIDE;
      int y = p / SIDE;
      boolean disc = (x - column) * (x - column) + (y - row) * (y - row) < radius * radius;
      int grain = (mixed ^ p * 0x85EBCA6B) >>> 27;
      pixels[p] = (byte) ((disc ? 190 : 20 + slope * y) + grain);
    }
  }
}
