package org.gridscape.distribute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** The memory that the control group of this process may take, versions 1 and 2. */
final class ContainerMemory {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static final Path MEMBERSHIP = Path.of("/proc/self/cgroup");

  /** Version 1 writes the largest number of pages where there is no limit. */
  private static final long UNLIMITED = 1L << 60;

  private ContainerMemory() {}

  /** The limit in bytes; none outside a container and on systems without control groups. */
  static OptionalLong limit() {
    return limit(GROUPS, MEMBERSHIP);
  }

  /**
   * The narrowest limit of a process's group and those around it.
   *
   * @param groups where control groups are mounted
   * @param membership the process's groups, a line {@code number:controllers:path} each
   */
  static OptionalLong limit(Path groups, Path membership) {
    OptionalLong limit = OptionalLong.empty();
    for (String line : lines(membership)) {
      String[] parts = line.split(":", 3);
      if (parts.length < 3) {
        continue;
      }
      if (parts[1].isEmpty()) {
        limit = narrower(limit, narrowest(groups, parts[2], "memory.max"));
      } else if (List.of(parts[1].split(",")).contains("memory")) {
        limit =
            narrower(limit, narrowest(groups.resolve("memory"), parts[2], "memory.limit_in_bytes"));
      }
    }
    return limit;
  }

  private static OptionalLong narrowest(Path root, String group, String file) {
    OptionalLong limit = OptionalLong.empty();
    Path folder = root.resolve(group.replaceFirst("^/+", "")).normalize();
    while (folder != null && folder.startsWith(root)) {
      limit = narrower(limit, read(folder.resolve(file)));
      folder = folder.getParent();
    }
    return limit;
  }

  private static OptionalLong narrower(OptionalLong one, OptionalLong other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() ? other : one;
    }
    return OptionalLong.of(Math.min(one.getAsLong(), other.getAsLong()));
  }

  private static OptionalLong read(Path file) {
    for (String line : lines(file)) {
      if (line.matches("\\d{1,19}")) {
        long value = Long.parseUnsignedLong(line);
        return value > 0 && value < UNLIMITED ? OptionalLong.of(value) : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
