package org.gridscape.energy;

import org.gridscape.image.ImageBatch;

/**
 * Computes a network from images to images and its gradients.
 *
 * <p>Contract of every engine: arguments are not modified; the same call on the same state gives
 * the same bits; an engine serves one thread at a time, and different engines may run at once.
 */
public interface MapEngine extends AutoCloseable {

  /** The network that is computed. */
  MapNetwork network();

  /**
   * Replaces the parameters.
   *
   * @param parameters in the network's flat order; copied
   */
  void load(float[] parameters);

  /**
   * What the network gives.
   *
   * @param images of the network's input shape
   * @return as many images of its output shape, in an array of their own
   */
  ImageBatch outputs(ImageBatch images);

  /**
   * Gradients of sum_i &lt;s_i, u(x_i)&gt;, where u(x_i) is what the network gives for image i.
   *
   * @param images x
   * @param signals s, of the output shape, one an image
   */
  Gradients gradients(ImageBatch images, ImageBatch signals);

  /**
   * The gradients of one call.
   *
   * @param parameters summed over the images, in the network's flat order
   * @param images with respect to each image, of the input shape
   */
  record Gradients(float[] parameters, ImageBatch images) {}

  /** Frees native memory; every later call but this one throws IllegalStateException. */
  @Override
  void close();
}
