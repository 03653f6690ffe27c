package org.gridscape.dataset;

import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** A data set is there already, made with other settings. */
public final class ChangedSettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Names each differing key.
   *
   * @param target folder of the data set
   * @param old settings of the data set that is there
   * @param wanted settings asked for
   */
  public ChangedSettingsException(
      String target, Map<String, String> old, Map<String, String> wanted) {
    super(
        "Cannot prepare %s: it holds a data set made with other settings (%s). Choose another target, or delete that folder to prepare it anew."
            .formatted(target, differences(old, wanted)));
  }

  private static String differences(Map<String, String> old, Map<String, String> wanted) {
    TreeSet<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(wanted.keySet());
    keys.removeIf(key -> Objects.equals(old.get(key), wanted.get(key)));
    return String.join(
        "; ",
        keys.stream()
            .map(key -> "%s: was %s, is %s".formatted(key, value(old, key), value(wanted, key)))
            .toList());
  }

  private static String value(Map<String, String> settings, String key) {
    return settings.getOrDefault(key, "absent");
  }
}
