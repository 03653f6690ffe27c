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
  private long passes;
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
    return libraryVersion().isPresent();
  }

  /** The version of oneDNN, like 2.5.2; none if its native library cannot be loaded here. */
  public static Optional<String> libraryVersion() {
    try {
      OneDnn.requireLoaded();
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
    dnnl_version_t version = dnnl.dnnl_version();
    return Optional.of("%d.%d.%d".formatted(version.major(), version.minor(), version.patch()));
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
    program.ifPresent(this::layOut);
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
    float[] values = compiled.values(images.pixels());
    long pass = passes;
    float[] scales = weights.apply(values);
    if (passes != pass || closed) {
      throw new IllegalStateException(EnergyEngine.USED_MEANWHILE);
    }
    GridNetwork.requireWeightsOf(images, scales);
    return compiled.parameterGradient(scales);
  }

  @Override
  public PenaltyGradient penaltyGradient(ImageBatch images) {
    requireOpen();
    network.requireNoBatchNorm();
    if (!network.spec().activation().isPiecewiseLinear()) {
      return PenaltyDifference.of(this, images);
    }
    FusedProgram compiled = programFor(images);
    if (compiled.compileTangents()) {
      layOut(compiled);
    }
    return compiled.penaltyGradient(images.pixels());
  }

  private FusedProgram programFor(ImageBatch images) {
    requireOpen();
    network.requireShapeOf(images);
    passes++;
    if (program.isPresent() && program.get().images() == images.count()) {
      return program.get();
    }
    closeProgram();
    FusedProgram compiled = FusedProgram.compile(network, images.count());
    program = Optional.of(compiled);
    layOut(compiled);
    return compiled;
  }

  /** Loads the parameters; a program that is left half loaded is given up. */
  private void layOut(FusedProgram compiled) {
    passes++;
    try {
      compiled.load(parameters);
    } catch (RuntimeException | Error e) {
      closeProgram();
      throw e;
    }
  }

  private void closeProgram() {
    program.ifPresent(FusedProgram::close);
    program = Optional.empty();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Cannot use engine: it is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    closeProgram();
  }
}
