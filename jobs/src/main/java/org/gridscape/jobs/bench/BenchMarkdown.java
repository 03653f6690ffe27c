package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.gridscape.energy.EngineKind;

/** The figures of a bench for reading: {@code jobs/bench/RESULTS.md} and standard output. */
public final class BenchMarkdown {
  private static final String RATES = "stepsPerSecond";
  private static final String TIMES = "secondsPerIteration";

  private static final String STEPS_A_SECOND = "Langevin steps a second";
  private static final String GIGAFLOPS = "GFLOP/s of the chains and share of sgemm";
  private static final String ITERATIONS = "Seconds an iteration of training";
  private static final String PHASES = "Where the time of an iteration goes";
  private static final String PENALTY = "Extra cost of the penalty of w-GCN";
  private static final String BY_BATCH = "Cost against the batch";
  private static final String BY_SIDE = "Cost against the side";
  private static final String BY_GRIDS = "Cost against the number of grids";

  /** Titles of the sections that {@link #render} can write. */
  public static final Set<String> SECTIONS =
      Set.of(STEPS_A_SECOND, GIGAFLOPS, ITERATIONS, PHASES, PENALTY, BY_BATCH, BY_SIDE, BY_GRIDS);

  private final StringBuilder text = new StringBuilder();
  private final JsonNode results;

  private BenchMarkdown(JsonNode results) {
    this.results = results;
  }

  /**
   * Renders the JSON of {@link Bench#run}.
   *
   * @return Markdown; lists without rows are left out
   */
  public static String render(ObjectNode results) {
    BenchMarkdown markdown = new BenchMarkdown(results);
    markdown.machine();
    markdown.chains("chain", STEPS_A_SECOND);
    markdown.gigaflops();
    markdown.iterations("iteration", ITERATIONS);
    markdown.phases();
    markdown.penalties();
    markdown.chains("batch", BY_BATCH);
    markdown.chains("side", BY_SIDE);
    markdown.iterations("grids", BY_GRIDS);
    return markdown.text.toString();
  }

  private void machine() {
    JsonNode machine = results.path("machine");
    line("# Benchmarks");
    line("");
    line(
        "Measured at %s on %s, %d cores, %d MiB of memory, %s (%s), load average %.2f at the start."
            .formatted(
                machine.path("date").asText(),
                machine.path("cpu").asText(),
                machine.path("cores").asInt(),
                machine.path("memoryMiB").asLong(),
                machine.path("os").asText(),
                machine.path("arch").asText(),
                machine.path("loadAverage").asDouble()));
    line(
        "Gridscape %s, Java %s, Spark %s, ND4J %s; %s."
            .formatted(
                machine.path("gridscape").asText(),
                machine.path("java").asText(),
                machine.path("spark").asText(),
                machine.path("nd4j").asText(),
                torch()));
    line("");
    line(
        "Medians of %d rounds that alternate between the contenders, smallest and largest in brackets."
            .formatted(results.path("rounds").asInt()));
    line(
        "T threads take T cells of `batch` images through a step; PyTorch takes them in one tensor");
    line("with T threads, in the fastest of the modes tried, which is named.");
    JsonNode torch = results.path("torch");
    if (torch.path("version").isTextual()) {
      line(
          "Modes tried: %s in the first table; %s in the others."
              .formatted(torch.path("chainModes").asText(), torch.path("otherModes").asText()));
    }
    line("");
    for (JsonNode product : results.path("sgemm")) {
      line(
          "* sgemm (1024x1024, %d at once): %s GFLOP/s"
              .formatted(
                  product.path("threads").asInt(), number(product.path("gigaflops").asDouble())));
    }
  }

  private String torch() {
    JsonNode torch = results.path("torch");
    return torch.path("version").isTextual()
        ? "PyTorch " + torch.path("version").asText()
        : "no PyTorch (%s)".formatted(torch.path("missing").asText());
  }

  private void chains(String list, String title) {
    if (start(list, title)) {
      List<String> head = new ArrayList<>(List.of("preset", "grid", "network", "batch", "threads"));
      contenders(head);
      header(head);
      for (JsonNode row : results.path(list)) {
        List<String> cells = new ArrayList<>();
        cells.add(row.path("preset").asText());
        cells.add(
            "%dx%d, %d ch."
                .formatted(
                    row.path("grid").asInt(),
                    row.path("grid").asInt(),
                    row.path("channels").asInt()));
        cells.add(row.path("network").asText() + (row.path("batchNorm").asBoolean() ? ", BN" : ""));
        cells.add(row.path("batch").asText());
        cells.add(row.path("threads").asText());
        figures(cells, row, RATES, true);
        row(cells);
      }
    }
  }

  private void iterations(String list, String title) {
    if (start(list, title)) {
      List<String> head =
          new ArrayList<>(List.of("training", "sides", "batch", "cell", "steps", "threads"));
      contenders(head);
      header(head);
      for (JsonNode row : results.path(list)) {
        List<String> cells = new ArrayList<>();
        cells.add(row.path("title").asText());
        cells.add(row.path("sides").toString().replaceAll("[\\[\\]]", "").replace(",", ", "));
        for (String key : List.of("batch", "cellSize", "steps", "threads")) {
          cells.add(row.path(key).asText());
        }
        figures(cells, row, TIMES, false);
        row(cells);
      }
    }
  }

