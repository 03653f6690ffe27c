/** Judges sets of images on a cluster: features in tasks, measures on the driver. */
package org.gridscape.evaluate;
