package org.gridscape.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG, JPEG, GIF (first frame), BMP, TIFF (first page), WebP and PNM.
 *
 * <p>ImageIO does the work, with the TwelveMonkeys readers for JPEG (CMYK, odd profiles), WebP and
 * PNM. Orientation tags are not applied.
 */
public final class ImageDecoder {
  /** An image with more pixels than this is refused before memory is taken for it. */
  static final long MOST_PIXELS = 1L << 27;

  private static final String FORMATS = "PNG, JPEG, GIF, BMP, TIFF, WebP or PNM";
  private static final List<String> EXTENSIONS =
      List.of(
          ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".pbm", ".pgm", ".ppm",
          ".pnm");
  private static final int MOST_BITS = 16;

  static {
    // The plug-ins come with the application's jar, which the loader of ImageIO does not see.
    ImageIO.scanForPlugins();
  }

  private ImageDecoder() {}

  /** Whether a file of that name is taken for an image, by its extension. */
  public static boolean knows(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(name::endsWith);
  }

  /**
   * Decodes one file.
   *
   * @param encoded the whole content of the file
   * @throws IOException if the format is unknown, or the file is damaged, cut short or too large
   */
  public static SourcePixels decode(byte[] encoded) throws IOException {
    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new IOException(
            "Cannot decode image: %s"
                .formatted(encoded.length == 0 ? "empty file" : "not " + FORMATS));
      }
      return decode(readers.next(), stream);
    }
  }

  private static SourcePixels decode(ImageReader reader, ImageInputStream stream)
      throws IOException {
    List<String> warnings = new ArrayList<>();
    try {
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      reader.setInput(stream, true, true);
      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
      if (pixels > MOST_PIXELS) {
        throw new IOException("%d pixels (must be at most %d)".formatted(pixels, MOST_PIXELS));
      }
      BufferedImage image = reader.read(0);
      rejectCutShort(warnings);
      return new BufferedPixels(inKnownColours(image));
    } catch (IOException | RuntimeException e) {
      // Readers answer damaged files with exceptions of many kinds.
      throw new IOException("Cannot decode image: " + reason(e), e);
    } finally {
      reader.dispose();
    }
  }

  private static void rejectCutShort(List<String> warnings) throws IOException {
    for (String warning : warnings) {
      String text = warning.toLowerCase(Locale.ROOT);
      if (text.contains("premature end") || text.contains("unexpected end")) {
        throw new IOException(warning);
      }
    }
  }

  private static BufferedImage inKnownColours(BufferedImage image) throws IOException {
    ColorModel model = image.getColorModel();
    ColorSpace colours = model.getColorSpace();
    int bits = Arrays.stream(model.getComponentSize()).max().orElse(0);
    if (bits > MOST_BITS) {
      throw new IOException("%d bits a sample (must be at most %d)".formatted(bits, MOST_BITS));
    }
    if (colours.getType() == ColorSpace.TYPE_GRAY || colours.isCS_sRGB()) {
      return image;
    }
    BufferedImage converted =
        new BufferedImage(
            image.getWidth(),
            image.getHeight(),
            model.hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    return new ColorConvertOp(null).filter(image, converted);
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
