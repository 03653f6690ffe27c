package org.gridscape.jobs.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A Markdown file whose sections ("## TITLE") come from several measurements. */
public final class ResultsFile {
  private static final String SECTION = "## ";

  /** What stands before the first section. */
  private static final String HEAD = "";

  private ResultsFile() {}

  /**
   * The file after a measurement: its sections replace their predecessors, the others stay.
   *
   * @param before the file so far, or an empty text
   * @param fresh what was measured now
   * @param owned titles of all sections that this measurement can write: those of them that it did
   *     not are dropped, since they are of another day
   */
  public static String merge(String before, String fresh, Set<String> owned) {
    Map<String, String> sections = sections(fresh);
    Map<String, String> others = sections(before);
    others.keySet().removeAll(owned);
    if (sections.containsKey(HEAD)) {
      others.remove(HEAD);
      sections.putAll(others);
      return text(sections);
    }
    others.putAll(sections);
    return text(others);
  }

  private static Map<String, String> sections(String text) {
    Map<String, String> sections = new LinkedHashMap<>();
    String title = HEAD;
    for (String line : text.lines().toList()) {
      if (line.startsWith(SECTION)) {
        title = line.substring(SECTION.length()).strip();
      }
      sections.merge(title, line + "\n", String::concat);
    }
    return sections;
  }

  /** Sections with an empty line between them. */
  private static String text(Map<String, String> sections) {
    return String.join(
        "\n", sections.values().stream().map(s -> s.stripTrailing() + "\n").toList());
  }
}
