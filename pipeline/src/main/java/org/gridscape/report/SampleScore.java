package org.gridscape.report;

/**
 * The Frechet distance of fresh samples at one iteration.
 *
 * @param extractor name of the network whose features were compared
 * @param samples images drawn
 * @param distance to the reference
 * @param lower lower end of the 95 % interval
 * @param upper its upper end
 */
public record SampleScore(
    String extractor, int samples, double distance, double lower, double upper) {}
