package org.gridscape.features;

import java.io.Serializable;

/**
 * What must be equal for features to be comparable.
 *
 * @param name of the network, as results quote it
 * @param sha256 of its weights, 64 lower-case hexadecimal digits; empty if there are none
 * @param protocol how images are brought to the network's input, see {@link Protocol}; empty if
 *     they are taken as they are
 * @param dimension features of an image
 * @param classes logits of an image, 0 if there are none
 * @param spatialDimension values of the spatial layer, 0 if there is none
 */
public record ExtractorIdentity(
    String name, String sha256, String protocol, int dimension, int classes, int spatialDimension)
    implements Serializable {}
