package org.gridscape.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** What the community's tools gave, written by measures.py beside measures.json. */
final class Golden {
  private Golden() {}

  static JsonNode of(String measure) {
    try (InputStream in = Golden.class.getResourceAsStream("measures.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in)).get(measure);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read measures.json", e);
    }
  }

  static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
