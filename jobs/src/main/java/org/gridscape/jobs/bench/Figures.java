package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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

  /**
   * Seconds a step of two contenders under {@code secondsPerIteration}, and under {@code extra}
   * what the second takes more than the first as a share of it, round by round.
   */
  static void extra(ObjectNode row, String first, String second, Rounds.Outcome outcome) {
    ObjectNode medians = row.putObject("secondsPerIteration");
    ObjectNode ranges = row.putObject("spread");
    Map<String, List<Double>> times = outcome.secondsPerStep();
    for (String name : List.of(first, second)) {
      put(medians, ranges, name, Optional.ofNullable(times.get(name)).map(Spread::of));
    }
    if (outcome.failures().isEmpty()) {
      List<Double> less = times.getOrDefault(first, List.of());
      List<Double> more = times.getOrDefault(second, List.of());
      Spread extra =
          Spread.of(
              IntStream.range(0, less.size())
                  .mapToObj(round -> more.get(round) / less.get(round) - 1)
                  .toList());
      row.putObject("extra")
          .put("median", rounded(extra.median()))
          .put("min", rounded(extra.min()))
          .put("max", rounded(extra.max()));
    }
    putFailures(row, outcome);
  }

  private static void putFailures(ObjectNode row, Rounds.Outcome outcome) {
    if (!outcome.failures().isEmpty()) {
      ObjectNode failures = row.putObject("failures");
      outcome.failures().forEach(failures::put);
    }
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
    putFailures(row, outcome);
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
