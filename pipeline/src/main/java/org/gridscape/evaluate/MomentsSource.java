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
   * A whole set, added up by the driver and sent once.
   *
   * @param gaussian of the set
   */
  record Whole(Broadcast<Gaussian> gaussian) implements MomentsSource {
    @Override
    public Gaussian read() {
      return gaussian.value();
    }
  }

  /**
   * A whole set but one of its groups, which is taken out of the sum.
   *
   * @param whole moments of the set
   * @param group the one left out
   */
  record Without(Broadcast<FeatureMoments> whole, Groups group) implements MomentsSource {
    @Override
    public Gaussian read() {
      return Gaussian.of(whole.value().without(group.moments()));
    }
  }
}