  private void gigaflops() {
    if (start("chain", GIGAFLOPS)) {
      line(
          "Operations are those of direct convolution, padding included. Winograd's way, which the");
      line(
          "fused engine takes for wide 3x3 layers of stride 1, and kernels that skip the padding need");
      line("fewer, so shares over 100 % are possible.");
      line("");
      List<String> head = new ArrayList<>(List.of("preset", "grid", "threads", "GFLOP a step"));
      for (EngineKind kind : EngineKind.values()) {
        head.add(kind.toString());
      }
      head.add("PyTorch");
      header(head);
      for (JsonNode row : results.path("chain")) {
        List<String> cells = new ArrayList<>();
        for (String key : List.of("preset", "grid", "threads", "gigaflopPerStep")) {
          cells.add(row.path(key).asText());
        }
        for (String name : names()) {
          JsonNode reached = row.path("gigaflops").path(name);
          cells.add(
              reached.isNumber()
                  ? "%s, %.0f %%"
                      .formatted(
                          number(reached.asDouble()),
                          100 * row.path("shareOfSgemm").path(name).asDouble())
                  : "-");
        }
        row(cells);
      }
    }
  }

  private void phases() {
    if (start("iteration", PHASES)) {
      header(List.of("training", "threads", "engine", "chains", "gradients", "rest"));
      for (JsonNode row : results.path("iteration")) {
        row.path("phases")
            .fields()
            .forEachRemaining(
                engine ->
                    row(
                        List.of(
                            row.path("title").asText(),
                            row.path("threads").asText(),
                            engine.getKey(),
                            percent(engine.getValue().path("chain")),
                            percent(engine.getValue().path("gradient")),
                            percent(engine.getValue().path("rest")))));
      }
    }
  }

  private void penalties() {
    if (start("penalty", PENALTY)) {
      line("Seconds an iteration without and with it, and what it adds, round by round.");
      line("");
      header(List.of("training", "steps", "threads", "engine", "without", "with", "extra"));
      for (JsonNode row : results.path("penalty")) {
        JsonNode times = row.path(TIMES);
        JsonNode extra = row.path("extra");
        List<String> cells = new ArrayList<>();
        for (String key : List.of("title", "steps", "threads", "engine")) {
          cells.add(row.path(key).asText());
        }
        for (String name : List.of("without", "with")) {
          cells.add(measured(times.path(name), row.path("spread").path(name)));
        }
        cells.add(
            "%s (%s to %s)"
                .formatted(
                    percent(extra.path("median")),
                    percent(extra.path("min")),
                    percent(extra.path("max"))));
        row(cells);
      }
    }
  }

  private static String measured(JsonNode median, JsonNode range) {
    return "%s (%s to %s)"
        .formatted(
            number(median.asDouble()),
            number(range.path("min").asDouble()),
            number(range.path("max").asDouble()));
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (EngineKind kind : EngineKind.values()) {
      names.add(kind.toString());
    }
    names.add(Figures.PYTORCH);
    return names;
  }

  private static void contenders(List<String> head) {
    for (EngineKind kind : EngineKind.values()) {
      head.add(kind.toString());
    }
    head.add("PyTorch");
    for (EngineKind kind : EngineKind.values()) {
      head.add(kind + " : PyTorch");
    }
  }

  /** Figures of a row and how many times as fast as PyTorch each engine is. */
  private static void figures(List<String> cells, JsonNode row, String key, boolean moreIsBetter) {
    JsonNode medians = row.path(key);
    for (String name : names()) {
      JsonNode median = medians.path(name);
      JsonNode range = row.path("spread").path(name);
      String mode = name.equals(Figures.PYTORCH) ? ", " + row.path("pytorchMode").asText() : "";
      cells.add(median.isNumber() ? measured(median, range) + mode : "-");
    }
    JsonNode torch = medians.path(Figures.PYTORCH);
    for (EngineKind kind : EngineKind.values()) {
      JsonNode engine = medians.path(kind.toString());
      if (torch.isNumber() && engine.isNumber()) {
        double ratio = engine.asDouble() / torch.asDouble();
        cells.add(String.format(Locale.ROOT, "%.2f", moreIsBetter ? ratio : 1 / ratio));
      } else {
        cells.add("-");
      }
    }
  }

  private boolean start(String list, String title) {
    if (results.path(list).isEmpty()) {
      return false;
    }
    line("");
    line("## " + title);
    return true;
  }

  private void header(List<String> names) {
    row(names);
    row(names.stream().map(name -> "---").toList());
  }

  private void row(List<String> cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private static String percent(JsonNode share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share.asDouble());
  }

  /** Three significant digits. */
  static String number(double value) {
    return value == 0 ? "0" : new BigDecimal(value).round(new MathContext(3)).toPlainString();
  }
}
