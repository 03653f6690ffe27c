package org.gridscape.dataset;

import java.io.Serializable;

/** What became of one image on its way into a data set. Travels between executors. */
public sealed interface PreparedImage extends Serializable {

  /** Identity of the image. */
  String id();

  /**
   * An image that fits.
   *
   * @param id its identity
   * @param label its class, or -1
   * @param pixels unsigned bytes in CHW
   */
  record Accepted(String id, int label, byte[] pixels) implements PreparedImage {}

  /**
   * An image that could not be used.
   *
   * @param id its identity
   * @param reason why not
   */
  record Rejected(String id, String reason) implements PreparedImage {}
}
