package org.gridscape.learning;

import java.util.ArrayList;
import java.util.List;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.image.ImageBatch;

/**
 * Where the chains of a cell ended.
 *
 * @param images per grid
 * @param values per grid, f of these images by the parameters that moved the chains
 */
public record ChainEnds(List<ImageBatch> images, List<float[]> values) {

  /**
   * What f has changed by on them.
   *
   * @param before one engine a grid, with the parameters of before the last update
   * @return one entry a grid
   */
  public List<ChangeSums> since(List<EnergyEngine> before) {
    List<ChangeSums> changes = new ArrayList<>();
    for (int grid = 0; grid < images.size(); grid++) {
      changes.add(ChangeSums.of(values.get(grid), before.get(grid).values(images.get(grid))));
    }
    return changes;
  }
}
