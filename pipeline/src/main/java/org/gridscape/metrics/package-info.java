/**
 * Measures of sets of images on rows of their features: sums that merge piece by piece, and the
 * distances and scores computed from them. Knows neither images nor Spark.
 */
package org.gridscape.metrics;
