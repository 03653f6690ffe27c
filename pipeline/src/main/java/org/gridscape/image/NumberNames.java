package org.gridscape.image;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/** The names 0 to count - 1, zero-padded to at least five digits, ascending as texts too. */
final class NumberNames extends AbstractList<String> implements RandomAccess, Serializable {
  private static final long serialVersionUID = 1;

  private final int count;
  private final String format;

  NumberNames(int count) {
    this.count = count;
    format = "%0" + Math.max(5, Integer.toString(count - 1).length()) + "d";
  }

  @Override
  public String get(int index) {
    return format.formatted(Objects.checkIndex(index, count));
  }

  @Override
  public int size() {
    return count;
  }
}
