package org.gridscape.features;

import java.io.Serializable;

/** Which extractor to use; travels to executors, where the extractor is opened. */
public sealed interface ExtractorSpec extends Serializable {

  /** Opens the extractor in this process. */
  FeatureExtractor open();

  /** The shipped classifier of Fashion-MNIST, see {@link ClassifierFeatures}. */
  record ShippedClassifier() implements ExtractorSpec {
    @Override
    public FeatureExtractor open() {
      return ClassifierFeatures.shipped();
    }
  }
}
