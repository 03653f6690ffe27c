package org.gridscape.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How the report writes numbers, times and grids. */
final class Wording {
  private Wording() {}

  /** Four significant digits, in exponent form where plain digits would be long. */
  static String number(double value) {
    double size = Math.abs(value);
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    if (value == 0) {
      return "0";
    }
    if (size < 1e-4 || size >= 1e7) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
    return rounded.toPlainString();
  }

  /** A time in the two largest units that it fills. */
  static String duration(double seconds) {
    if (!(seconds >= 60)) {
      return number(seconds) + " s";
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }

  /** A grid by its side. */
  static String grid(int side) {
    return side + "\u00d7" + side;
  }

  /** A JSON value as text: broken numbers rounded, strings bare, objects as JSON. */
  static String value(JsonNode node) {
    if (node.isFloatingPointNumber()) {
      return number(node.doubleValue());
    }
    return node.isValueNode() ? node.asText() : node.toString();
  }
}
