package org.gridscape.distribute;

import java.io.Serializable;
import java.util.List;

/**
 * New images of one cell.
 *
 * @param first number of the first image
 * @param count images
 * @param grids per grid, pixels as unsigned bytes [count, channels, side, side]
 * @param starts pixels of the 1x1 starts [count, channels, 1, 1]; empty for other starts
 * @param values per grid, f of each image
 */
public record SampleCell(
    int first, int count, List<byte[]> grids, byte[] starts, List<float[]> values)
    implements Serializable {}
