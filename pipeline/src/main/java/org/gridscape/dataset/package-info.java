/**
 * Prepared data sets: a source of images goes in, Parquet shards of unsigned bytes and a manifest
 * come out, the same images in the same places on any cluster.
 *
 * <p>A data set is a folder of {@code shard-nnnnn.parquet} (training), {@code
 * heldout-nnnnn.parquet}, {@code colours.f32} (the 1x1 colours of the training images, from which
 * new images start) and {@code manifest.json}, written last: without it, a folder counts as not
 * prepared. {@link org.gridscape.dataset.Preparation} runs on the driver and needs Spark; {@link
 * org.gridscape.dataset.Manifest} and {@link org.gridscape.dataset.ShardFile} read anywhere; {@link
 * org.gridscape.dataset.ShardImages} are a shard that an executor reads at random.
 */
package org.gridscape.dataset;
