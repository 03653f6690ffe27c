package org.gridscape.features;

import java.util.List;

/** Pixels as features: what sets of images have in common before any network looks at them. */
final class PixelFeatures implements FeatureExtractor {
  private final ExtractorSpec.RawPixels spec;
  private final int dimension;

  PixelFeatures(ExtractorSpec.RawPixels spec) {
    this.spec = spec;
    this.dimension = spec.channels() * spec.height() * spec.width();
  }

  @Override
  public ExtractorIdentity identity() {
    return new ExtractorIdentity(
        "pixels-%s-[%s,%s]".formatted(shape(), spec.range().low(), spec.range().high()),
        "",
        "",
        dimension,
        0,
        0);
  }

  @Override
  public FeatureBatch extract(List<Raster> images) {
    float[] features = new float[Math.multiplyExact(images.size(), dimension)];
    for (int i = 0; i < images.size(); i++) {
      Raster image = images.get(i);
      requireShape(image);
      for (int p = 0; p < dimension; p++) {
        features[i * dimension + p] = spec.range().fromByte(image.pixels()[p]);
      }
    }
    return new FeatureBatch(images.size(), features, new float[0], new float[0]);
  }

  private void requireShape(Raster image) {
    if (image.channels() != spec.channels()
        || image.height() != spec.height()
        || image.width() != spec.width()) {
      throw new IllegalArgumentException(
          "Invalid image shape: %dx%dx%d (must be %s, the shape of the features)"
              .formatted(image.channels(), image.height(), image.width(), shape()));
    }
  }

  private String shape() {
    return "%dx%dx%d".formatted(spec.channels(), spec.height(), spec.width());
  }

  @Override
  public void close() {}
}
