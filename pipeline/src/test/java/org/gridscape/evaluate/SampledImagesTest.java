package org.gridscape.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.gridscape.distribute.Parameters;
import org.gridscape.distribute.SamplingPlan;
import org.gridscape.distribute.SamplingPlan.SampleStart;
import org.gridscape.energy.Activation;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.NetworkSpec;
import org.gridscape.evaluate.SampledImages.View;
import org.gridscape.generator.GeneratorLosses;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.LangevinSettings;
import org.junit.jupiter.api.Test;

class SampledImagesTest {
  private static final Activation RELU = new Activation.Relu();
  private static final Activation SILU = new Activation.Silu();
  private static final SampleStart START = colours(7, 1);

  @Test
  void unlikeSamplesHaveUnlikeFingerprints() {
    List<String> fingerprints =
        Stream.of(
                plan(RELU, START, 5, 20),
                plan(SILU, START, 5, 20),
                plan(RELU, colours(8, 1), 5, 20),
                plan(RELU, colours(7, 2), 5, 20),
                plan(RELU, new SampleStart.Noise(), 5, 20),
                plan(RELU, START, 6, 20),
                plan(RELU, START, 5, 21))
            .map(plan -> SampledImages.fingerprint(plan, View.FINEST))
            .toList();
    assertThat(fingerprints).doesNotHaveDuplicates();
    assertThat(SampledImages.fingerprint(plan(RELU, colours(7, 1), 5, 20), View.FINEST))
        .isEqualTo(fingerprints.get(0))
        .isNotEqualTo(SampledImages.fingerprint(plan(RELU, START, 5, 20), View.START));
  }

  @Test
  void equalHiddenSpacesHaveEqualFingerprints() {
    assertThat(hidden(0.5f, 2)).isEqualTo(hidden(0.5f, 2)).isNotEqualTo(hidden(0.25f, 2));
    assertThat(hidden(0.5f, 2)).isNotEqualTo(hidden(0.5f, 4));
  }

  private static String hidden(float mean, int side) {
    SampleStart start = new SampleStart.Hidden(new float[] {mean, 1, 1});
    GeneratorSpec space = new GeneratorSpec(side, List.of(), List.of(), GeneratorLosses.NONE);
    return SampledImages.fingerprint(plan(RELU, space, start, 5, 20), View.FINEST);
  }

  private static SampleStart colours(float grey, float jitter) {
    ImageBatch colours = new ImageBatch(new ImageShape(1, 1), 2, new float[] {grey, 9});
    return new SampleStart.Colours(colours, jitter);
  }

  private static SamplingPlan plan(Activation activation, SampleStart start, long seed, int count) {
    return plan(activation, GeneratorSpec.NONE, start, seed, count);
  }

  private static SamplingPlan plan(
      Activation activation, GeneratorSpec generator, SampleStart start, long seed, int count) {
    NetworkSpec spec = NetworkSpec.parse("3x3-2, dense 1", activation, false);
    return new SamplingPlan(
        List.of(new GridNetwork(spec, new ImageShape(1, 4))),
        generator,
        new Parameters(List.of(new float[] {1, 2, 3})),
        EngineKind.REFERENCE,
        new LangevinSettings(3, 1, 0.02f, Float.POSITIVE_INFINITY, PixelRange.SIGNED_UNIT),
        start,
        4,
        count,
        seed);
  }
}
