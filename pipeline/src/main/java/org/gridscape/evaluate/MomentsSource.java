package org.gridscape.evaluate;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.metrics.FeatureMoments;
import org.gridscape.metrics.Gaussian;
import org.gridscape.metrics.MomentsAccumulator;

/** Where a task finds the mean and covariance of a set of features. */
sealed interface MomentsSource extends Serializable {

  /** Reads them. */
  Gaussian read();

  /** Groups of a {@link FeatureSet}, added up in the order given. */
  record Groups(WorkFolder folder, int layer, int[] groups) implements MomentsSource {
    @Override
    public Gaussian read() {
      return Gaussian.of(moments());
    }

    FeatureMoments moments() {
      Layer first = group(groups[0]);
      MomentsAccumulator sum = new MomentsAccumulator(first.dimension());
      first.addTo(sum);
      for (int i = 1; i < groups.length; i++) {
        group(groups[i]).addTo(sum);
      }
      return sum.moments();
    }

    private Layer group(int group) {
      return folder.read(GroupTask.layerFile(group, layer), Layer.class);
    }
  }

  /**
   * A statistics file, read once by the driver.
   *
   * @param gaussian what it says
   */
  record Statistics(Broadcast<Gaussian> gaussian) implements MomentsSource {
    @Override
    public Gaussian read() {
      return gaussian.value();
    }
  }
}
