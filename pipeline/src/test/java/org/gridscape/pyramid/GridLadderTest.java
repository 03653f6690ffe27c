package org.gridscape.pyramid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.Test;

class GridLadderTest {
  @Test
  void averagesBlocksPerChannel() {
    float[] pixels = {1, 3, 5, 7, 10, 20, 30, 40, -1, -1, -1, -1};
    ImageBatch coarse = GridLadder.average(new ImageBatch(new ImageShape(3, 2), 1, pixels), 1);
    assertThat(coarse.pixels()).containsExactly(4f, 25f, -1f);
  }

  @Test
  void replicationThenAveragingIsIdentity() {
    ImageBatch images = ramp(new ImageShape(3, 4), 2);
    assertThat(GridLadder.average(GridLadder.replicate(images, 16), 4)).isEqualTo(images);
  }

  @Test
  void averagingInStepsAgreesWithAveragingAtOnce() {
    ImageBatch images = ramp(new ImageShape(1, 32), 2);
    float[] once = GridLadder.average(images, 4).pixels();
    float[] steps = GridLadder.average(GridLadder.average(images, 8), 4).pixels();
    assertThat(steps).containsExactly(once, org.assertj.core.data.Offset.offset(1e-5f));
  }

  @Test
  void gridsAreAllButTheMinimalImage() {
    GridLadder ladder = new GridLadder(List.of(1, 4, 16, 32));
    assertThat(ladder.gridSides()).containsExactly(4, 16, 32);
    assertThat(ladder.topSide()).isEqualTo(32);
  }

  @Test
  void rejectsSidesThatDoNotDivide() {
    assertThatThrownBy(() -> new GridLadder(List.of(1, 4, 10)))
        .hasMessage(
            "Invalid grid sides: [1, 4, 10] (must start at 1, ascend, each dividing the next)");
    assertThatThrownBy(() -> new GridLadder(List.of(4, 16))).hasMessageContaining("[4, 16]");
    assertThatThrownBy(() -> GridLadder.average(ramp(new ImageShape(1, 6), 1), 4))
        .hasMessage("Invalid grid side: 4 (must divide 6)");
  }

  private static ImageBatch ramp(ImageShape shape, int count) {
    ImageBatch images = ImageBatch.zeros(shape, count);
    for (int i = 0; i < images.pixels().length; i++) {
      images.pixels()[i] = (i * 37 % 101) / 50f - 1;
    }
    return images;
  }
}
