package org.gridscape.features;

/**
 * What an extractor says of a batch of images. Arrays are not copied.
 *
 * @param count images
 * @param features [count][dimension], image after image
 * @param logits [count][classes], without bias; empty if the extractor has no classes
 * @param spatial [count][spatial dimension], of a layer that still knows places; empty if the
 *     extractor has none
 */
public record FeatureBatch(int count, float[] features, float[] logits, float[] spatial) {}
