package org.gridscape.report;

import java.nio.file.Path;
import java.util.SortedMap;

/**
 * The contact sheets drawn at one moment of the training.
 *
 * @param iteration after which they were drawn
 * @param sheets PNG files by grid side, coarse to fine
 */
record Snapshot(int iteration, SortedMap<Integer, Path> sheets) {}
