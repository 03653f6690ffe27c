package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The figures of {@link ClusterBench} for reading: a section of {@code jobs/bench/RESULTS.md}. */
public final class ClusterMarkdown {
  private static final String TITLE = "Executor processes";

  /** Titles of the sections that {@link #render} writes. */
  public static final Set<String> SECTIONS = Set.of(TITLE);

  private static final int MILLIS = 1000;

  private final StringBuilder text = new StringBuilder();
  private final JsonNode results;

  private ClusterMarkdown(JsonNode results) {
    this.results = results;
  }

  /** Renders the JSON of {@link ClusterBench#run}. */
  public static String render(ObjectNode results) {
    ClusterMarkdown markdown = new ClusterMarkdown(results);
    markdown.introduction();
    markdown.times();
    markdown.overheads();
    markdown.model();
    markdown.forecast();
    return markdown.text.toString();
  }

  private void introduction() {
    JsonNode machine = results.path("machine");
    lines(
        "## " + TITLE,
        "Measured at %s on %s, %d cores, Spark %s, load average %.2f at the start: `local-cluster` of one and"
            .formatted(
                machine.path("date").asText(),
                machine.path("cpu").asText(),
                machine.path("cores").asInt(),
                machine.path("spark").asText(),
                machine.path("loadAverage").asDouble()),
        "of two executor processes of one core and one thread each, fused engine where there is one, made-up",
        "images; %d rounds, each a session of one process and one of two. The driver shares the cores, so with two"
            .formatted(results.path("rounds").asInt()),
        "processes on two cores it takes time from them. Medians over the iterations of all rounds, with quartiles.",
        "",
        "* busy: wall time of chains and gradients within the tasks of a process;",
        "* s an iteration: wall time, all phases together;",
        "* overhead = s an iteration - busy of the busiest process: scheduling, broadcast, deserialization, results,",
        "  sum and update;",
        "* waiting = busy of the busiest - mean busy of the processes;",
        "* efficiency = s of one process / (2 x s of two), in brackets the smallest and largest of a round; that of",
        "  the work is the same of busy seconds alone, which is what the machine loses when both cores work.",
        "");
  }

  private void times() {
    row(
        "training",
        "parameters, MB",
        "shards",
        "cell",
        "steps",
        "local steps",
        "s, 1 process",
        "s, 2 processes",
        "overhead of 2, s",
        "efficiency",
        "of the work");
    rule(11);
    for (JsonNode row : results.path("cluster")) {
      JsonNode efficiency = row.path("efficiency");
      row(
          row.path("title").asText(),
          number(row.path("megabytes")),
          row.path("shards").asText(),
          row.path("cellSize").asText(),
          row.path("steps").asText(),
          row.path("localSteps").asText(),
          quartiles(row.path("runs").path(0).path("seconds")),
          quartiles(row.path("runs").path(1).path("seconds")),
          quartiles(row.path("runs").path(1).path("overhead")),
          "%s (%s to %s)"
              .formatted(
                  ratio(efficiency.path("median")),
                  ratio(efficiency.path("min")),
                  ratio(efficiency.path("max"))),
          ratio(row.path("efficiencyOfWork")));
    }
    line("");
  }

  private void overheads() {
    lines(
        "Where the time goes, medians in ms. Sent: to each executor; returned: by each shard, in MB. Groups: sums",
        "of so many shards in executors first. Rest: overhead that is no phase of the driver. Model: the overhead that",
        "the model below says.",
        "");
    row(
        "training",
        "sent",
        "returned",
        "groups",
        "processes",
        "chains",
        "gradients",
        "waiting",
        "broadcast",
        "sum",
        "update",
        "rest",
        "overhead",
        "model");
    rule(14);
    for (JsonNode row : results.path("cluster")) {
      for (JsonNode run : row.path("runs")) {
        List<String> cells = new ArrayList<>();
        cells.add(row.path("title").asText());
        cells.add(number(row.path("megabytesDown")));
        cells.add(number(row.path("megabytesUp")));
        cells.add(sum(row));
        cells.add(run.path("processes").asText());
        for (String key :
            List.of(
                "chain", "gradient", "waiting", "broadcast", "sum", "update", "rest", "overhead")) {
          cells.add(millis(run.path(key).path("median")));
        }
        cells.add(millis(run.path("modelled")));
        row(cells.toArray(String[]::new));
      }
    }
    line("");
  }

