package org.gridscape.energy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The processor of this machine. */
final class Processor {
  private static final Path LINUX = Path.of("/proc/cpuinfo");

  private Processor() {}

  /** Name, family and model as the system tells them; the architecture if it does not. */
  static String name() {
    return fromLinux()
        .or(Processor::fromMac)
        .orElseGet(() -> System.getProperty("os.arch", "unknown"));
  }

  private static Optional<String> fromLinux() {
    try {
      return Files.isReadable(LINUX) ? parse(Files.readAllLines(LINUX)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Hypervisors shorten the name, so family and model stand beside it. */
  static Optional<String> parse(List<String> cpuinfo) {
    Optional<String> name = field(cpuinfo, "model name");
    Optional<String> family = field(cpuinfo, "cpu family");
    Optional<String> model = field(cpuinfo, "model");
    if (name.isPresent() && family.isPresent() && model.isPresent()) {
      return Optional.of("%s family %s model %s".formatted(name.get(), family.get(), model.get()));
    }
    // ARM has numbers in place of names.
    Optional<String> implementer = field(cpuinfo, "CPU implementer");
    Optional<String> part = field(cpuinfo, "CPU part");
    if (implementer.isPresent() && part.isPresent()) {
      return Optional.of("implementer %s part %s".formatted(implementer.get(), part.get()));
    }
    return name;
  }

  private static Optional<String> field(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.matches(key + "\\s*:.*"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  private static Optional<String> fromMac() {
    if (!System.getProperty("os.name", "").startsWith("Mac")) {
      return Optional.empty();
    }
    try {
      Process sysctl =
          new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String name =
          new String(sysctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return name.isEmpty() ? Optional.empty() : Optional.of(name);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
