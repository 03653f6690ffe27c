package org.gridscape.distribute;

import java.io.Serializable;
import java.util.List;
import org.gridscape.image.ImageBatch;

/**
 * What tasks need to know of one iteration; broadcast.
 *
 * @param iteration from 1
 * @param parameters before the update
 * @param states per cell, then grid: states of persistent chains; empty at first and for other
 *     starts
 */
record IterationInput(int iteration, Parameters parameters, List<List<ImageBatch>> states)
    implements Serializable {}
