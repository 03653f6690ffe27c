package org.gridscape.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;

/**
 * Pixels that ImageIO decoded: grey, RGB or a palette, 1 to 16 bits a sample, with or without
 * alpha.
 *
 * <p>Grey samples are taken as they are: {@link BufferedImage#getRGB} would read them as linear
 * light and change their values.
 *
 * @param image in a grey or sRGB colour space
 */
record BufferedPixels(BufferedImage image) implements SourcePixels {

  @Override
  public int channels() {
    ColorModel model = image.getColorModel();
    boolean grey = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    return grey && !(model instanceof IndexColorModel) ? 1 : 3;
  }

  @Override
  public int height() {
    return image.getHeight();
  }

  @Override
  public int width() {
    return image.getWidth();
  }

  @Override
  public void readRow(int y, float background, float[] row) {
    if (image.getColorModel() instanceof IndexColorModel palette) {
      readPalette(palette, y, background, row);
    } else {
      readSamples(y, background, row);
    }
  }

  private void readPalette(IndexColorModel palette, int y, float background, float[] row) {
    int width = width();
    int[] indices = image.getRaster().getSamples(0, y, width, 1, 0, new int[width]);
    for (int x = 0; x < width; x++) {
      int argb = palette.getRGB(indices[x]);
      float alpha = (argb >>> 24) / 255f;
      for (int c = 0; c < 3; c++) {
        float value = (argb >>> (16 - 8 * c)) & 0xff;
        row[c * width + x] = value * alpha + background * (1 - alpha);
      }
    }
  }

  private void readSamples(int y, float background, float[] row) {
    ColorModel model = image.getColorModel();
    int width = width();
    int bands = image.getRaster().getNumBands();
    int[] samples = image.getRaster().getPixels(0, y, width, 1, new int[bands * width]);
    int colours = channels();
    float[] scale = scales(model);
    for (int x = 0; x < width; x++) {
      float alpha = model.hasAlpha() ? samples[x * bands + colours] * scale[colours] / 255 : 1f;
      float opacity = model.isAlphaPremultiplied() ? 1f : alpha;
      for (int c = 0; c < colours; c++) {
        float value = samples[x * bands + c] * scale[c];
        row[c * width + x] = value * opacity + background * (1 - alpha);
      }
    }
  }

  @Override
  public void readOpaqueRow(int y, int from, int plane, byte[] pixels) {
    ColorModel model = image.getColorModel();
    int width = width();
    int bands = image.getRaster().getNumBands();
    int[] samples = image.getRaster().getPixels(0, y, width, 1, new int[bands * width]);
    for (int x = 0; x < width; x++) {
      for (int c = 0; c < channels(); c++) {
        int value =
            model instanceof IndexColorModel palette
                ? palette.getRGB(samples[x]) >>> (16 - 8 * c)
                : upperByte(samples[x * bands + c], model.getComponentSize(c));
        pixels[from + c * plane + x] = (byte) value;
      }
    }
  }

  private static int upperByte(int sample, int bits) {
    return bits > 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }

  private static float[] scales(ColorModel model) {
    float[] scales = new float[model.getNumComponents()];
    for (int component = 0; component < scales.length; component++) {
      scales[component] = 255f / ((1 << model.getComponentSize(component)) - 1);
    }
    return scales;
  }
}
