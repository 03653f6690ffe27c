package org.gridscape.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The contact sheets of a run, embedded.
 *
 * @param hero synthesized beside observed images of the finest grid; at most one
 * @param pairs the same of the coarser grids, fine to coarse
 * @param codes what codes say: interpolation and reconstruction, of runs whose chains start from
 *     them
 * @param columns grids that have a sheet over time, coarse to fine
 * @param rows chosen snapshots, ascending
 * @param notes sentences on missing samples
 * @param choice a sentence on snapshots left out; at most one
 */
record SheetGallery(
    List<Pair> hero,
    List<Pair> pairs,
    List<Sheet> codes,
    List<String> columns,
    List<Row> rows,
    List<String> notes,
    List<String> choice) {

  /** Most snapshots shown: more make the page heavy without telling more. */
  static final int MOST_ROWS = 12;

  /** One embedded sheet. */
  record Sheet(String title, String source) {}

  /** The sheets of one grid, synthesized first; one of them may be missing. */
  record Pair(String grid, List<Sheet> sheets) {}

  /** The sheets of one snapshot; cells are empty lists where a grid has none. */
  record Row(int iteration, List<List<Sheet>> cells) {}

  /** Embeds the sheets of a run folder. */
  static SheetGallery of(RunFiles folder) {
    List<String> notes = new ArrayList<>();
    List<Snapshot> snapshots = folder.snapshots();
    List<Pair> pairs = pairs(folder, snapshots, notes);
    SortedSet<Integer> sides = new TreeSet<>();
    snapshots.forEach(snapshot -> sides.addAll(snapshot.sheets().keySet()));
    List<Snapshot> chosen = EvenChoice.of(snapshots, MOST_ROWS);
    return new SheetGallery(
        pairs.stream().limit(1).toList(),
        pairs.stream().skip(1).toList(),
        codes(folder),
        sides.stream().map(Wording::grid).toList(),
        chosen.stream().map(snapshot -> row(snapshot, sides)).toList(),
        notes,
        choice(chosen.size(), snapshots.size()));
  }

  private static List<String> choice(int chosen, int all) {
    return chosen < all
        ? List.of("%d of %d snapshots are shown, evenly chosen.".formatted(chosen, all))
        : List.of();
  }

  /** Whether there is a snapshot to show. */
  boolean hasRows() {
    return !rows.isEmpty();
  }

  private static List<Pair> pairs(RunFiles folder, List<Snapshot> snapshots, List<String> notes) {
    SortedMap<Integer, Path> synthesized = folder.sheets("final");
    SortedMap<Integer, Path> observed = folder.sheets("observed");
    String title = "Synthesized";
    if (synthesized.isEmpty() && !snapshots.isEmpty()) {
      Snapshot last = snapshots.get(snapshots.size() - 1);
      synthesized = last.sheets();
      title = "Synthesized, iteration " + last.iteration();
      notes.add("No final samples have been drawn; the last snapshot of the training stands in.");
    }
    if (synthesized.isEmpty() && !observed.isEmpty()) {
      notes.add("No images have been drawn from the model.");
    }
    SortedSet<Integer> sides = new TreeSet<>(Collections.reverseOrder());
    sides.addAll(synthesized.keySet());
    sides.addAll(observed.keySet());
    List<Pair> pairs = new ArrayList<>();
    for (int side : sides) {
      List<Sheet> sheets = new ArrayList<>(cell(synthesized, side, title));
      sheets.addAll(cell(observed, side, "Observed (real)"));
      pairs.add(new Pair(Wording.grid(side), sheets));
    }
    return pairs;
  }

  private static Row row(Snapshot snapshot, SortedSet<Integer> sides) {
    String title = "Synthesized, iteration " + snapshot.iteration();
    return new Row(
        snapshot.iteration(),
        sides.stream().map(side -> cell(snapshot.sheets(), side, title)).toList());
  }

  private static List<Sheet> cell(SortedMap<Integer, Path> sheets, int side, String title) {
    return sheets.containsKey(side)
        ? List.of(new Sheet(title, dataUri(sheets.get(side))))
        : List.of();
  }

  private static List<Sheet> codes(RunFiles folder) {
    List<Sheet> sheets = new ArrayList<>();
    folder
        .finalPicture("interpolation.png")
        .ifPresent(png -> sheets.add(new Sheet("From code to code, a way a row", dataUri(png))));
    folder
        .finalPicture("reconstruction.png")
        .ifPresent(
            png ->
                sheets.add(
                    new Sheet("Rows of real images above those of their codes", dataUri(png))));
    return sheets;
  }

  /** Whether chains start from codes. */
  boolean hasCodes() {
    return !codes.isEmpty();
  }

  private static String dataUri(byte[] png) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }

  private static String dataUri(Path png) {
    try {
      return dataUri(Files.readAllBytes(png));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + png + ": " + e.getMessage(), e);
    }
  }
}
