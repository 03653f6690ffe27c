package org.gridscape.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A table of names and values.
 *
 * @param rows in the order of the page
 * @param missing the names that should have a value and have none
 */
record Facts(List<Fact> rows, List<String> missing) {

  /** One row. */
  record Fact(String name, String value) {}

  private static final Map<String, String> PROVENANCE = new LinkedHashMap<>();

  static {
    PROVENANCE.put("runId", "Run");
    PROVENANCE.put("command", "Command");
    PROVENANCE.put("started", "Started");
    PROVENANCE.put("gridscapeVersion", "Gridscape version");
    PROVENANCE.put("commit", "Commit");
    PROVENANCE.put("engine", "Engine");
    PROVENANCE.put("seed", "Seed");
    PROVENANCE.put("dataSource", "Data source");
    PROVENANCE.put("dataFingerprint", "Data fingerprint");
    PROVENANCE.put("java", "Java");
    PROVENANCE.put("os", "Operating system");
    PROVENANCE.put("arch", "Architecture");
    PROVENANCE.put("processors", "Processors");
    PROVENANCE.put("sparkVersion", "Spark version");
    PROVENANCE.put("master", "Spark master");
  }

  /** The provenance: known keys first, in words, then whatever else stands there. */
  static Facts provenance(Optional<JsonNode> provenance) {
    List<Fact> rows = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, String> known : PROVENANCE.entrySet()) {
      Optional<JsonNode> value =
          provenance
              .map(p -> p.path(known.getKey()))
              .filter(v -> !v.isMissingNode() && !v.isNull());
      if (value.isPresent()) {
        rows.add(new Fact(known.getValue(), Wording.value(value.get())));
      } else {
        missing.add(known.getValue().toLowerCase(Locale.ROOT));
      }
    }
    provenance.ifPresent(
        p ->
            p.fields()
                .forEachRemaining(
                    entry -> {
                      if (!PROVENANCE.containsKey(entry.getKey())) {
                        rows.add(new Fact(entry.getKey(), Wording.value(entry.getValue())));
                      }
                    }));
    return new Facts(rows, missing);
  }

  /** Every value of a JSON object, named by its path. */
  static Facts flat(Optional<JsonNode> object) {
    List<Fact> rows = new ArrayList<>();
    object.ifPresent(node -> flatten("", node, rows));
    return new Facts(rows, List.of());
  }

  private static void flatten(String path, JsonNode node, List<Fact> rows) {
    if (!node.isObject()) {
      rows.add(new Fact(path, Wording.value(node)));
      return;
    }
    String prefix = path.isEmpty() ? "" : path + ".";
    node.fields()
        .forEachRemaining(entry -> flatten(prefix + entry.getKey(), entry.getValue(), rows));
  }

  /** Whether there is a row. */
  boolean some() {
    return !rows.isEmpty();
  }

  /** Whether a name lacks its value. */
  boolean someMissing() {
    return !missing.isEmpty();
  }

  /** The names without a value, as the end of a sentence. */
  String missingList() {
    return String.join(", ", missing);
  }
}
