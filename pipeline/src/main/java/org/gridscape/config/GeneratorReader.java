package org.gridscape.config;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import org.gridscape.energy.Activation;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.MapNetwork;
import org.gridscape.features.AveragedTraining;
import org.gridscape.generator.GeneratorLosses;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.image.ImageShape;
import org.gridscape.langevin.ChainStart;

/** Reads the settings under {@code generator}. */
final class GeneratorReader {
  private GeneratorReader() {}

  /** What lies between the grids; only chains that start from codes have it. */
  static GeneratorSpec spec(Config config, List<GridNetwork> networks) {
    Config own = config.getConfig("generator");
    Optional<String> upsampler = RunConfigReader.given(own, "upsampler");
    Optional<String> encoder = RunConfigReader.given(own, "encoder");
    if (!(ChainStart.parse(config.getString("training.start")) instanceof ChainStart.Hidden)) {
      if (upsampler.isPresent() || encoder.isPresent()) {
        throw new IllegalArgumentException(
            "Invalid training.start: %s (must be hidden, since generator.upsampler or generator.encoder is given)"
                .formatted(config.getString("training.start")));
      }
      return GeneratorSpec.NONE;
    }
    Activation activation = Activation.parse(config.getString("energy.activation"));
    ImageShape first = networks.get(0).shape();
    int side = own.getInt("hiddenSide");
    if (side < 1 || first.side() % side != 0) {
      throw new IllegalArgumentException(
          "Invalid generator.hiddenSide: %d (must divide %d, the side of the first grid)"
              .formatted(side, first.side()));
    }
    ImageShape thumbnail = first.withSide(side);
    ImageShape full = networks.get(networks.size() - 1).shape();
    Config loss = own.getConfig("loss");
    if (loss.getDouble("normal") > 0 && config.getInt("training.cellSize") < 2) {
      throw new IllegalArgumentException(
          "Invalid training.cellSize: %d (must be >= 2, since generator.loss.normal compares the codes of a cell)"
              .formatted(config.getInt("training.cellSize")));
    }
    return new GeneratorSpec(
        side,
        upsampler.stream()
            .flatMap(
                text ->
                    networks.stream()
                        .map(
                            network ->
                                MapNetwork.parse(
                                    "generator.upsampler",
                                    text,
                                    "image",
                                    "upsampler-" + network.shape().side(),
                                    activation,
                                    network.shape(),
                                    network.shape())))
            .toList(),
        encoder.stream()
            .map(
                text ->
                    MapNetwork.parse(
                        "generator.encoder", text, "code", "encoder", activation, full, thumbnail))
            .toList(),
        new GeneratorLosses(
            loss.getDouble("match"),
            loss.getDouble("teach"),
            loss.getDouble("deviation"),
            loss.getDouble("reconstruct"),
            loss.getDouble("code"),
            loss.getDouble("normal")));
  }

  static Optional<AveragedTraining> pretraining(Config config) {
    Config own = config.getConfig("generator.pretrain");
    int epochs = own.getInt("epochs");
    if (epochs < 0
        || (epochs > 0 && RunConfigReader.given(config, "generator.upsampler").isEmpty())) {
      throw new IllegalArgumentException(
          "Invalid generator.pretrain.epochs: %d (must be >= 0, and 0 without generator.upsampler)"
              .formatted(epochs));
    }
    try {
      return epochs == 0
          ? Optional.empty()
          : Optional.of(
              new AveragedTraining(
                  epochs,
                  own.getInt("batch"),
                  own.getInt("averagingFrequency"),
                  own.getDouble("learningRate"),
                  own.getInt("workers"),
                  config.getLong("training.seed")));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("generator.pretrain: " + e.getMessage(), e);
    }
  }
}
