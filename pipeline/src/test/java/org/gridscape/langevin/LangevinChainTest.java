package org.gridscape.langevin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.gridscape.energy.Activation;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.energy.PenaltyGradient;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.noise.NoiseStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chains of a normal distribution, of which everything is known. */
class LangevinChainTest {
  private static final ImageShape SHAPE = new ImageShape(1, 8);
  private static final PixelRange WIDE = new PixelRange(-1000f, 1000f);
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  /** The chain is autoregressive: x' = r x + a m / v + b z with r = 1 - a (1/v + 1/s^2). */
  @ParameterizedTest
  @CsvSource({
    "0.1, 0.2, Infinity, 40",
    "0.1, 0.2, 0.7, 40",
    "0.5, 0.3, 2, 3",
    "0.3, 1.5, Infinity, 1",
    "0.045, 0.3, 1.5, 30"
  })
  void meanAndVarianceAreThoseOfTheDiscretisedChain(float a, float b, float s, int steps) {
    double m = 0.8;
    double v = 0.5;
    double start = -1.2;
    ImageBatch x = constant((float) start, 256);
    run(new Normal((float) m, (float) v), new LangevinSettings(steps, a, b, s, WIDE), x);
    double k = 1 / v + 1 / ((double) s * s);
    double r = 1 - a * k;
    double stationary = m / v / k;
    double mean = stationary + Math.pow(r, steps) * (start - stationary);
    double variance = b * b * (1 - Math.pow(r, 2.0 * steps)) / (1 - r * r);
    assertMoments(x, mean, variance, 0);
  }

  /** For small steps the chain samples exp(f / T) times the reference to the power 1 / T. */
  @Test
  void temperatureIsHalfTheSquaredNoiseOverTheStepSize() {
    double temperature = 0.2;
    float a = 0.02f;
    float b = (float) Math.sqrt(2 * a * temperature);
    ImageBatch x = constant(0f, 64);
    run(new Normal(0.3f, 0.5f), new LangevinSettings(300, a, b, INFINITY, WIDE), x);
    assertMoments(x, 0.3, temperature * 0.5, a / 0.5);
  }

  @Test
  void withoutNoiseEveryStepClimbs() {
    Normal engine = new Normal(0.4f, 2f);
    LangevinSettings one = new LangevinSettings(1, 0.5f, 0f, INFINITY, WIDE);
    ImageBatch x = constant(-3f, 2);
    float before = engine.values(x)[0];
    for (int step = 0; step < 40; step++) {
      run(engine, one, x);
      float after = engine.values(x)[0];
      assertThat(after).isGreaterThan(before);
      before = after;
    }
    assertThat(x.pixels()[7]).isCloseTo(0.4f, offset(1e-3f));
  }

  @Test
  void clipsToTheRangeAndCountsTheLastStep() {
    Normal engine = new Normal(5f, 1f);
    LangevinSettings settings = new LangevinSettings(2, 1f, 0f, INFINITY, PixelRange.SIGNED_UNIT);
    ImageBatch x = constant(0f, 3);
    assertThat(run(engine, settings, x).clippedPixels()).isEqualTo(3 * 64);
    assertThat(x.pixels()).containsOnly(1f);
    ImageBatch inside = constant(0f, 3);
    assertThat(run(new Normal(0.5f, 1f), settings, inside).clippedPixels()).isZero();
    assertThat(inside.pixels()).containsOnly(0.5f);
  }

