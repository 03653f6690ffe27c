package org.gridscape.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.pyramid.GridLadder;

/** Writes run folders that look like those of a training, without a training. */
final class MadeUpRun {

  static final GridLadder LADDER = new GridLadder(List.of(1, 4, 16, 32));
  private static final PixelRange RANGE = PixelRange.SIGNED_UNIT;

  private final Path folder;
  private final Random random = new Random(7);

  private MadeUpRun(Path folder) {
    this.folder = folder;
  }

  /** Writes a finished run of 300 iterations with a snapshot every {@code snapshotEvery}. */
  static Path finished(Path folder, int snapshotEvery) {
    MadeUpRun run = new MadeUpRun(folder);
    run.texts();
    run.metrics(300);
    for (int iteration = snapshotEvery; iteration <= 300; iteration += snapshotEvery) {
      String name = String.format(Locale.ROOT, "iteration-%08d", iteration);
      run.sheets(name, clothes(48, new Random(1)), 1.2 * Math.exp(-iteration / 80.0) + 0.15);
    }
    run.sheets("observed", clothes(48, new Random(2)), 0);
    ImageBatch samples = clothes(48, new Random(3));
    run.sheets("final", samples, 0.15);
    run.images(samples);
    return folder;
  }

  /** Writes the log of a run that is going on, with a score every so many iterations. */
  static Path scored(Path folder, int iterations, int every) {
    MadeUpRun run = new MadeUpRun(folder);
    RunLog log = new RunLog(folder.resolve("metrics.jsonl"));
    for (int i = 1; i <= iterations; i++) {
      IterationMetrics plain = iteration(i, run.random);
      log.append(i % every == 0 ? scored(plain, run.score(i)) : plain);
    }
    return folder;
  }

  /** Writes the log of a run of w-GCN. */
  static Path penalized(Path folder, int iterations) {
    MadeUpRun run = new MadeUpRun(folder);
    RunLog log = new RunLog(folder.resolve("metrics.jsonl"));
    for (int i = 1; i <= iterations; i++) {
      log.append(penalized(iteration(i, run.random)));
    }
    return folder;
  }

  /** The same iteration with a penalty of weight 1/2. */
  private static IterationMetrics penalized(IterationMetrics plain) {
    return new IterationMetrics(
        plain.iteration(),
        plain.seconds(),
        plain.learningRate(),
        plain.phases(),
        plain.executors(),
        plain.grids().stream().map(MadeUpRun::penalized).toList(),
        plain.recoveries(),
        plain.scores());
  }

  private static GridMetrics penalized(GridMetrics plain) {
    double squares = plain.gradientStrength() * plain.gradientStrength() / 16;
    return new GridMetrics(
        plain.side(),
        plain.energyGap(),
        plain.observedMean(),
        plain.observedDeviation(),
        plain.synthesizedMean(),
        plain.synthesizedDeviation(),
        plain.gradientStrength(),
        plain.clippedShare(),
        plain.gradientNorm(),
        List.of(PenaltyMetrics.of(0.5, 1.1 * squares, 0.9 * squares, squares, plain.energyGap())),
        plain.dissipation());
  }

  /** The same iteration with a score. */
  static IterationMetrics scored(IterationMetrics metrics, SampleScore score) {
    return new IterationMetrics(
        metrics.iteration(),
        metrics.seconds(),
        metrics.learningRate(),
        metrics.phases(),
        metrics.executors(),
        metrics.grids(),
        metrics.recoveries(),
        List.of(score));
  }

  private SampleScore score(int iteration) {
    double distance = 4.5 + 130 * Math.exp(-iteration / 35.0) + 0.3 * random.nextGaussian();
    double half = 0.2 + 0.06 * distance;
    return new SampleScore(
        "fashion-mnist-classifier-v1",
        2000,
        distance,
        distance - half,
        distance + half,
        0.6 * Math.sqrt(distance));
  }

  /** One logged iteration of a plausible course. */
  static IterationMetrics iteration(int iteration, Random random) {
    List<GridMetrics> grids = new ArrayList<>();
    double late = 1 - Math.exp(-iteration / 60.0);
    for (int side : LADDER.gridSides()) {
      double scale = Math.sqrt(side);
      double gap = 2.5 * Math.exp(-iteration / 25.0) * scale / 4 + 0.12 * random.nextGaussian();
      double mean = scale * late + 0.1 * random.nextGaussian();
      double strength = scale * (0.4 + late) + 0.05 * random.nextGaussian();
      double spread = scale * (0.1 + 0.3 * late) + 0.02 * random.nextGaussian();
      double norm = (1 + 6 * Math.exp(-iteration / 20.0)) * Math.exp(0.2 * random.nextGaussian());
      double clipped = 0.3 + 0.05 * late + 0.01 * random.nextGaussian() + 0.002 * side;
      grids.add(
          new GridMetrics(
              side,
              gap,
              mean,
              spread,
              mean - gap,
              0.9 * spread,
              strength,
              clipped,
              norm,
              List.of(),
              iteration % 10 == 0 ? List.of(1e-4 * scale * (1 + late)) : List.of()));
    }
    double seconds = 0.8 + 0.05 * random.nextGaussian() + (iteration < 4 ? 1.0 / iteration : 0);
    PhaseSeconds phases =
        new PhaseSeconds(0.02, seconds * 0.71, seconds * 0.18, seconds * 0.03, seconds * 0.02);
    return new IterationMetrics(iteration, seconds, 4e-4, phases, 2, grids, List.of(), List.of());
  }

