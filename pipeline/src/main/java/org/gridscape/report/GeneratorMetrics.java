package org.gridscape.report;

/**
 * What the generator's losses showed in one iteration; those of weight 0 are 0.
 *
 * @param match squared error of upsampled observed images, mean over pixels
 * @param teach squared error of upsampled results of chains, mean over pixels
 * @param reconstruct squared error of images made of their codes, mean over pixels
 * @param code squared error of the codes of chains' results, mean over coordinates
 * @param normal distance of the observed images' codes to N(0, I); near 0 it may be negative
 */
public record GeneratorMetrics(
    double match, double teach, double reconstruct, double code, double normal) {}
