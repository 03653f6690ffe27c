package org.gridscape.jobs.experiment;

/**
 * How far samples are from the training images in the features of a network.
 *
 * @param distance Frechet distance
 * @param lower lower end of its 95 % interval; NaN where the samples are too few for one
 * @param upper upper end
 * @param meanDistance Euclidean distance of the mean features
 */
public record Score(double distance, double lower, double upper, double meanDistance) {}
