package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.spark.package$;
import org.nd4j.linalg.factory.Nd4j;

/** What the figures were measured on. */
final class Machine {
  private static final Path CPU = Path.of("/proc/cpuinfo");

  private Machine() {}

  /**
   * Processor, memory, system, versions, date and load.
   *
   * @param version of Gridscape
   */
  static ObjectNode describe(String version) {
    ObjectNode machine = JsonNodeFactory.instance.objectNode();
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    machine.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    machine.put("loadAverage", system.getSystemLoadAverage());
    machine.put("cpu", cpu());
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    if (system instanceof com.sun.management.OperatingSystemMXBean memory) {
      machine.put("memoryMiB", memory.getTotalMemorySize() >> 20);
    }
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("arch", System.getProperty("os.arch"));
    machine.put(
        "java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
    machine.put("heapMiB", Runtime.getRuntime().maxMemory() >> 20);
    machine.put("gridscape", version);
    machine.put("spark", package$.MODULE$.SPARK_VERSION());
    machine.put("nd4j", String.valueOf(Nd4j.class.getPackage().getImplementationVersion()));
    machine.put("nd4jBuild", Nd4j.getBackend().buildInfo().strip());
    return machine;
  }

  /** The name in /proc/cpuinfo, or the architecture where there is none. */
  private static String cpu() {
    try {
      List<String> lines = Files.isReadable(CPU) ? Files.readAllLines(CPU) : List.of();
      return lines.stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
