package org.gridscape.jobs.bench;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;

/** Made-up colour images, for networks of a size that no embedded image has. */
final class NoiseImages {
  private NoiseImages() {}

  /** Writes uniform noise as PNG files into a zip archive, unless it is there. */
  static void writeOnce(Path zip, int count, int side) {
    if (Files.exists(zip)) {
      return;
    }
    NoiseStream noise = NoiseStream.of(1, NoiseStream.Purpose.START);
    float[] values = new float[3 * side * side];
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream archive = new ZipOutputStream(file)) {
      for (int image = 0; image < count; image++) {
        noise.uniforms(NoiseAddress.of(0, image), values);
        BufferedImage pixels = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
          int red = (int) (256 * values[3 * i]);
          int green = (int) (256 * values[3 * i + 1]);
          int blue = (int) (256 * values[3 * i + 2]);
          pixels.setRGB(i % side, i / side, red << 16 | green << 8 | blue);
        }
        archive.putNextEntry(new ZipEntry("noise-%04d.png".formatted(image)));
        ImageIO.write(pixels, "png", archive);
        archive.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + zip + ": " + e.getMessage(), e);
    }
  }
}
