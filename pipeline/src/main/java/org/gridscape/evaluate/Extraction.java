package org.gridscape.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.gridscape.dataset.DataException;
import org.gridscape.metrics.InceptionSums;
import org.gridscape.numpy.RandomState;
import org.gridscape.storage.Patience;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the features of sets of images in Spark jobs.
 *
 * <ol>
 *   <li>The set is cut into pieces; which images are kept one by one, and which split of the
 *       Inception Score each belongs to, is drawn.
 *   <li>A task a piece reads its images, takes their features and leaves a summary in the work
 *       folder.
 *   <li>A task a group adds up its pieces, in order.
 * </ol>
 *
 * <p>Cuts, batches, groups and orders of addition depend on the set and the settings alone, so the
 * bits do not depend on the cluster. What is in the work folder is not done again: an extraction
 * that was killed goes on, and one that is complete costs nothing. Lives on the driver.
 */
public final class Extraction {
  private static final Logger LOG = LoggerFactory.getLogger(Extraction.class);

  /** Groups of pieces: parts of the set that intervals are computed from. */
  static final int GROUPS = 20;

  /** Two pieces a group at least, so that many executors have work. */
  private static final int FEWEST_PIECES = 2 * GROUPS;

  /** Room for summaries is bounded by it: some 17 MB each at 2048 features. */
  private static final int MOST_PIECES = 25 * GROUPS;

  private static final int IMAGES_A_PIECE = 512;
  private static final long TOLD_EVERY = 5;

  private final JavaSparkContext spark;
  private final String folder;
  private final Patience patience;
  private final ExtractionSettings settings;
  private final Listener listener;

  /**
   * Extractions on a cluster.
   *
   * @param folder any Hadoop path that driver and executors see; each set gets a folder in it
   * @param patience with its store
   * @param listener hears of the images done, in a thread of its own
   */
  public Extraction(
      JavaSparkContext spark,
      String folder,
      Patience patience,
      ExtractionSettings settings,
      Listener listener) {
    this.spark = spark;
    this.folder = folder;
    this.patience = patience;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * The features of a set of images.
   *
   * @throws DataException if there are fewer than two images, or one cannot be read
   */
  public FeatureSet extract(ImageSet images) {
    if (images.count() < 2) {
      throw new DataException(
          "Cannot evaluate %s: %d images (must be at least 2)"
              .formatted(images.name(), images.count()));
    }
    List<ImageSet.Piece> pieces = images.cut(pieces(images.count()));
    int groups = Math.min(GROUPS, pieces.size());
    WorkFolder work = new WorkFolder(folder + "/" + key(images), patience);
    long start = System.nanoTime();
    Set<String> done = work.names();
    boolean found =
        IntStream.range(0, groups).mapToObj(GroupTask::rowsFile).allMatch(done::contains);
    if (!found) {
      takePieces(images, pieces, work, done);
      addUp(images, work, pieces.size(), groups, done);
    }
    LOG.debug("features taken set={} folder={}", images.name(), work.path());
    int[] groupSizes = new int[groups];
    for (int piece = 0; piece < pieces.size(); piece++) {
      groupSizes[piece % groups] += pieces.get(piece).numbers().length;
    }
    return new FeatureSet(
        images.name(),
        images.count(),
        settings,
        work,
        groupSizes,
        found,
        (System.nanoTime() - start) * 1e-9);
  }

  private static int pieces(int count) {
    int wanted = Math.max(FEWEST_PIECES, (count + IMAGES_A_PIECE - 1) / IMAGES_A_PIECE);
    int most = Math.min(count / 2, MOST_PIECES);
    // Groups of as many pieces each.
    int pieces = Math.min((wanted + GROUPS - 1) / GROUPS, most / GROUPS) * GROUPS;
    return Math.max(1, pieces == 0 ? most : pieces);
  }

  /** Names the work of this set under these settings. */
  private String key(ImageSet images) {
    return DigestUtils.sha256Hex(images.fingerprint() + "\n" + settings.fingerprint())
        .substring(0, 16);
  }

  private void takePieces(
      ImageSet images, List<ImageSet.Piece> pieces, WorkFolder work, Set<String> done) {
    boolean[] kept = kept(images.count());
    int[] splits = splits(images.count());
    List<PieceTask.Order> orders = new ArrayList<>();
    for (int piece = 0; piece < pieces.size(); piece++) {
      if (!done.contains(PieceTask.file(piece))) {
        orders.add(order(piece, pieces.get(piece), kept, splits));
      }
    }
    if (orders.isEmpty()) {
      return;
    }
    spark.setJobDescription("evaluate: features of " + images.name());
    int missing = orders.stream().mapToInt(order -> order.kept().length).sum();
    LongAccumulator seen = spark.sc().longAccumulator("images");
    try (Watch watch = new Watch(images, images.count() - missing, seen)) {
      spark
          .parallelize(orders, orders.size())
          .map(new PieceTask(settings, work, images.name(), seen))
          .collect();
      watch.tell();
    }
  }

  /** Hears how far an extraction is. */
  @FunctionalInterface
  public interface Listener {

    /** Of {@code total} images of a set so many are done. */
    void images(String set, long done, int total);
  }

  /** Tells the listener every few seconds. */
  private final class Watch implements AutoCloseable {
    private final ImageSet images;
    private final int before;
    private final LongAccumulator seen;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    Watch(ImageSet images, int before, LongAccumulator seen) {
      this.images = images;
      this.before = before;
      this.seen = seen;
      var unused = clock.scheduleAtFixedRate(this::tell, TOLD_EVERY, TOLD_EVERY, TimeUnit.SECONDS);
    }

    void tell() {
      // A task that is tried again counts its images again.
      long done = Math.min(before + seen.value(), images.count());
      listener.images(images.name(), done, images.count());
    }

    @Override
    public void close() {
      clock.shutdownNow();
    }
  }

  private static PieceTask.Order order(
      int number, ImageSet.Piece piece, boolean[] kept, int[] splits) {
    int[] numbers = piece.numbers();
    boolean[] keptHere = new boolean[numbers.length];
    int[] splitsHere = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      keptHere[i] = kept[numbers[i]];
      splitsHere[i] = splits[numbers[i]];
    }
    return new PieceTask.Order(number, piece, keptHere, splitsHere);
  }

  /** The split of each image; where there are fewer images than splits, they are of no use. */
  private int[] splits(int count) {
    return settings.splits() > count
        ? new int[count]
        : InceptionSums.splitOfImages(count, settings.splits(), settings.seed());
  }

  private boolean[] kept(int count) {
    boolean[] kept = new boolean[count];
    int[] chosen =
        count <= settings.subsample()
            ? IntStream.range(0, count).toArray()
            : new RandomState(settings.seed()).choice(count, settings.subsample());
    for (int number : chosen) {
      kept[number] = true;
    }
    return kept;
  }

  private void addUp(ImageSet images, WorkFolder work, int pieces, int groups, Set<String> done) {
    List<Integer> missing =
        IntStream.range(0, groups)
            .filter(group -> !done.contains(GroupTask.rowsFile(group)))
            .boxed()
            .toList();
    spark.setJobDescription("evaluate: sums of " + images.name());
    spark
        .parallelize(missing, missing.size())
        .map(new GroupTask(settings, work, pieces, groups))
        .collect();
    IntStream.range(0, pieces).mapToObj(PieceTask::file).forEach(work::delete);
  }
}