  private void texts() {
    text(
        "config.resolved.conf",
        """
        # resolved settings
        training {
          # images of one update
          batch = 100
          cellSize = 25
          engine = reference
          iterations = 300
          note = "a < b && </script><b>bold</b>"
        }
        sampling { count = 2000 }
        """);
    text(
        "provenance.json",
        """
        {"runId": "quickstart", "command": "gridscape quickstart", "gridscapeVersion": "0.1.0",
         "java": "17.0.15 (Temurin)", "os": "Linux 6.1", "arch": "amd64", "processors": 2,
         "sparkVersion": "3.5.7", "master": "local[*]", "engine": "reference", "seed": 20180618,
         "dataSource": "fashion-mnist-10k", "started": "2026-01-01T12:00:00Z",
         "dataFingerprint": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
        """);
    text(
        "result.json",
        """
        {"status": "complete", "command": "quickstart", "runId": "quickstart", "iterations": 300,
         "secondsPerIteration": 0.8123456789, "engine": "reference",
         "parametersSha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
         "energyGaps": {"4": 0.031, "16": -0.084, "32": 0.1129},
         "score": {"extractor": "gridscape-classifier-1", "samples": 41.72345, "lower": 40.1177,
                   "upper": 43.3294, "starts": 812.4,
                   "floor": 3.91}}
        """);
  }

  private void metrics(int iterations) {
    RunLog log = new RunLog(folder.resolve("metrics.jsonl"));
    for (int i = 1; i <= iterations; i++) {
      log.append(iteration(i, random));
    }
  }

  private void sheets(String name, ImageBatch clean, double noise) {
    ImageBatch images = clean.copy();
    for (int i = 0; i < images.pixels().length; i++) {
      images.pixels()[i] += (float) (noise * random.nextGaussian());
    }
    for (int side : LADDER.gridSides()) {
      Path file = folder.resolve("samples").resolve(name).resolve("grid-" + side + ".png");
      ContactSheet.of(LADDER, 8).write(GridLadder.average(images, side), RANGE, file);
    }
  }

  private void images(ImageBatch samples) {
    StringBuilder csv = new StringBuilder("image,grid_4,grid_16,grid_32\n");
    for (int i = 0; i < samples.count(); i++) {
      String name = String.format(Locale.ROOT, "image-%06d.png", i);
      Path file = folder.resolve("samples/final/images").resolve(name);
      ContactSheet.writeImage(samples, i, RANGE, file);
      double common = random.nextGaussian();
      csv.append(name);
      for (int side : LADDER.gridSides()) {
        csv.append(',').append(Math.sqrt(side) + common + 0.7 * random.nextGaussian());
      }
      csv.append('\n');
    }
    text("samples/final/energies.csv", csv.toString());
  }

  private void text(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + name + ": " + e.getMessage(), e);
    }
  }

  private static ImageBatch clothes(int count, Random random) {
    ImageBatch images = ImageBatch.zeros(new ImageShape(1, 32), count);
    for (int i = 0; i < count; i++) {
      BufferedImage picture = garment(i % 3, random);
      for (int p = 0; p < 32 * 32; p++) {
        int grey = picture.getRaster().getSample(p % 32, p / 32, 0);
        images.pixels()[i * 32 * 32 + p] = grey / 127.5f - 1;
      }
    }
    return images;
  }

  private static BufferedImage garment(int kind, Random random) {
    BufferedImage picture = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D pen = picture.createGraphics();
    int grey = 120 + random.nextInt(130);
    pen.setColor(new Color(grey, grey, grey));
    int wide = random.nextInt(3);
    if (kind == 0) {
      pen.fillRect(10 - wide, 5, 12 + 2 * wide, 23);
      int cuff = 8 + random.nextInt(14);
      pen.fillPolygon(new Polygon(new int[] {10, 3, 7, 12}, new int[] {5, cuff, cuff + 1, 9}, 4));
      pen.fillPolygon(new Polygon(new int[] {22, 29, 25, 20}, new int[] {5, cuff, cuff + 1, 9}, 4));
    } else if (kind == 1) {
      pen.fillRect(9, 3, 14, 8);
      pen.fillRect(9, 10, 6 - wide / 2, 19);
      pen.fillRect(17 + wide / 2, 10, 6 - wide / 2, 19);
    } else {
      pen.fillRoundRect(3, 19 - wide, 26, 7, 5, 5);
      pen.fillRect(18, 12 - wide, 10, 10);
    }
    pen.dispose();
    return picture;
  }
}
