package org.gridscape.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.package$;

/** Writes {@code jobs/target/FAULTS.md}: the faults tried so far in this process. */
final class FaultTable {
  static final String SAME = "parametersSha256 equal";

  private static final Path FILE =
      Path.of(System.getProperty("gridscape.home", ".."), "jobs/target/FAULTS.md");
  private static final SortedMap<String, String> ROWS = new TreeMap<>();

  private FaultTable() {}

  /**
   * Adds a row.
   *
   * @param number the place of the row, such as 05a
   * @param fault what went wrong
   * @param made how the test made it
   * @param happened what Gridscape did
   * @param outcome equality of the hash, and the message where there is one
   */
  static synchronized void add(
      String number, String fault, String made, String happened, String outcome)
      throws IOException {
    ROWS.put(
        number,
        "| %s | %s | %s | %s |\n"
            .formatted(cell(fault), cell(made), cell(happened), cell(outcome)));
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Faults tried

        Written by `mvn -B verify -Pfaults`: a row a fault, with driver and executors as processes
        of their own. Equal means: the run's parametersSha256 is that of the same run without a
        fault on one core of one process. A message is the error in result.json and on the
        console; folders are shortened to `...`.

        """);
    text.append("%s, %s\n\n".formatted(LocalDate.now(ZoneOffset.UTC), machine()));
    text.append("| fault | made by | what happened | outcome |\n| --- | --- | --- | --- |\n");
    ROWS.values().forEach(text::append);
    Files.createDirectories(FILE.toAbsolutePath().getParent());
    Files.writeString(FILE, text);
  }

  private static String cell(String text) {
    return text.replaceAll("(/[^\\s/:]+)+/junit-\\d+/", ".../")
        .replaceAll("(troubled:)?(/[^\\s/:]+)*/(?=(runs|data|store|work)/)", ".../")
        .replace("|", "\\|");
  }

  private static String machine() throws IOException {
    Path processors = Path.of("/proc/cpuinfo");
    String processor = System.getProperty("os.arch");
    if (Files.isReadable(processors)) {
      processor =
          Files.readAllLines(processors).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(processor);
    }
    return "%s, %d cores, %s %s, Java %s, Spark %s, %s, engine %s"
        .formatted(
            processor,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.version"),
            package$.MODULE$.SPARK_VERSION(),
            String.join(" ", new Version().getVersion()),
            SmallRun.ENGINE);
  }
}
