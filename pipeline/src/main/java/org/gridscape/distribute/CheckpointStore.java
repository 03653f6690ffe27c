package org.gridscape.distribute;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.FileUtils;
import org.deeplearning4j.util.ModelSerializer;
import org.gridscape.energy.Dl4jNetwork;
import org.gridscape.energy.GridNetwork;
import org.gridscape.image.ImageBatch;
import org.gridscape.learning.OptimizerState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a run, one folder each. Lives on the driver.
 *
 * <p>A folder holds, per grid, the parameters and their moving average as DL4J model zips that
 * {@link ModelSerializer} opens, and the optimiser's moments as raw little-endian float32; then
 * persistent chains, if any. All of it is written and synced to disk under another name, the commit
 * record with sizes and checksums last; then the folder gets its name. What is torn or edited does
 * not verify, and the checkpoint before it is used.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String PREFIX = "iteration-";
  private static final String PARTIAL = ".partial";
  private static final String CHAINS = "chains.f32";

  private final Path folder;
  private final List<GridNetwork> networks;

  /**
   * The store of one run.
   *
   * @param folder made when first written to
   * @param networks one a grid, coarse to fine
   */
  public CheckpointStore(Path folder, List<GridNetwork> networks) {
    this.folder = folder;
    this.networks = networks;
  }

  /**
   * Writes a checkpoint, then deletes all but the newest {@code keep} up to it. What is left of
   * later ones could not be read, or the run would have gone on from there.
   */
  public void write(ModelState state, RunIdentity identity, int keep) {
    String name = name(state.iteration());
    Path partial = folder.resolve(name + PARTIAL);
    Path whole = folder.resolve(name);
    try {
      FileUtils.deleteDirectory(partial.toFile());
      Files.createDirectories(partial);
      List<CheckpointCommit.Content> contents = new ArrayList<>();
      for (Map.Entry<String, byte[]> file : files(state).entrySet()) {
        writeSynced(partial.resolve(file.getKey()), file.getValue());
        contents.add(
            new CheckpointCommit.Content(
                file.getKey(), file.getValue().length, DigestUtils.sha256Hex(file.getValue())));
      }
      CheckpointCommit commit =
          new CheckpointCommit(
              CheckpointCommit.FORMAT_VERSION,
              state.iteration(),
              identity,
              state.parameters().sha256(),
              state.optimizer().stream().map(OptimizerState::updates).toList(),
              state.optimizer().get(0).moments().size(),
              state.states().size(),
              state.states().isEmpty() ? 0 : state.states().get(0).get(0).count(),
              state.recovery(),
              contents);
      writeSynced(partial.resolve(CheckpointCommit.FILE), commit.toJson());
      FileUtils.deleteDirectory(whole.toFile());
      Files.move(partial, whole);
      prune(whole, keep);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write checkpoint " + whole + ": " + e.getMessage(), e);
    }
  }

  /** The newest checkpoint that verifies; a warning for each newer one that does not. */
  public Optional<Checkpoint> latest() {
    for (Path candidate : candidates()) {
      try {
        return Optional.of(read(candidate));
      } catch (IOException | RuntimeException e) {
        LOG.warn("Cannot use checkpoint {}: {}", candidate, e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** Whether no checkpoint was ever finished here. */
  public boolean isEmpty() {
    return candidates().isEmpty();
  }

  /** Newest first. */
  private List<Path> candidates() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches(PREFIX + "\\d{8}"))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list checkpoints " + folder, e);
    }
  }

  private void prune(Path newest, int keep) throws IOException {
    List<Path> newestFirst =
        candidates().stream().filter(candidate -> candidate.compareTo(newest) <= 0).toList();
    for (Path old : newestFirst.subList(Math.min(keep, newestFirst.size()), newestFirst.size())) {
      FileUtils.deleteDirectory(old.toFile());
    }
  }

  private Map<String, byte[]> files(ModelState state) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int grid = 0; grid < networks.size(); grid++) {
      GridNetwork network = networks.get(grid);
      files.put(parametersFile(network), model(network, state.parameters().grids().get(grid)));
      files.put(averageFile(network), model(network, state.average().grids().get(grid)));
      files.put(optimizerFile(network), raw(state.optimizer().get(grid).moments()));
    }
    if (!state.states().isEmpty()) {
      List<float[]> chains = new ArrayList<>();
      state.states().forEach(cell -> cell.forEach(grid -> chains.add(grid.pixels())));
      files.put(CHAINS, raw(chains));
    }
    return files;
  }

  private Checkpoint read(Path checkpoint) throws IOException {
    CheckpointCommit commit =
        CheckpointCommit.fromJson(Files.readAllBytes(checkpoint.resolve(CheckpointCommit.FILE)));
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (CheckpointCommit.Content content : commit.files()) {
      byte[] bytes = Files.readAllBytes(checkpoint.resolve(content.name()));
      if (bytes.length != content.bytes()
          || !DigestUtils.sha256Hex(bytes).equals(content.sha256())) {
        throw new IOException(content.name() + " does not have the size and checksum committed");
      }
      files.put(content.name(), bytes);
    }
    List<float[]> parameters = new ArrayList<>();
    List<float[]> averages = new ArrayList<>();
    List<OptimizerState> optimizer = new ArrayList<>();
    for (int grid = 0; grid < networks.size(); grid++) {
      GridNetwork network = networks.get(grid);
      parameters.add(parameters(content(files, parametersFile(network))));
      averages.add(parameters(content(files, averageFile(network))));
      FloatReader moments = new FloatReader(content(files, optimizerFile(network)));
      List<float[]> arrays = new ArrayList<>();
      for (int m = 0; m < commit.moments(); m++) {
        arrays.add(moments.next(network.parameterCount()));
      }
      optimizer.add(new OptimizerState(commit.optimizerUpdates().get(grid), arrays));
    }
    ModelState state =
        new ModelState(
            commit.iteration(),
            new Parameters(parameters),
            new Parameters(averages),
            optimizer,
            chains(commit, files),
            commit.recovery());
    requireCommitted(checkpoint, commit, state);
    return new Checkpoint(state, commit.identity());
  }

  /** The record has no checksum of its own, so what it repeats must agree. */
  private static void requireCommitted(Path checkpoint, CheckpointCommit commit, ModelState state)
      throws IOException {
    if (!name(commit.iteration()).equals(checkpoint.getFileName().toString())
        || !commit.parametersSha256().equals(state.parameters().sha256())) {
      throw new IOException(
          CheckpointCommit.FILE + " does not agree with the checkpoint's name and parameters");
    }
  }

  private static String name(int iteration) {
    return PREFIX + "%08d".formatted(iteration);
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

  private static String parametersFile(GridNetwork network) {
    return "grid-%d.zip".formatted(network.shape().side());
  }

  private static String averageFile(GridNetwork network) {
    return "grid-%d-average.zip".formatted(network.shape().side());
  }

  private static String optimizerFile(GridNetwork network) {
    return "grid-%d-optimizer.f32".formatted(network.shape().side());
  }

  private static byte[] model(GridNetwork network, float[] parameters) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(Dl4jNetwork.of(network, parameters), bytes, false);
    return bytes.toByteArray();
  }

  private static float[] parameters(byte[] model) throws IOException {
    return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(model), false)
        .params()
        .dup('c')
        .data()
        .asFloat();
  }

  private static byte[] raw(List<float[]> arrays) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    arrays.forEach(array -> bytes.writeBytes(Parameters.littleEndian(array).array()));
    return bytes.toByteArray();
  }

  private static void writeSynced(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
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
