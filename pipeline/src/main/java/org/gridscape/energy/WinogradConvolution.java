package org.gridscape.energy;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;

/**
 * A 3x3 convolution of stride 1 with 16 instead of 36 products for 2x2 outputs: every 4x4 tile of
 * the input is transformed, the 16 positions are multiplied as matrices [tiles, in] x [in, out],
 * and every 2x2 tile of the output is transformed back.
 *
 * <p>Source: Lavin, Gray, "Fast algorithms for convolutional neural networks", CVPR 2016, F(2x2,
 * 3x3). Images are [images, side, side, channels] (channels last) on both sides.
 */
final class WinogradConvolution {
  private static final int TILE = 2;
  private static final int POSITIONS = 16;

  private final OneDnn owner;
  private final int images;
  private final int inChannels;
  private final int outChannels;
  private final int side;
  private final int tiles;
  private final OneDnnTensor weights;
  private final float[] transformedWeights;
  private final matmul.primitive_desc product;

  private final float[] bias;
  private final float leak;

  private WinogradConvolution(
      OneDnn owner, int images, int inChannels, int outChannels, int side, float leak) {
    this.owner = owner;
    this.images = images;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.side = side;
    this.leak = leak;
    tiles = side / TILE;
    long rows = (long) images * tiles * tiles;
    product =
        owner.own(
            new matmul.primitive_desc(
                new matmul.desc(
                    OneDnn.rowMajor(POSITIONS, rows, inChannels),
                    OneDnn.rowMajor(
                        new long[] {POSITIONS, inChannels, outChannels}, apart(outChannels)),
                    OneDnn.rowMajor(POSITIONS, rows, outChannels)),
                OneDnn.attributes(),
                owner.engine()));
    weights = owner.tensor(product.weights_desc());
    transformedWeights = new float[POSITIONS * inChannels * apart(outChannels)];
    bias = new float[outChannels];
  }

  /** The forward pass of a convolution, with LeakyReLU of that slope; none for no activation. */
  static WinogradConvolution forward(OneDnn owner, ConvolutionShape shape, OptionalDouble leak) {
    return new WinogradConvolution(
        owner,
        shape.images(),
        shape.inChannels(),
        shape.outChannels(),
        shape.inSide(),
        (float) leak.orElse(1));
  }

  /** The gradient of the input: a convolution with kernels turned by half a circle. */
  static WinogradConvolution backward(OneDnn owner, ConvolutionShape shape) {
    return new WinogradConvolution(
        owner, shape.images(), shape.outChannels(), shape.inChannels(), shape.inSide(), 1);
  }

  /**
   * Whether it is faster than the direct way: measured on Zen 3, from 128 channels on both sides
   * and 8x8 pixels.
   */
  static boolean pays(ConvolutionShape shape) {
    return shape.kernel() == 3
        && shape.stride() == 1
        && shape.inChannels() >= 128
        && shape.outChannels() >= 128
        && shape.inSide() >= 8
        && shape.inSide() % TILE == 0;
  }

  /** Loads bias and weights [out, in, 3, 3] for the forward pass. */
  void loadForward(float[] values, int biasAt, int weightsAt) {
    System.arraycopy(values, biasAt, bias, 0, outChannels);
    for (int o = 0; o < outChannels; o++) {
      for (int i = 0; i < inChannels; i++) {
        transform(values, weightsAt + (o * inChannels + i) * 9, 0, 1, i, o);
      }
    }
    weights.write(transformedWeights, 0);
  }

  /** Loads weights [out, in, 3, 3] for the gradient of the input; out is what comes in here. */
  void loadBackward(float[] values, int weightsAt) {
    for (int i = 0; i < inChannels; i++) {
      for (int o = 0; o < outChannels; o++) {
        transform(values, weightsAt + (i * outChannels + o) * 9, 8, -1, i, o);
      }
    }
    weights.write(transformedWeights, 0);
  }

  /** G g G^T of the kernel whose nine values start at {@code at + first} and go on by step. */
  private void transform(float[] values, int at, int first, int step, int in, int out) {
    double[] half = new double[12];
    for (int x = 0; x < 3; x++) {
      double top = values[at + first + step * x];
      double middle = values[at + first + step * (3 + x)];
      double bottom = values[at + first + step * (6 + x)];
      half[x] = top;
      half[3 + x] = (top + middle + bottom) / 2;
      half[6 + x] = (top - middle + bottom) / 2;
      half[9 + x] = bottom;
    }
    for (int y = 0; y < 4; y++) {
      double left = half[3 * y];
      double middle = half[3 * y + 1];
      double right = half[3 * y + 2];
      put(4 * y, in, out, left);
      put(4 * y + 1, in, out, (left + middle + right) / 2);
      put(4 * y + 2, in, out, (left - middle + right) / 2);
      put(4 * y + 3, in, out, right);
    }
  }

  private void put(int position, int in, int out, double value) {
    transformedWeights[(position * inChannels + in) * apart(outChannels) + out] = (float) value;
  }

  /** Appends the convolution; returns its output, channels last. */
  OneDnnTensor append(OneDnnSteps steps, OneDnnTensor input) {
    OneDnnTensor source =
        steps.converted(input, OneDnn.channelsLast(images, inChannels, side, side));
    OneDnnTensor transformedInput = owner.tensor(product.src_desc());
    OneDnnTensor transformedOutput = owner.tensor(product.dst_desc());
    OneDnnTensor output = owner.tensor(OneDnn.channelsLast(images, outChannels, side, side));
    steps.add(transformInput(source, transformedInput));
    steps.add(
        new matmul(product),
        product,
        Map.of(
            dnnl.DNNL_ARG_SRC,
            transformedInput,
            dnnl.DNNL_ARG_WEIGHTS,
            weights,
            dnnl.DNNL_ARG_DST,
            transformedOutput));
    steps.add(transformOutput(transformedOutput, output));
    return output;
  }

