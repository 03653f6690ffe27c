package org.gridscape.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridscape.features.ExtractorIdentity;

/**
 * Where statistics come from, as far as it is known: the files of the community say nothing of it.
 *
 * @param extractor name of the network
 * @param extractorSha256 of its weights; an empty text says that it has none
 * @param protocol how images were brought to its input; an empty text says as they are
 * @param dataset what was measured
 * @param created when, in ISO 8601
 */
public record Origin(
    Optional<String> extractor,
    Optional<String> extractorSha256,
    Optional<String> protocol,
    Optional<String> dataset,
    Optional<String> created)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Nothing is known. */
  public static final Origin UNKNOWN =
      new Origin(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** The origin of statistics that an extractor gave. */
  public static Origin of(ExtractorIdentity extractor, String dataset, String created) {
    return new Origin(
        Optional.of(extractor.name()),
        Optional.of(extractor.sha256()),
        Optional.of(extractor.protocol()),
        Optional.of(dataset),
        Optional.of(created));
  }

  /**
   * Refuses statistics that must not be compared.
   *
   * @param name whose origin this is, for messages
   * @param other the other's
   * @param otherName whose that is
   * @return warnings, one for each side that does not say everything
   * @throws IllegalArgumentException if extractor, weights or protocol are known to differ
   */
  List<String> requireComparable(String name, Origin other, String otherName) {
    Map<String, Optional<String>> mine = identity();
    other
        .identity()
        .forEach(
            (what, theirs) -> {
              Optional<String> ours = mine.getOrDefault(what, Optional.empty());
              if (ours.isPresent() && theirs.isPresent() && !ours.equals(theirs)) {
                throw new IllegalArgumentException(
                    "Invalid statistics: %s of %s is %s, of %s %s (must be equal)"
                        .formatted(what, name, shown(ours), otherName, shown(theirs)));
              }
            });
    List<String> warnings = new ArrayList<>();
    unknown(name, otherName).ifPresent(warnings::add);
    other.unknown(otherName, name).ifPresent(warnings::add);
    return warnings;
  }

  private Map<String, Optional<String>> identity() {
    Map<String, Optional<String>> identity = new LinkedHashMap<>();
    identity.put("extractor", extractor);
    identity.put("extractor_sha256", extractorSha256);
    identity.put("protocol", protocol);
    return identity;
  }

  private static String shown(Optional<String> value) {
    return value.filter(text -> !text.isEmpty()).orElse("none");
  }

  private Optional<String> unknown(String name, String otherName) {
    List<String> unknown =
        identity().entrySet().stream()
            .filter(entry -> entry.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s does not name its %s: whether it may be compared with %s is unknown"
                .formatted(name, String.join(", ", unknown), otherName));
  }

  /** The origin of statistics that were added: what both know; the data sets of both, in order. */
  Origin merge(Origin other) {
    Optional<String> both =
        dataset.flatMap(
            mine ->
                other.dataset.map(theirs -> mine.equals(theirs) ? mine : mine + " + " + theirs));
    return new Origin(
        extractor.filter(name -> other.extractor.isPresent()),
        extractorSha256.filter(digest -> other.extractorSha256.isPresent()),
        protocol.filter(name -> other.protocol.isPresent()),
        both,
        Optional.empty());
  }

  /** The same origin, created at another time. */
  public Origin createdAt(String time) {
    return new Origin(extractor, extractorSha256, protocol, dataset, Optional.of(time));
  }
}
