package org.gridscape.energy;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.gridscape.image.ImageBatch;

/**
 * The fast engine on CPU: the network is compiled into oneDNN primitives for the size of batch at
 * hand, and a chain computes the gradient of the pixels only.
 *
 * <p>It never loads ND4J. A batch of another size compiles the network anew.
 */
public final class FusedEngine implements EnergyEngine {
  private final GridNetwork network;
  private float[] parameters;
  private Optional<FusedProgram> program = Optional.empty();
  private boolean closed;

  /**
   * An engine with all parameters 0.
   *
   * @throws IllegalStateException if oneDNN's native library cannot be loaded
   */
  public FusedEngine(GridNetwork network) {
    OneDnn.requireLoaded();
    this.network = network;
    parameters = new float[network.parameterCount()];
  }

  /** Whether oneDNN loads here and generates its kernels for the processor, as on x86-64 only. */
  static boolean runsGeneratedKernels() {
    String processor = System.getProperty("os.arch", "");
    if (!processor.equals("amd64") && !processor.equals("x86_64")) {
      return false;
    }
    try {
      OneDnn.requireLoaded();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /**
   * The version of oneDNN, like 2.5.2.
   *
   * @throws IllegalStateException if its native library cannot be loaded
   */
  public static String libraryVersion() {
    OneDnn.requireLoaded();
    dnnl_version_t version = dnnl.dnnl_version();
    return "%d.%d.%d".formatted(version.major(), version.minor(), version.patch());
  }

  @Override
  public GridNetwork network() {
    return network;
  }

  @Override
  public void load(float[] newParameters) {
    requireOpen();
    network.requireParameters(newParameters);
    parameters = newParameters.clone();
    program.ifPresent(p -> p.load(parameters));
  }

  @Override
  public float[] values(ImageBatch images) {
    return programFor(images).values(images.pixels());
  }

  @Override
  public void inputGradient(ImageBatch images, float[] gradient) {
    GridNetwork.requireGradientOf(images, gradient);
    programFor(images).inputGradient(images.pixels(), gradient);
  }

  @Override
  public float[] parameterGradient(ImageBatch images, UnaryOperator<float[]> weights) {
    FusedProgram compiled = programFor(images);
    float[] scales = weights.apply(compiled.values(images.pixels()));
    GridNetwork.requireWeightsOf(images, scales);
    return compiled.parameterGradient(scales);
  }

  @Override
  public float[] penaltyGradient(ImageBatch images) {
    requireOpen();
    network.requireNoBatchNorm();
    if (!network.spec().activation().isPiecewiseLinear()) {
      return PenaltyDifference.gradient(this, images);
    }
    FusedProgram compiled = programFor(images);
    if (compiled.compileTangents()) {
      compiled.load(parameters);
    }
    return compiled.penaltyGradient(images.pixels());
  }

  private FusedProgram programFor(ImageBatch images) {
    requireOpen();
    network.requireShapeOf(images);
    if (program.isEmpty() || program.get().images() != images.count()) {
      program.ifPresent(FusedProgram::close);
      program = Optional.empty();
      FusedProgram compiled = new FusedProgram(network, images.count());
      compiled.load(parameters);
      program = Optional.of(compiled);
    }
    return program.get();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Cannot use engine: it is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    program.ifPresent(FusedProgram::close);
    program = Optional.empty();
  }
}
