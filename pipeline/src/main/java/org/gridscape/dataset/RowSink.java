package org.gridscape.dataset;

import org.gridscape.image.ImageShape;

/** Takes the images of a file, one by one in their order. */
interface RowSink {

  /** Comes first: the shape of all images. Comes again where reading begins anew. */
  void start(ImageShape shape);

  /**
   * Comes for each image.
   *
   * @param id its identity
   * @param label its class, or -1
   * @param pixels unsigned bytes in CHW; not kept
   */
  void add(String id, int label, byte[] pixels);
}
