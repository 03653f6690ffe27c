package org.gridscape.generator;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.MapNetwork;
import org.gridscape.energy.Network;

/**
 * What lies between the grids of a model.
 *
 * @param hiddenSide side of the thumbnails whose codes chains start from; 0 if chains start
 *     elsewhere
 * @param upsamplers one a grid, coarse to fine, each correcting the replicated image of the coarser
 *     grid; empty for replication alone
 * @param encoder corrects the codes of full images; at most one, none for codes of thumbnails alone
 * @param losses what they learn
 */
public record GeneratorSpec(
    int hiddenSide, List<MapNetwork> upsamplers, List<MapNetwork> encoder, GeneratorLosses losses)
    implements Serializable {

  /** Replication and no hidden space. */
  public static final GeneratorSpec NONE =
      new GeneratorSpec(0, List.of(), List.of(), GeneratorLosses.NONE);

  /** Rejects networks without the space that they start from. */
  public GeneratorSpec {
    upsamplers = List.copyOf(upsamplers);
    encoder = List.copyOf(encoder);
    if (hiddenSide < 0) {
      throw new IllegalArgumentException(
          "Invalid generator.hiddenSide: %d (must be >= 0)".formatted(hiddenSide));
    }
    if (hiddenSide == 0 && !(upsamplers.isEmpty() && encoder.isEmpty())) {
      throw new IllegalArgumentException(
          "Invalid generator.hiddenSide: 0 (must be the side of a thumbnail, since generator.upsampler"
              + " or generator.encoder is given)");
    }
    if (encoder.size() > 1 || (upsamplers.isEmpty() && !encoder.isEmpty())) {
      throw new IllegalArgumentException(
          "Invalid generator.encoder: given (must be empty without generator.upsampler, which it"
              + " serves)");
    }
    requireLearned(upsamplers, encoder, losses);
  }

  /** A network that no loss moves, and a loss that moves no network, are mistakes. */
  private static void requireLearned(
      List<MapNetwork> upsamplers, List<MapNetwork> encoder, GeneratorLosses losses) {
    if (!upsamplers.isEmpty()
        && losses.match() == 0
        && losses.teach() == 0
        && losses.reconstruct() == 0) {
      throw new IllegalArgumentException(
          "Invalid generator.loss: match, teach and reconstruct are 0 (must not all be, since"
              + " generator.upsampler is given)");
    }
    if (!encoder.isEmpty()
        && losses.reconstruct() == 0
        && losses.code() == 0
        && losses.normal() == 0) {
      throw new IllegalArgumentException(
          "Invalid generator.loss: reconstruct, code and normal are 0 (must not all be, since"
              + " generator.encoder is given)");
    }
    if (encoder.isEmpty() && (losses.code() > 0 || losses.normal() > 0)) {
      throw new IllegalArgumentException(
          "Invalid generator.loss: code %s, normal %s (must be 0 without generator.encoder)"
              .formatted(losses.code(), losses.normal()));
    }
  }

  /** Whether chains start from codes. */
  public boolean isHidden() {
    return hiddenSide > 0;
  }

  /** All networks of a model in the order of their parameters: the grids', then these. */
  public List<Network> after(List<GridNetwork> grids) {
    return Stream.<Network>concat(grids.stream(), networks().stream()).toList();
  }

  /** The networks in the order of their parameters: upsamplers coarse to fine, then the encoder. */
  public List<MapNetwork> networks() {
    return Stream.concat(upsamplers.stream(), encoder.stream()).toList();
  }
}