  private Runnable transformInput(OneDnnTensor source, OneDnnTensor target) {
    int channels = inChannels;
    int line = (side + 2) * channels;
    float[] padded = new float[4 * line];
    int plane = apart(tiles * channels);
    float[] row = new float[POSITIONS * plane];
    return () -> {
      for (int image = 0; image < images; image++) {
        for (int tileRow = 0; tileRow < tiles; tileRow++) {
          for (int y = 0; y < 4; y++) {
            int from = TILE * tileRow - 1 + y;
            if (from >= 0 && from < side) {
              source.read(
                  (image * side + from) * side * channels,
                  padded,
                  y * line + channels,
                  side * channels);
            } else {
              Arrays.fill(padded, y * line, (y + 1) * line, 0f);
            }
          }
          for (int tile = 0; tile < tiles; tile++) {
            transformTile(padded, TILE * tile * channels, line, channels, row, tile * channels);
          }
          int at = (image * tiles + tileRow) * tiles * channels;
          for (int position = 0; position < POSITIONS; position++) {
            target.write(
                row,
                position * plane,
                position * images * tiles * tiles * channels + at,
                tiles * channels);
          }
        }
      }
    };
  }

  /** B^T d B for every channel of a 4x4 tile. */
  private void transformTile(float[] d, int at, int line, int channels, float[] v, int to) {
    int plane = apart(tiles * channels);
    for (int c = 0; c < channels; c++) {
      int from = at + c;
      float a0 = d[from];
      float a1 = d[from + channels];
      float a2 = d[from + 2 * channels];
      float a3 = d[from + 3 * channels];
      from += line;
      float b0 = d[from];
      float b1 = d[from + channels];
      float b2 = d[from + 2 * channels];
      float b3 = d[from + 3 * channels];
      from += line;
      float c0 = d[from];
      float c1 = d[from + channels];
      float c2 = d[from + 2 * channels];
      float c3 = d[from + 3 * channels];
      from += line;
      float d0 = d[from];
      float d1 = d[from + channels];
      float d2 = d[from + 2 * channels];
      float d3 = d[from + 3 * channels];
      int out = to + c;
      out = putRow(v, out, plane, a0 - c0, a1 - c1, a2 - c2, a3 - c3);
      out = putRow(v, out, plane, b0 + c0, b1 + c1, b2 + c2, b3 + c3);
      out = putRow(v, out, plane, c0 - b0, c1 - b1, c2 - b2, c3 - b3);
      putRow(v, out, plane, b0 - d0, b1 - d1, b2 - d2, b3 - d3);
    }
  }

  private static int putRow(float[] v, int out, int plane, float p0, float p1, float p2, float p3) {
    v[out] = p0 - p2;
    v[out + plane] = p1 + p2;
    v[out + 2 * plane] = p2 - p1;
    v[out + 3 * plane] = p1 - p3;
    return out + 4 * plane;
  }

  private Runnable transformOutput(OneDnnTensor source, OneDnnTensor target) {
    int channels = outChannels;
    int line = side * channels;
    int plane = apart(tiles * channels);
    float[] row = new float[POSITIONS * plane];
    float[] lines = new float[TILE * line];
    return () -> {
      for (int tileRow = 0; tileRow < images * tiles; tileRow++) {
        for (int position = 0; position < POSITIONS; position++) {
          source.read(
              (position * images * tiles + tileRow) * tiles * channels,
              row,
              position * plane,
              tiles * channels);
        }
        for (int tile = 0; tile < tiles; tile++) {
          transformTileBack(row, tile * channels, lines, TILE * tile * channels, line);
        }
        target.write(lines, 0, TILE * tileRow * line, TILE * line);
      }
    };
  }

  /** A^T m A, bias and activation for every channel of a 2x2 tile. */
  private void transformTileBack(float[] m, int at, float[] y, int to, int line) {
    int plane = apart(tiles * outChannels);
    for (int c = 0; c < outChannels; c++) {
      int from = at + c;
      float left0 = left(m, from, plane);
      float right0 = right(m, from, plane);
      from += 4 * plane;
      float left1 = left(m, from, plane);
      float right1 = right(m, from, plane);
      from += 4 * plane;
      float left2 = left(m, from, plane);
      float right2 = right(m, from, plane);
      from += 4 * plane;
      float left3 = left(m, from, plane);
      float right3 = right(m, from, plane);
      int out = to + c;
      y[out] = activated(left0 + left1 + left2 + bias[c]);
      y[out + outChannels] = activated(right0 + right1 + right2 + bias[c]);
      y[out + line] = activated(left1 - left2 - left3 + bias[c]);
      y[out + line + outChannels] = activated(right1 - right2 - right3 + bias[c]);
    }
  }

  private static float left(float[] m, int from, int plane) {
    return m[from] + m[from + plane] + m[from + 2 * plane];
  }

  private static float right(float[] m, int from, int plane) {
    return m[from + plane] - m[from + 2 * plane] - m[from + 3 * plane];
  }

  /**
   * Distance of rows of that length: a cache line more than they need, since rows a power of two
   * apart would meet in few lines of the cache.
   */
  private static int apart(int length) {
    return length + 16;
  }

  private float activated(float value) {
    return Math.max(value, leak * value);
  }
}
