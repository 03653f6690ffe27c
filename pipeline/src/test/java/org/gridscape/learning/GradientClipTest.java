package org.gridscape.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import org.gridscape.energy.Activation;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.Test;

class GradientClipTest {
  /** Bias 1, weights 1, head 4, its bias 1. */
  private static final GridNetwork NETWORK =
      new GridNetwork(
          NetworkSpec.parse("1x1-1, dense 1", new Activation.Relu(), false), new ImageShape(1, 2));

  private static final float[] GRADIENT = {8f, -0.5f, 2f, -4f, 1f, 0f, 0.25f};

  @Test
  void noneLeavesEverything() {
    assertThat(clipped(new GradientClip.None())).containsExactly(GRADIENT);
  }

  @Test
  void largestScalesEachTensorOfWeightsByItselfAndNoBias() {
    assertThat(clipped(new GradientClip.Largest(1)))
        .containsExactly(8f, -0.5f, 0.5f, -1f, 0.25f, 0f, 0.25f);
  }

  @Test
  void normScalesTheWholeGradient() {
    float[] clipped = clipped(new GradientClip.Norm(2));
    assertThat(GradientClip.norm(clipped)).isCloseTo(2, offset(1e-6));
    assertThat(clipped[3] / clipped[0]).isEqualTo(-0.5f);
  }

  @Test
  void whatIsWithinTheBoundStays() {
    assertThat(clipped(new GradientClip.Norm(10))).containsExactly(GRADIENT);
    assertThat(clipped(new GradientClip.Largest(8))).containsExactly(GRADIENT);
    float[] zeros = new float[7];
    new GradientClip.Norm(1).apply(zeros, NETWORK);
    assertThat(zeros).containsOnly(0f);
  }

  @Test
  void normHasRoomForLargeEntries() {
    assertThat(GradientClip.norm(new float[] {3e30f, -4e30f})).isCloseTo(5e30, offset(1e24));
  }

  @Test
  void rejectsBoundsThatLeaveNothing() {
    assertThatThrownBy(() -> new GradientClip.Norm(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid gradient clip: 0.0 (must be > 0)");
    assertThatThrownBy(() -> new GradientClip.Largest(Double.NaN))
        .hasMessage("Invalid gradient clip: NaN (must be > 0)");
  }

  private static float[] clipped(GradientClip clip) {
    float[] gradient = Arrays.copyOf(GRADIENT, GRADIENT.length);
    clip.apply(gradient, NETWORK);
    return gradient;
  }
}
