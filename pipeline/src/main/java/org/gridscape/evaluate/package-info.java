/**
 * Judges images by the statistics of their features: an extractor turns images into feature rows,
 * {@link org.gridscape.evaluate.FeatureMoments} sums them up piece by piece, and {@link
 * org.gridscape.evaluate.FrechetDistance} compares two sums.
 *
 * <p>A distance has a meaning only with the extractor it was taken in, so every result names it.
 */
package org.gridscape.evaluate;
