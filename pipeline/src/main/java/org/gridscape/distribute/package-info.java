/**
 * Learning and sampling on many machines: shards and cells, ordered sums, checkpoints.
 *
 * <p>The driver broadcasts parameters and adds up what the shards return, in shard order; a task is
 * a pure function of parameters, shard, iteration and seed. So the result does not depend on how
 * many executors there are, which of them runs what, or what is run twice. Parameters travel as
 * float arrays, never as arrays of ND4J, which Spark would close or leak.
 */
package org.gridscape.distribute;
