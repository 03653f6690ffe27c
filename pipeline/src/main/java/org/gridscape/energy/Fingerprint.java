package org.gridscape.energy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;

/**
 * What can change the bits that an engine computes, as far as a process can tell: two processes of
 * equal fingerprints give the same bits for the same cell.
 *
 * @param engine whose bits
 * @param architecture of the machine, as Java names it
 * @param processor its name and, where the system tells them, its family and model: native
 *     libraries choose kernels and block sizes by it
 * @param library that computes and its version
 * @param instructions the widest instruction set that the library uses; for ND4J, which does not
 *     tell, the environment variables that narrow it, or {@code native}
 * @param device that computes, {@code cpu} or the name of the GPU
 * @param java feature version
 */
public record Fingerprint(
    EngineKind engine,
    String architecture,
    String processor,
    String library,
    String instructions,
    String device,
    int java)
    implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Map<EngineKind, Fingerprint> KNOWN = new EnumMap<>(EngineKind.class);

  /**
   * That of this process; found out once. For the fused engine, ND4J is not loaded.
   *
   * @throws IllegalStateException if the engine's native library cannot be loaded
   */
  public static synchronized Fingerprint of(EngineKind engine) {
    return KNOWN.computeIfAbsent(
        engine,
        kind ->
            switch (kind) {
              case FUSED -> fused();
              case REFERENCE -> reference();
            });
  }

  private static Fingerprint fused() {
    String version =
        FusedEngine.libraryVersion()
            .orElseThrow(
                () -> new IllegalStateException("Cannot describe fused engine: oneDNN not found"));
    return here(
        EngineKind.FUSED,
        "oneDNN " + version,
        instructionSet(dnnl.dnnl_get_effective_cpu_isa()),
        "cpu");
  }

  private static Fingerprint reference() {
    return here(
        EngineKind.REFERENCE,
        Nd4jLibrary.description(),
        Nd4jLibrary.instructions(System.getenv()),
        Nd4jLibrary.device());
  }

  private static Fingerprint here(
      EngineKind engine, String library, String instructions, String device) {
    return new Fingerprint(
        engine,
        System.getProperty("os.arch", ""),
        Processor.name(),
        library,
        instructions,
        device,
        Runtime.version().feature());
  }

  /** oneDNN's name of an instruction set. */
  static String instructionSet(int isa) {
    return switch (isa) {
      case dnnl.dnnl_cpu_isa_all -> "none";
      case dnnl.dnnl_cpu_isa_sse41 -> "sse41";
      case dnnl.dnnl_cpu_isa_avx -> "avx";
      case dnnl.dnnl_cpu_isa_avx2 -> "avx2";
      case dnnl.dnnl_cpu_isa_avx2_vnni -> "avx2_vnni";
      case dnnl.dnnl_cpu_isa_avx512_mic -> "avx512_mic";
      case dnnl.dnnl_cpu_isa_avx512_mic_4ops -> "avx512_mic_4ops";
      case dnnl.dnnl_cpu_isa_avx512_core -> "avx512_core";
      case dnnl.dnnl_cpu_isa_avx512_core_vnni -> "avx512_core_vnni";
      case dnnl.dnnl_cpu_isa_avx512_core_bf16 -> "avx512_core_bf16";
      case dnnl.dnnl_cpu_isa_avx512_core_amx -> "avx512_core_amx";
      default -> "0x" + Integer.toHexString(isa);
    };
  }

  /**
   * In what another fingerprint departs from this one.
   *
   * @return for each component that differs its name, its value here and there; empty if equal
   */
  public List<String> differences(Fingerprint other) {
    List<String> differences = new ArrayList<>();
    compare(differences, "engine", engine, other.engine);
    compare(differences, "architecture", architecture, other.architecture);
    compare(differences, "processor", processor, other.processor);
    compare(differences, "library", library, other.library);
    compare(differences, "instructions", instructions, other.instructions);
    compare(differences, "device", device, other.device);
    compare(differences, "java", java, other.java);
    return differences;
  }

  private static void compare(List<String> differences, String name, Object here, Object there) {
    if (!here.equals(there)) {
      differences.add("%s: %s and %s".formatted(name, here, there));
    }
  }

  /** All of it in one line. */
  @Override
  public String toString() {
    return "%s on %s, %s, %s, %s, %s, Java %d"
        .formatted(engine, device, architecture, processor, library, instructions, java);
  }
}