  @Test
  void gradientStrengthIsAveragedOverTheStepsAndSummedOverTheImages() {
    // From 0 with a = 1/2, v = 1 the distance to the mean 1 is 1, then 1/2; 8 is the root of 64.
    LangevinSettings settings = new LangevinSettings(2, 0.5f, 0f, INFINITY, WIDE);
    ChainDiagnostics diagnostics = run(new Normal(1f, 1f), settings, constant(0f, 3));
    assertThat(diagnostics.gradientStrengthSum()).isEqualTo(3 * (8 + 4) / 2.0);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void namesTheFirstGradientThatIsNotFinite(float broken) {
    Normal engine = new Normal(0f, 1f);
    engine.breakAt(2, 64 + 5, broken);
    LangevinSettings settings = new LangevinSettings(4, 0.1f, 0.1f, INFINITY, WIDE);
    ImageBatch x = constant(0f, 3);
    assertThatThrownBy(
            () ->
                new LangevinChain(engine, settings).run(x, noise(0, 0, 0), List.of("a", "b", "c")))
        .isInstanceOf(DivergedChainException.class)
        .hasMessage("Chain diverged: gradient is not finite on grid 8 at step 2 of image b");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void findsAnInfiniteGradientAtTheLastPixelOfAnImage(float broken) {
    ImageShape odd = new ImageShape(3, 5);
    LangevinSettings settings =
        new LangevinSettings(4, 0.1f, 0.1f, INFINITY, PixelRange.SIGNED_UNIT);
    for (int image = 0; image < 3; image++) {
      Normal engine = new Normal(0f, 1f);
      engine.breakAt(3, 75 * image + 74, broken);
      LangevinChain chain = new LangevinChain(engine, settings);
      assertThatThrownBy(
              () -> chain.run(ImageBatch.zeros(odd, 3), noise(0, 0, 0), List.of("a", "b", "c")))
          .isInstanceOf(DivergedChainException.class)
          .hasMessage(
              "Chain diverged: gradient is not finite on grid 5 at step 3 of image %s"
                  .formatted("abc".charAt(image)));
    }
  }

  /** Against the formula, pixel by pixel, for images that fill no vector. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0.3",
    "3, 1, 0.3",
    "1, 5, 0.3",
    "3, 5, 0.3",
    "3, 5, 0",
    "1, 33, 0.3",
    "3, 37, 0.3"
  })
  void everyPixelMovesByTheFormula(int channels, int side, float b) {
    ImageShape shape = new ImageShape(channels, side);
    PixelRange range = new PixelRange(-0.5f, 0.75f);
    float a = 0.15f;
    float s = 0.7f;
    ImageBatch x = ImageBatch.zeros(shape, 3);
    float[] expected = new float[x.pixels().length];
    double strength = 0;
    int clipped = 0;
    for (int step = 0; step < 3; step++) {
      clipped = 0;
      for (int slot = 0; slot < 3; slot++) {
        float[] z = new float[shape.size()];
        if (b > 0) {
          noise(3, 1, 0).step(step, slot, z, 0, z.length);
        }
        double squares = 0;
        for (int i = 0; i < z.length; i++) {
          int at = slot * z.length + i;
          float g = (0.4f - expected[at]) / 0.2f;
          squares += (double) g * g;
          float moved = expected[at] + a * (g - expected[at] * (1 / (s * s))) + b * z[i];
          expected[at] = Math.max(-0.5f, Math.min(0.75f, moved));
          clipped += moved < -0.5f || moved > 0.75f ? 1 : 0;
        }
        strength += Math.sqrt(squares) / 3;
      }
    }
    ChainDiagnostics diagnostics =
        run(new Normal(0.4f, 0.2f), new LangevinSettings(3, a, b, s, range), x);
    assertThat(x.pixels()).containsExactly(expected);
    assertThat(diagnostics.clippedPixels()).isEqualTo(clipped);
    assertThat(diagnostics.gradientStrengthSum()).isCloseTo(strength, offset(1e-12 * strength));
  }

  @Test
  void noiseBelongsToTheImageNotToTheBatch() {
    Normal engine = new Normal(0f, 1f);
    LangevinSettings settings = new LangevinSettings(5, 0.1f, 0.3f, INFINITY, WIDE);
    ImageBatch four = constant(0.5f, 4);
    ImageBatch two = constant(0.5f, 2);
    run(engine, settings, four);
    run(engine, settings, two);
    assertThat(four.slice(0, 2)).isEqualTo(two);
    assertThat(four.slice(1, 2)).isNotEqualTo(four.slice(0, 1));
  }

  @Test
  void noiseDiffersBetweenIterationsCellsAndGrids() {
    LangevinSettings settings = new LangevinSettings(1, 0.1f, 0.3f, INFINITY, WIDE);
    List<ImageBatch> results =
        IntStream.range(0, 8)
            .mapToObj(
                bits -> {
                  ImageBatch x = constant(0f, 1);
                  new LangevinChain(new Normal(0f, 1f), settings)
                      .run(x, noise(bits & 1, bits >> 1 & 1, bits >> 2), List.of("a"));
                  return x;
                })
            .toList();
    assertThat(results).doesNotHaveDuplicates();
  }

  private static ChainDiagnostics run(
      EnergyEngine engine, LangevinSettings settings, ImageBatch x) {
    List<String> ids = Collections.nCopies(x.count(), "image");
    return new LangevinChain(engine, settings).run(x, noise(3, 1, 0), ids);
  }

  private static ChainNoise noise(int iteration, int cell, int grid) {
    return new ChainNoise(NoiseStream.of(5, NoiseStream.Purpose.LANGEVIN), iteration, cell, grid);
  }

  private static ImageBatch constant(float value, int count) {
    ImageBatch images = ImageBatch.zeros(SHAPE, count);
    Arrays.fill(images.pixels(), value);
    return images;
  }

  /** Within four standard errors of independent pixels; {@code bias} is a share of the variance. */
  private static void assertMoments(ImageBatch x, double mean, double variance, double bias) {
    int n = x.pixels().length;
    double sum = 0;
    double squares = 0;
    for (float value : x.pixels()) {
      sum += value;
      squares += (value - mean) * (value - mean);
    }
    assertThat(sum / n).as("mean").isCloseTo(mean, offset(4 * Math.sqrt(variance / n)));
    assertThat(squares / n)
        .as("variance")
        .isCloseTo(variance, offset(variance * (4 * Math.sqrt(2.0 / n) + bias)));
  }

  /** f(x) = - sum (x - m)^2 / (2 v). */
  private static final class Normal implements EnergyEngine {
    private final float mean;
    private final float variance;
    private int calls;
    private int brokenCall = -1;
    private int brokenPixel;
    private float broken;

    Normal(float mean, float variance) {
      this.mean = mean;
      this.variance = variance;
    }

    void breakAt(int call, int pixel, float value) {
      brokenCall = call;
      brokenPixel = pixel;
      broken = value;
    }

    @Override
    public GridNetwork network() {
      return new GridNetwork(
          NetworkSpec.parse("1x1-1, dense 1", new Activation.Relu(), false), SHAPE);
    }

    @Override
    public void load(float[] parameters) {
      throw new UnsupportedOperationException("no parameters");
    }

    @Override
    public float[] values(ImageBatch images) {
      float[] values = new float[images.count()];
      int size = images.shape().size();
      for (int i = 0; i < images.pixels().length; i++) {
        float distance = images.pixels()[i] - mean;
        values[i / size] -= distance * distance / (2 * variance);
      }
      return values;
    }

    @Override
    public void inputGradient(ImageBatch images, float[] gradient) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = (mean - images.pixels()[i]) / variance;
      }
      if (calls++ == brokenCall) {
        gradient[brokenPixel] = broken;
      }
    }

    @Override
    public float[] parameterGradient(ImageBatch images, UnaryOperator<float[]> weights) {
      throw new UnsupportedOperationException("no parameters");
    }

    @Override
    public PenaltyGradient penaltyGradient(ImageBatch images) {
      throw new UnsupportedOperationException("no parameters");
    }

    @Override
    public void close() {}
  }
}
