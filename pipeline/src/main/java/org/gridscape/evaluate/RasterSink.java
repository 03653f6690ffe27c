package org.gridscape.evaluate;

import org.gridscape.features.Raster;

/** Takes images one by one. */
@FunctionalInterface
interface RasterSink {

  /** The next image. */
  void add(Raster image);
}
