package org.gridscape.distribute;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.util.ModelSerializer;
import org.gridscape.energy.Dl4jNetwork;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.MapNetwork;
import org.gridscape.energy.Network;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.generator.HiddenSpace;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.learning.OptimizerState;

/**
 * The content of a checkpoint: a state as files and a commit record, and back.
 *
 * <p>The files are, per network, the parameters and their moving average as DL4J model zips that
 * {@link ModelSerializer} opens, and the optimiser's moments as raw little-endian float32; then the
 * arrays of the hidden space and persistent chains, if any. What is small is in the commit record.
 *
 * @param networks one a grid, coarse to fine
 * @param generator what lies between them
 */
record CheckpointFiles(List<GridNetwork> networks, GeneratorSpec generator) {
  private static final String CHAINS = "chains.f32";
  private static final String HIDDEN = "hidden.f32";

  /** The files, by name. */
  Map<String, byte[]> of(ModelState state) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<Network> all = generator.after(networks);
    for (int i = 0; i < all.size(); i++) {
      Network network = all.get(i);
      files.put(parametersFile(network), model(network, state.parameters().arrays().get(i)));
      files.put(averageFile(network), model(network, state.average().arrays().get(i)));
      files.put(optimizerFile(network), raw(state.optimizer().get(i).moments()));
    }
    state.hidden().ifPresent(space -> files.put(HIDDEN, raw(List.of(space.flat()))));
    if (!state.states().isEmpty()) {
      List<float[]> chains = new ArrayList<>();
      state.states().forEach(cell -> cell.forEach(grid -> chains.add(grid.pixels())));
      files.put(CHAINS, raw(chains));
    }
    return files;
  }

  /** The record of a state whose files are these. */
  static CheckpointCommit commit(
      ModelState state, RunIdentity identity, double measure, Map<String, byte[]> files) {
    List<CheckpointCommit.Content> contents = new ArrayList<>();
    files.forEach(
        (name, bytes) ->
            contents.add(
                new CheckpointCommit.Content(name, bytes.length, DigestUtils.sha256Hex(bytes))));
    return new CheckpointCommit(
        CheckpointCommit.FORMAT_VERSION,
        state.iteration(),
        measure,
        identity,
        state.parameters().sha256(),
        state.optimizer().stream().map(OptimizerState::updates).toList(),
        state.optimizer().get(0).moments().size(),
        state.states().size(),
        state.states().isEmpty() ? 0 : state.states().get(0).get(0).count(),
        state.recovery(),
        contents);
  }

  /**
   * The state of a record and its files.
   *
   * @throws IOException if a file is missing or does not belong to the record
   */
  ModelState state(CheckpointCommit commit, Map<String, byte[]> files) throws IOException {
    for (CheckpointCommit.Content content : commit.files()) {
      byte[] bytes = content(files, content.name());
      if (bytes.length != content.bytes()
          || !DigestUtils.sha256Hex(bytes).equals(content.sha256())) {
        throw new IOException(content.name() + " does not have the size and checksum committed");
      }
    }
    List<float[]> parameters = new ArrayList<>();
    List<float[]> averages = new ArrayList<>();
    List<OptimizerState> optimizer = new ArrayList<>();
    for (Network network : generator.after(networks)) {
      parameters.add(parameters(network, content(files, parametersFile(network))));
      averages.add(parameters(network, content(files, averageFile(network))));
      FloatReader moments = new FloatReader(content(files, optimizerFile(network)));
      List<float[]> arrays = new ArrayList<>();
      for (int m = 0; m < commit.moments(); m++) {
        arrays.add(moments.next(network.parameterCount()));
      }
      optimizer.add(new OptimizerState(commit.optimizerUpdates().get(optimizer.size()), arrays));
    }
    ModelState state =
        new ModelState(
            commit.iteration(),
            new Parameters(parameters),
            new Parameters(averages),
            hidden(files),
            optimizer,
            chains(commit, files),
            commit.recovery());
    if (!commit.parametersSha256().equals(state.parameters().sha256())) {
      throw new IOException(CheckpointCommit.FILE + " has the checksum of other parameters");
    }
    return state;
  }

  private Optional<HiddenSpace> hidden(Map<String, byte[]> files) throws IOException {
    if (!generator.isHidden()) {
      return Optional.empty();
    }
    ImageShape thumbnail = networks.get(0).shape().withSide(generator.hiddenSide());
    byte[] bytes = content(files, HIDDEN);
    return Optional.of(
        new HiddenSpace(thumbnail, new FloatReader(bytes).next(bytes.length / Float.BYTES)));
  }

  private List<List<ImageBatch>> chains(CheckpointCommit commit, Map<String, byte[]> files)
      throws IOException {
    if (commit.chainCells() == 0) {
      return List.of();
    }
    FloatReader reader = new FloatReader(content(files, CHAINS));
    List<List<ImageBatch>> cells = new ArrayList<>();
    for (int cell = 0; cell < commit.chainCells(); cell++) {
      List<ImageBatch> grids = new ArrayList<>();
      for (GridNetwork network : networks) {
        float[] pixels = reader.next(commit.chainsPerCell() * network.shape().size());
        grids.add(new ImageBatch(network.shape(), commit.chainsPerCell(), pixels));
      }
      cells.add(grids);
    }
    return cells;
  }

  private static byte[] content(Map<String, byte[]> files, String name) throws IOException {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new IOException(name + " is missing");
    }
    return bytes;
  }

  private static String parametersFile(Network network) {
    return network.name() + ".zip";
  }

  private static String averageFile(Network network) {
    return network.name() + "-average.zip";
  }

  private static String optimizerFile(Network network) {
    return network.name() + "-optimizer.f32";
  }

  private static byte[] model(Network network, float[] parameters) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ModelSerializer.writeModel(dl4j(network, parameters), bytes, false);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write model: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private static Model dl4j(Network network, float[] parameters) {
    return network instanceof MapNetwork map
        ? Dl4jNetwork.of(map, parameters, map.input().equals(map.output()))
        : Dl4jNetwork.of((GridNetwork) network, parameters);
  }

  private static float[] parameters(Network network, byte[] model) throws IOException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(model);
    Model restored =
        network instanceof MapNetwork
            ? ModelSerializer.restoreComputationGraph(bytes, false)
            : ModelSerializer.restoreMultiLayerNetwork(bytes, false);
    return restored.params().dup('c').data().asFloat();
  }

  private static byte[] raw(List<float[]> arrays) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    arrays.forEach(array -> bytes.writeBytes(Parameters.littleEndian(array).array()));
    return bytes.toByteArray();
  }

  /** Reads consecutive arrays of little-endian float32. */
  private static final class FloatReader {
    private final ByteBuffer bytes;

    FloatReader(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    float[] next(int length) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = bytes.getFloat();
      }
      return values;
    }
  }
}
