package org.gridscape.learning;

import java.util.List;
import org.gridscape.image.ImageBatch;

/**
 * The unit of work: images that one thread takes through chains and gradients.
 *
 * @param iteration training iteration, from 1
 * @param number of the cell in the batch
 * @param observed images at full resolution, in the pixel range of the chains; not modified
 * @param ids of these images
 * @param states of persistent chains, one batch a grid; empty at the first iteration and for every
 *     other start
 */
public record Cell(
    int iteration, int number, ImageBatch observed, List<String> ids, List<ImageBatch> states) {}
