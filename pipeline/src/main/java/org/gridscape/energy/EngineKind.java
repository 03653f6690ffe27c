package org.gridscape.energy;

import java.util.List;
import java.util.Locale;

/**
 * The implementations of {@link EnergyEngine} and {@link MapEngine}; the driver chooses one for a
 * whole run.
 */
public enum EngineKind {
  /** {@link ReferenceEngine} and {@link ReferenceMapEngine}. */
  REFERENCE,
  /** {@link FusedEngine} and {@link FusedMapEngine}. */
  FUSED;

  private static final String CUDA_BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

  /**
   * Reads the notation of the configuration.
   *
   * @param name {@code reference}, {@code fused}, or {@code auto} for the faster one here:
   *     reference if ND4J's CUDA backend is on the class path, else fused on x86-64, where oneDNN
   *     generates its kernels, else reference
   */
  public static EngineKind parse(String name) {
    return switch (name) {
      case "reference" -> REFERENCE;
      case "fused" -> FUSED;
      case "auto" ->
          !isOnClassPath(CUDA_BACKEND) && FusedEngine.runsGeneratedKernels() ? FUSED : REFERENCE;
      default ->
          throw new IllegalArgumentException(
              "Invalid engine: " + name + " (must be reference, fused or auto)");
    };
  }

  /** The kinds that run on this platform. */
  public static List<EngineKind> available() {
    return FusedEngine.libraryVersion().isPresent() ? List.of(values()) : List.of(REFERENCE);
  }

  private static boolean isOnClassPath(String className) {
    return EngineKind.class.getClassLoader().getResource(className.replace('.', '/') + ".class")
        != null;
  }

  /** The name in configurations and results. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A new engine for a network; its parameters must be loaded before use.
   *
   * @throws IllegalStateException if its native library cannot be loaded
   */
  public EnergyEngine create(GridNetwork network) {
    return switch (this) {
      case REFERENCE -> new ReferenceEngine(network);
      case FUSED -> new FusedEngine(network);
    };
  }

  /**
   * A new engine for a network from images to images; its parameters must be loaded before use.
   *
   * @throws IllegalStateException if its native library cannot be loaded
   */
  public MapEngine create(MapNetwork network) {
    return switch (this) {
      case REFERENCE -> new ReferenceMapEngine(network);
      case FUSED -> new FusedMapEngine(network);
    };
  }
}
