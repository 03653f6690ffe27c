/**
 * Networks that judge images, and how images of any size are brought to their inputs: {@link
 * org.gridscape.features.ExtractorSpec} says which network, {@link
 * org.gridscape.features.FeatureExtractor} turns images into rows of features.
 *
 * <p>Features have a meaning only with the network and the protocol they were taken with, so an
 * {@link org.gridscape.features.ExtractorIdentity} goes with every result.
 */
package org.gridscape.features;
