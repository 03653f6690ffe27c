package org.gridscape.distribute;

import java.util.List;
import org.gridscape.energy.Fingerprint;

/**
 * What a checkpoint belongs to; a run is only continued under the same.
 *
 * @param engine that computed the chains
 * @param seed of every stream
 * @param dataFingerprint of the prepared data set
 * @param config resolved configuration
 * @param fingerprints of the processes that computed it so far, each kind once
 */
public record RunIdentity(
    String engine,
    long seed,
    String dataFingerprint,
    String config,
    List<Fingerprint> fingerprints) {}
