package org.gridscape.report;

import java.util.List;
import java.util.stream.IntStream;

/** Picks a few of many, evenly spread, the first and the last always among them. */
final class EvenChoice {
  private EvenChoice() {}

  /**
   * Picks elements of a list in their order.
   *
   * @param limit most elements to pick, at least 2
   * @return all elements where there are no more than {@code limit}, else exactly {@code limit}
   */
  static <T> List<T> of(List<T> elements, int limit) {
    if (elements.size() <= limit) {
      return List.copyOf(elements);
    }
    double step = (elements.size() - 1) / (limit - 1.0);
    return IntStream.range(0, limit)
        .mapToObj(i -> elements.get((int) Math.round(i * step)))
        .toList();
  }
}
