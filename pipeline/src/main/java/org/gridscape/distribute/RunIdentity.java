package org.gridscape.distribute;

/**
 * What a checkpoint belongs to; a run is only continued under the same.
 *
 * @param engine that computed the chains
 * @param seed of every stream
 * @param dataFingerprint of the prepared data set
 * @param config resolved configuration
 */
public record RunIdentity(String engine, long seed, String dataFingerprint, String config) {}
