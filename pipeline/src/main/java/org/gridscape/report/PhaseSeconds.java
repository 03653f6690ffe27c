package org.gridscape.report;

/**
 * Where the wall time of one iteration went, in seconds.
 *
 * @param broadcast sending the parameters
 * @param chain running the Langevin chains
 * @param gradient parameter gradients of observed and synthesized images
 * @param sum adding up what the cells returned
 * @param update the optimiser's step
 */
public record PhaseSeconds(
    double broadcast, double chain, double gradient, double sum, double update) {}
