/**
 * All randomness of Gridscape: counter-based streams, so that a number depends on the seed and on
 * what it is for, never on when, where or how often it is drawn.
 */
package org.gridscape.noise;
