package org.gridscape.evaluate;

import java.util.OptionalLong;
import org.gridscape.metrics.Gaussian;

/** One of the two sets that are compared. */
public sealed interface Side {

  /** What results call it. */
  String name();

  /** Images, where that is known. */
  OptionalLong count();

  /** Features of an image. */
  int dimension();

  /** Whether there is a spatial layer. */
  boolean hasSpatial();

  /** Mean and covariance of a layer: 0 for the features, 1 for the spatial layer. */
  Gaussian gaussian(int layer);

  /** Images whose features were taken. */
  record Images(FeatureSet features) implements Side {
    @Override
    public String name() {
      return features.name();
    }

    @Override
    public OptionalLong count() {
      return OptionalLong.of(features.count());
    }

    @Override
    public int dimension() {
      return features.identity().dimension();
    }

    @Override
    public boolean hasSpatial() {
      return features.identity().spatialDimension() > 0;
    }

    @Override
    public Gaussian gaussian(int layer) {
      return features.all(layer).read();
    }
  }

  /**
   * A statistics file: distances between Gaussians are all that can be said.
   *
   * @param path of the file
   * @param file what is in it
   */
  record Statistics(String path, StatisticsFile file) implements Side {
    @Override
    public String name() {
      return path;
    }

    @Override
    public OptionalLong count() {
      return file.n().map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    @Override
    public int dimension() {
      return file.features().dimension();
    }

    @Override
    public boolean hasSpatial() {
      return file.spatial().isPresent();
    }

    @Override
    public Gaussian gaussian(int layer) {
      return file.gaussian(layer);
    }
  }
}
