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
  private final CompiledNetwork<FusedProgram> compiled;

  /**
   * An engine with all parameters 0.
   *
   * @throws IllegalStateException if oneDNN's native library cannot be loaded
   */
  public FusedEngine(GridNetwork network) {
    this.network = network;
    compiled = new CompiledNetwork<>(network, images -> FusedProgram.compile(network, images));
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
  public void load(float[] parameters) {
    compiled.load(parameters);
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
    FusedProgram program = programFor(images);
    float[] values = program.values(images.pixels());
    long uses = compiled.uses();
    float[] scales = weights.apply(values);
    if (compiled.uses() != uses || compiled.isClosed()) {
      throw new IllegalStateException(EnergyEngine.USED_MEANWHILE);
    }
    GridNetwork.requireWeightsOf(images, scales);
    return program.parameterGradient(scales);
  }

  @Override
  public PenaltyGradient penaltyGradient(ImageBatch images) {
    compiled.requireOpen();
    network.requireNoBatchNorm();
    if (!network.spec().activation().isPiecewiseLinear()) {
      return PenaltyDifference.of(this, images);
    }
    FusedProgram program = programFor(images);
    if (program.compileTangents()) {
      compiled.layOut(program);
    }
    return program.penaltyGradient(images.pixels());
  }

  private FusedProgram programFor(ImageBatch images) {
    compiled.requireOpen();
    network.requireShapeOf(images);
    return compiled.forBatch(images.count());
  }

  @Override
  public void close() {
    compiled.close();
  }
}
