package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.gridscape.energy.EngineKind;

/** Writes what came out of a race into a row of the JSON. */
final class Figures {
  /** Name of PyTorch at its best among the contenders of a row. */
  static final String PYTORCH = "pytorch";

  private Figures() {}

  /** Medians under {@code key} as steps a second; more is better. */
  static void rates(ObjectNode row, String key, Rounds.Outcome outcome) {
    Map<String, Spread> spreads = new LinkedHashMap<>();
    outcome.secondsPerStep().forEach((name, times) -> spreads.put(name, Spread.ofInverses(times)));
    put(row, key, spreads, Comparator.comparingDouble(e -> -e.getValue().median()), outcome);
  }

  /** Medians under {@code key} as seconds a step; less is better. */
  static void times(ObjectNode row, String key, Rounds.Outcome outcome) {
    Map<String, Spread> spreads = new LinkedHashMap<>();
    outcome.secondsPerStep().forEach((name, times) -> spreads.put(name, Spread.of(times)));
    put(row, key, spreads, Comparator.comparingDouble(e -> e.getValue().median()), outcome);
  }

  private static void put(
      ObjectNode row,
      String key,
      Map<String, Spread> spreads,
      Comparator<Map.Entry<String, Spread>> bestFirst,
      Rounds.Outcome outcome) {
    ObjectNode medians = row.putObject(key);
    ObjectNode ranges = row.putObject("spread");
    for (EngineKind kind : EngineKind.values()) {
      put(medians, ranges, kind.toString(), Optional.ofNullable(spreads.get(kind.toString())));
    }
    Optional<Map.Entry<String, Spread>> best =
        spreads.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(TorchContender.PREFIX))
            .min(bestFirst);
    put(medians, ranges, PYTORCH, best.map(Map.Entry::getValue));
    best.ifPresentOrElse(
        entry -> row.put("pytorchMode", mode(entry.getKey())), () -> row.putNull("pytorchMode"));
    ObjectNode modes = row.putObject("pytorchModes");
    spreads.forEach(
        (name, spread) -> {
          if (name.startsWith(TorchContender.PREFIX)) {
            modes.put(mode(name), rounded(spread.median()));
          }
        });
    if (!outcome.failures().isEmpty()) {
      ObjectNode failures = row.putObject("failures");
      outcome.failures().forEach(failures::put);
    }
  }

  private static void put(
      ObjectNode medians, ObjectNode ranges, String name, Optional<Spread> spread) {
    if (spread.isEmpty()) {
      medians.putNull(name);
      ranges.putNull(name);
      return;
    }
    medians.put(name, rounded(spread.get().median()));
    ranges
        .putObject(name)
        .put("min", rounded(spread.get().min()))
        .put("max", rounded(spread.get().max()));
  }

  private static String mode(String contender) {
    return contender.substring(TorchContender.PREFIX.length());
  }

  /** Four significant digits; more were not measured. */
  static double rounded(double value) {
    return value == 0 || !Double.isFinite(value)
        ? value
        : new BigDecimal(value).round(new MathContext(4)).doubleValue();
  }
}
