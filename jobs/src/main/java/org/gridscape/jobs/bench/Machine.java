package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Properties;
import org.apache.spark.package$;
import org.gridscape.energy.FusedEngine;
import org.nd4j.linalg.factory.Nd4j;

/** What the figures were measured on. */
final class Machine {
  private static final Path CPU = Path.of("/proc/cpuinfo");
  private static final String ND4J = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

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
    machine.put("oneDnn", FusedEngine.libraryVersion().orElse("none"));
    machine.put("nd4j", nd4jVersion());
    machine.put("nd4jBuild", Nd4j.getBackend().buildInfo().strip().replace('\n', ' '));
    return machine;
  }

  /** As Maven wrote it into the library, or unknown. */
  private static String nd4jVersion() {
    Properties properties = new Properties();
    try (InputStream in = Nd4j.class.getResourceAsStream(ND4J)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + ND4J, e);
    }
    return properties.getProperty("version", "unknown");
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