  private void model() {
    lines(
        "### Cost model",
        "T(E) = busy + job + task n + turn n/E + broadcast D + fetch D + give n U/E + (collect + sum) A + update U",
        "for E executors of one core, n shards, D MB sent to each executor, U MB returned by each shard and A = n U MB",
        "that reach the driver. Each level of groups adds stage, and shuffle a MB that an executor hands over; groups of k",
        "turn n parts into n/k, in double, until the driver may have them: then A = 2 U n/k, or less.",
        "The constants are at least 0 and fitted to the medians above by least squares of relative deviations, phase by",
        "phase: broadcast, sum and update each to its own, all others to the rest.",
        "");
    row("constant", "ms", "for");
    rule(3);
    constant("job", "an iteration");
    constant("task", "a shard, on the driver");
    constant("turn", "a shard, on its executor");
    constant("stage", "a level of groups");
    constant("broadcast", "a MB that the driver hands to Spark");
    constant("fetch", "a MB that an executor fetches");
    constant("give", "a MB that an executor's shards return");
    constant("shuffle", "a MB that an executor hands to groups");
    constant("collect", "a MB that reaches the driver");
    constant("sum", "a MB that the driver adds up");
    constant("update", "a MB of what a shard returns, in the update");
    line("");
  }

  private void constant(String key, String meaning) {
    double millis = MILLIS * results.path("model").path(key).asDouble();
    row(key, String.format(Locale.ROOT, "%.3f", millis), meaning);
  }

  private void forecast() {
    lines(
        "### Larger clusters",
        "What the model says of E executors of this core with one shard each, so that the batch grows with E. Not",
        "measured but assumed: constants as above, though there driver and executors share two cores and memory; links of",
        "10 and of 1 Gbit/s; a broadcast reaches all in log2(E + 1) copies; all that reaches the driver comes through one",
        "link; no stragglers. Groups are of %d; averaging makes %d local steps an iteration and moves the optimiser's"
            .formatted(ClusterBench.FAN_IN, ClusterBench.LOCAL_STEPS),
        "moments too. Seconds an iteration and throughput an executor against that of one. E with 0.85: the largest",
        "cluster of that efficiency. Driver bound: from there on the driver is busy for longer than its executors. The sum",
        "on the driver is what `training.sum.driverBytes` allows up to 256 MiB in all; groups are added up again while they",
        "are more than that.",
        "");
    List<String> head = new ArrayList<>(List.of("training", "Gbit/s", "update", "sum", "busy, s"));
    for (JsonNode point : results.path("forecast").path(0).path("points")) {
      head.add("E = " + point.path("executors").asText());
    }
    head.add("E with 0.85");
    head.add("driver bound");
    row(head.toArray(String[]::new));
    rule(head.size());
    for (JsonNode row : results.path("forecast")) {
      List<String> cells = new ArrayList<>();
      cells.add(row.path("title").asText());
      cells.add(row.path("gigabits").asText());
      cells.add(row.path("localSteps").asInt() == 0 ? "gradients" : "averaging");
      cells.add(sum(row));
      cells.add(number(row.path("work")));
      for (JsonNode point : row.path("points")) {
        cells.add(
            "%s, %s".formatted(number(point.path("seconds")), ratio(point.path("efficiency"))));
      }
      cells.add(row.path("executorsWith85").asText());
      cells.add(row.path("driverBound").asText());
      row(cells.toArray(String[]::new));
    }
  }

  private static String sum(JsonNode row) {
    int fanIn = row.path("fanIn").asInt();
    return fanIn == 0 ? "driver" : "groups of " + fanIn;
  }

  private static String quartiles(JsonNode node) {
    return "%s (%s to %s)"
        .formatted(
            number(node.path("median")), number(node.path("low")), number(node.path("high")));
  }

  private static String number(JsonNode value) {
    return BenchMarkdown.number(value.asDouble());
  }

  private static String millis(JsonNode seconds) {
    return String.format(Locale.ROOT, "%.0f", MILLIS * seconds.asDouble());
  }

  private static String ratio(JsonNode value) {
    return String.format(Locale.ROOT, "%.2f", value.asDouble());
  }

  private void rule(int cells) {
    row(Collections.nCopies(cells, "---").toArray(String[]::new));
  }

  private void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  private void lines(String... lines) {
    for (String line : lines) {
      line(line);
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
