package org.gridscape.generator;

import java.util.List;

/**
 * What a cell contributes to the learning of the generator.
 *
 * @param gradients one a network, in the order of {@link GeneratorSpec#networks}: sum over images
 *     of the gradient of minus the losses
 * @param statistics sums over the images
 */
public record GeneratorGradient(List<float[]> gradients, GeneratorStatistics statistics) {}
