package org.gridscape.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Lays overrides over a file over a preset over {@code reference.conf}, and refuses unknown keys.
 */
public final class ConfigLayers {
  private static final Set<String> PRESETS = new TreeSet<>(List.of("paper", "release", "stable"));
  private static final String NETWORK_KEY = "energy\\.networks\\.\"?\\d+\"?";
  private static final ConfigRenderOptions PLAIN =
      ConfigRenderOptions.defaults().setOriginComments(false).setComments(false).setJson(false);

  private ConfigLayers() {}

  /**
   * The resolved configuration.
   *
   * @param file HOCON; empty for defaults alone
   * @param overrides {@code key=value} each, later ones win
   * @throws ConfigException if a file is missing or a key unknown
   */
  public static Config load(Optional<Path> file, List<String> overrides) {
    try {
      Config own = file.map(ConfigLayers::parse).orElse(ConfigFactory.empty());
      for (String override : overrides) {
        own = parseOverride(override).withFallback(own);
      }
      Config reference = resource("reference");
      requireKnown(own.root(), reference, "");
      Config layers = own.withFallback(preset(own, reference)).withFallback(reference);
      return layers.resolve();
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException("Cannot read configuration: " + e.getMessage(), e);
    }
  }

  /** The configuration as text that {@link #load} reads again. */
  public static String render(Config config) {
    return config.root().render(PLAIN);
  }

  /**
   * The keys, in order, whose values differ between two configurations.
   *
   * @param text rendered by {@link #render}
   */
  public static List<String> differingKeys(String text, Config config) {
    Config other = ConfigFactory.parseString(text);
    Set<String> keys = new TreeSet<>(paths(other));
    keys.addAll(paths(config));
    return keys.stream()
        .filter(
            key ->
                !(other.hasPath(key)
                    && config.hasPath(key)
                    && other.getValue(key).equals(config.getValue(key))))
        .toList();
  }

  private static Config parse(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException("Cannot read configuration: no file " + file);
    }
    return ConfigFactory.parseFile(
        file.toFile(), ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF));
  }

  private static Config parseOverride(String override) {
    if (override.indexOf('=') < 1) {
      throw new ConfigException("Invalid override: " + override + " (must be key=value)");
    }
    return ConfigFactory.parseString(
        override, ConfigParseOptions.defaults().setOriginDescription("--set " + override));
  }

  private static Config preset(Config own, Config reference) {
    String name = own.withFallback(reference).getString("preset");
    if (!PRESETS.contains(name)) {
      throw new ConfigException("Invalid preset: %s (must be one of %s)".formatted(name, PRESETS));
    }
    return name.equals("stable") ? ConfigFactory.empty() : resource(name);
  }

  private static Config resource(String name) {
    return ConfigFactory.parseResources(ConfigLayers.class, name + ".conf");
  }

  /** Walks sections to what is no section, so that empty and null values are looked at too. */
  private static void requireKnown(ConfigObject own, Config reference, String prefix) {
    own.forEach(
        (name, value) -> {
          String key = prefix + ConfigUtil.joinPath(name);
          if (value instanceof ConfigObject section && !section.isEmpty()) {
            requireKnown(section, reference, key + ".");
          } else if (!paths(reference).contains(key) && !key.matches(NETWORK_KEY)) {
            throw unknown(key, value, reference);
          }
        });
  }

  private static ConfigException unknown(String key, ConfigValue value, Config reference) {
    String nearest =
        paths(reference).stream()
            .min(Comparator.comparing(k -> LevenshteinDistance.getDefaultInstance().apply(k, key)))
            .orElseThrow();
    return new ConfigException(
        "Unknown setting: %s (%s; the nearest known one is %s)"
            .formatted(key, value.origin().description(), nearest));
  }

  private static Set<String> paths(Config config) {
    return config.entrySet().stream()
        .map(java.util.Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
