package org.gridscape.bench;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainDiagnostics;
import org.gridscape.langevin.ChainNoise;
import org.gridscape.langevin.LangevinChain;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Noise and the pixel pass of the chain, in nanoseconds a number or a pixel and step.
 *
 * <p>16 images of 3x32x32; the pass runs in whole chains of an energy whose gradient is 0 and costs
 * nothing. Run by {@code jobs/bench/run-kernels}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ChainKernels {
  private static final ImageShape SHAPE = new ImageShape(3, 32);
  private static final int COUNT = 16;
  private static final int STEPS = 20;
  private static final int PIXELS = COUNT * 3 * 32 * 32;

  private final NoiseStream stream = NoiseStream.of(1, NoiseStream.Purpose.LANGEVIN);
  private final ImageBatch images = ImageBatch.zeros(SHAPE, COUNT);
  private final List<String> ids = Collections.nCopies(COUNT, "image");
  private final LangevinChain noisy = chain(0.05f);
  private final LangevinChain quiet = chain(0f);
  private final float[] numbers = new float[PIXELS];
  private int iteration;

  /** Starts every trial from the same pixels. */
  @Setup
  public void start() {
    Arrays.fill(images.pixels(), 0.5f);
  }

  /** Philox and a conversion. */
  @Benchmark
  @OperationsPerInvocation(PIXELS)
  public float[] uniforms() {
    stream.uniforms(NoiseAddress.of(iteration++, 0), numbers);
    return numbers;
  }

  /** Philox and the table. */
  @Benchmark
  @OperationsPerInvocation(PIXELS)
  public float[] normals() {
    stream.normals(NoiseAddress.of(iteration++, 0), numbers);
    return numbers;
  }

  /** The pass with noise. */
  @Benchmark
  @OperationsPerInvocation(PIXELS * STEPS)
  public ChainDiagnostics passWithNoise() {
    return noisy.run(images, new ChainNoise(stream, iteration++, 0, 0), ids);
  }

  /** The pass without noise. */
  @Benchmark
  @OperationsPerInvocation(PIXELS * STEPS)
  public ChainDiagnostics passWithoutNoise() {
    return quiet.run(images, new ChainNoise(stream, iteration++, 0, 0), ids);
  }

  private static LangevinChain chain(float noise) {
    return new LangevinChain(
        new ZeroEnergy(SHAPE),
        new LangevinSettings(STEPS, 0.01f, noise, Float.POSITIVE_INFINITY, PixelRange.SIGNED_UNIT));
  }
}
