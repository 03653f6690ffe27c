package org.gridscape.distribute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.gridscape.energy.GridNetwork;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreException;
import org.gridscape.storage.StoreFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a run, one folder each, on any Hadoop file system. Lives on the driver.
 *
 * <p>The files of a checkpoint are written and made safe first, then its commit record with their
 * sizes and checksums, under another name that is changed when it is safe as well. A folder without
 * a commit record is no checkpoint. What is torn or edited does not verify, and the checkpoint
 * before it is used.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String PREFIX = "iteration-";

  private final StoreFolder folder;
  private final CheckpointFiles files;
  private final Map<String, Double> measures = new HashMap<>();
  private Optional<String> newestWhole = Optional.empty();

  /**
   * The store of one run.
   *
   * @param folder any Hadoop path; made when first written to
   * @param networks one a grid, coarse to fine
   * @param generator what lies between them
   * @param patience with the store, for each file
   * @throws StoreException if nothing knows the path's scheme
   */
  public CheckpointStore(
      String folder, List<GridNetwork> networks, GeneratorSpec generator, Patience patience) {
    this.folder = StoreFolder.at(folder, patience);
    files = new CheckpointFiles(networks, generator);
  }

  /**
   * Writes a checkpoint, over one of the same iteration, then deletes what need not be kept. What
   * is there of later iterations is damaged or of a course that the run has left, and is deleted
   * too.
   *
   * @param measure how good the model is, the smaller the better; NaN if it is not known
   * @throws StoreException if a file cannot be written; names the checkpoint that the run goes on
   *     from
   */
  public void write(ModelState state, RunIdentity identity, double measure, Retention retention) {
    String name = name(state.iteration());
    Map<String, byte[]> contents = files.of(state);
    CheckpointCommit commit = CheckpointFiles.commit(state, identity, measure, contents);
    StoreFolder checkpoint = folder.child(name);
    try {
      newestWhole = newestWhole.filter(whole -> !whole.equals(name));
      measures.remove(name);
      remove(folder, name);
      contents.forEach(checkpoint::write);
      checkpoint.commit(CheckpointCommit.FILE, commit.toJson());
    } catch (StoreException e) {
      clear(name, e);
      throw new StoreException(
          "Cannot write checkpoint %s: %s (%s)".formatted(checkpoint, e.getMessage(), wayOn()), e);
    }
    newestWhole = Optional.of(name);
    measures.put(name, measure);
    prune(state.iteration(), retention);
  }

  /**
   * Makes the files of a state and throws them away: the first time, DL4J loads for seconds that a
   * process which is asked to stop does not have. Done before training goes on, not beside it: a
   * driver was seen to stand still for ever while a thread of its own loaded ND4J here.
   */
  public void warmUp(ModelState state) {
    files.of(state);
  }

  /** The newest checkpoint that verifies; a warning for each newer one that does not. */
  public Optional<Checkpoint> latest() {
    return latest(iteration -> true);
  }

  /**
   * The newest checkpoint that verifies of the iterations wanted; a warning for each newer one that
   * does not.
   *
   * @throws StoreException if one cannot be read, for it may be whole
   */
  public Optional<Checkpoint> latest(IntPredicate wanted) {
    for (String name : newestFirst()) {
      if (!wanted.test(iteration(name))) {
        continue;
      }
      try {
        Checkpoint checkpoint = read(name);
        newestWhole = newestWhole.or(() -> Optional.of(name));
        return Optional.of(checkpoint);
      } catch (StoreException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        warn(name, e);
      }
    }
    return Optional.empty();
  }

  /** Whether no checkpoint was ever finished here. */
  public boolean isEmpty() {
    return newestFirst().stream()
        .noneMatch(name -> folder.child(name).holds(CheckpointCommit.FILE));
  }

  private Checkpoint read(String name) throws IOException {
    StoreFolder checkpoint = folder.child(name);
    CheckpointCommit commit = commit(checkpoint);
    if (commit.iteration() != iteration(name)) {
      throw new IOException(
          "%s is of iteration %d".formatted(CheckpointCommit.FILE, commit.iteration()));
    }
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (CheckpointCommit.Content content : commit.files()) {
      checkpoint.read(content.name()).ifPresent(bytes -> contents.put(content.name(), bytes));
    }
    return new Checkpoint(files.state(commit, contents), commit.identity());
  }

  private static CheckpointCommit commit(StoreFolder checkpoint) throws IOException {
    return CheckpointCommit.fromJson(
        checkpoint
            .read(CheckpointCommit.FILE)
            .orElseThrow(
                () ->
                    new IOException(
                        CheckpointCommit.FILE + " is missing: it was not written to its end")));
  }

  private void warn(String name, Exception reason) {
    LOG.warn("Cannot use checkpoint {}: {}", folder.file(name), Patience.reason(reason));
  }

  private List<String> newestFirst() {
    return folder.names().stream()
        .filter(name -> name.matches(PREFIX + "\\d{8}"))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** The checkpoint just written is safe, so that nothing here ends the run. */
  private void prune(int newest, Retention retention) {
    StoreFolder hasty = folder.with(Patience.NONE);
    try {
      List<String> found = newestFirst();
      List<Retention.Candidate> candidates = new ArrayList<>();
      for (String name : found) {
        measure(name)
            .filter(measure -> iteration(name) <= newest)
            .ifPresent(
                measure -> candidates.add(new Retention.Candidate(iteration(name), measure)));
      }
      Set<Integer> kept = retention.kept(candidates);
      for (String name : found) {
        if (!kept.contains(iteration(name))) {
          measures.remove(name);
          remove(hasty, name);
        }
      }
    } catch (StoreException e) {
      LOG.warn("Cannot tidy checkpoints {}: {}", folder, e.getMessage());
    }
  }

  /** The measure of a checkpoint; empty if its record is missing or damaged. */
  private Optional<Double> measure(String name) {
    try {
      if (!measures.containsKey(name)) {
        measures.put(name, commit(folder.with(Patience.NONE).child(name)).measure());
      }
      return Optional.of(measures.get(name));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What is half deleted is no checkpoint: the record goes first. */
  private static void remove(StoreFolder folder, String name) {
    folder.child(name).delete(CheckpointCommit.FILE);
    folder.delete(name);
  }

  /** Gives back the room that the beginning of a checkpoint takes, if that can be done. */
  private void clear(String name, StoreException failure) {
    try {
      remove(folder.with(Patience.NONE), name);
    } catch (StoreException e) {
      failure.addSuppressed(e);
    }
  }

  private String wayOn() {
    return newestWhole
        .or(this::newestCommitted)
        .map(name -> "the newest whole checkpoint is " + name)
        .orElse("there is no whole checkpoint yet");
  }

  private Optional<String> newestCommitted() {
    try {
      return newestFirst().stream().filter(name -> measure(name).isPresent()).findFirst();
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  private static String name(int iteration) {
    return PREFIX + "%08d".formatted(iteration);
  }

  private static int iteration(String name) {
    return Integer.parseInt(name.substring(PREFIX.length()));
  }
}
