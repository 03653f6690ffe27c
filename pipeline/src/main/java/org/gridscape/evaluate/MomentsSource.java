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
      FeatureMoments first = group(groups[0]);
      MomentsAccumulator sum = new MomentsAccumulator(first.dimension());
      sum.merge(first);
      for (int i = 1; i < groups.length; i++) {
        sum.merge(group(groups[i]));
      }
      return sum.moments();
    }

    private FeatureMoments group(int group) {
      return folder.read(GroupTask.momentsFile(group, layer), FeatureMoments.class);
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
