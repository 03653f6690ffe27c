package org.gridscape.distribute;

/**
 * A whole checkpoint that was read.
 *
 * @param state to continue from
 * @param identity what it belongs to
 */
public record Checkpoint(ModelState state, RunIdentity identity) {}
