package org.gridscape.energy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The ND4J of this process: the backend that it found and the device that it computes on. */
public final class Nd4jLibrary {
  private static final String VERSION = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

  /**
   * Environment variables that choose kernels in the libraries of the CPU backend. Its oneDNN does
   * not know the newer name ONEDNN_MAX_CPU_ISA.
   */
  private static final List<String> NARROWING = List.of("DNNL_MAX_CPU_ISA", "OPENBLAS_CORETYPE");

  private Nd4jLibrary() {}

  /** Version, backend and build of ND4J, on one line. */
  public static String description() {
    return "ND4J %s %s (%s)".formatted(version(), backend(), build());
  }

  /** Simple class name of the backend, like CpuBackend or JCublasBackend. */
  public static String backend() {
    return Nd4j.getBackend().getClass().getSimpleName();
  }

  /** Whether the backend computes on GPUs. */
  public static boolean isOnGpu() {
    return !Nd4j.getEnvironment().isCPU();
  }

  /** Makes the current thread compute on a device; of no effect with the CPU backend. */
  public static void useDevice(int index) {
    Nd4j.getAffinityManager().unsafeSetDevice(index);
  }

  /** Name of the device of the current thread, {@code cpu} for the CPU backend. */
  public static String device() {
    return isOnGpu() ? operations().getDeviceName(deviceIndex()) : "cpu";
  }

  /** Free memory of the current thread's GPU in bytes. */
  public static long freeDeviceMemory() {
    return operations().getDeviceFreeMemory(deviceIndex());
  }

  /** All memory of the current thread's GPU in bytes. */
  public static long totalDeviceMemory() {
    return operations().getDeviceTotalMemory(deviceIndex());
  }

  private static int deviceIndex() {
    return Nd4j.getAffinityManager().getDeviceForCurrentThread();
  }

  private static NativeOps operations() {
    return NativeOpsHolder.getInstance().getDeviceNativeOps();
  }

  /** What an environment takes from the instruction sets of the processor. */
  static String instructions(Map<String, String> environment) {
    String narrowed =
        NARROWING.stream()
            .filter(environment::containsKey)
            .map(variable -> variable + "=" + environment.get(variable))
            .collect(Collectors.joining(" "));
    return narrowed.isEmpty() ? "native" : narrowed;
  }

  private static String build() {
    return Nd4j.getBackend().buildInfo().strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  /** As Maven wrote it into the library, or unknown. */
  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = Nd4j.class.getResourceAsStream(VERSION)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + VERSION, e);
    }
    return properties.getProperty("version", "unknown");
  }
}
