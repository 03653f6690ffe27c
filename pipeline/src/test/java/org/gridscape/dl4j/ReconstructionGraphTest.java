package org.gridscape.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.gridscape.energy.Activation;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.MapEngine;
import org.gridscape.energy.MapNetwork;
import org.gridscape.energy.NetworkSpec.Convolution;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class ReconstructionGraphTest {
  private static final ImageShape IMAGE = new ImageShape(3, 8);
  private static final ImageShape THUMBNAIL = new ImageShape(3, 2);
  private static final MapNetwork FIRST = network("first", 1, 2);
  private static final MapNetwork SECOND = network("second", 1, 4);
  private static final MapNetwork ENCODER = network("encoder", 2, 8);

  private static MapNetwork network(String name, int stride, int side) {
    return new MapNetwork(
        name,
        List.of(new Convolution(3, stride, 5), new Convolution(3, stride, 3)),
        new Activation.LeakyRelu(0.2),
        new ImageShape(3, side));
  }

  @Test
  void givesWhatEnginesAndTheRootGive() {
    Random random = new Random(1);
    List<float[]> upsamplers =
        List.of(normals(random, FIRST.parameterCount()), normals(random, SECOND.parameterCount()));
    float[] encoder = normals(random, ENCODER.parameterCount());
    float[] root = symmetric(random, THUMBNAIL.size());
    ImageBatch images = new ImageBatch(IMAGE, 2, normals(random, 2 * IMAGE.size()));
    ImageBatch thumbnails = GridLadder.average(images, 2);
    ComputationGraph graph =
        new ReconstructionGraph(THUMBNAIL, List.of(FIRST, SECOND), ENCODER, 4)
            .graph(upsamplers, encoder, root, new Sgd());
    INDArray[] outputs = graph.output(array(images), array(thumbnails));

    ImageBatch corrections = outputs(ENCODER, encoder, images);
    ImageBatch first = upsampled(FIRST, upsamplers.get(0), moved(thumbnails, root, corrections));
    ImageBatch second = upsampled(SECOND, upsamplers.get(1), first);
    float[] weighted = corrections.pixels().clone();
    for (int i = 0; i < weighted.length; i++) {
      weighted[i] *= 2;
    }
    assertThat(outputs).hasSize(3);
    assertThat(values(outputs[0])).containsExactly(first.pixels(), offset(1e-5f));
    assertThat(values(outputs[1])).containsExactly(second.pixels(), offset(1e-5f));
    assertThat(values(outputs[2])).containsExactly(weighted, offset(1e-5f));
    graph.close();
  }

  @Test
  void onlyTheEncoderLearns() {
    Random random = new Random(2);
    List<float[]> upsamplers =
        List.of(normals(random, FIRST.parameterCount()), normals(random, SECOND.parameterCount()));
    float[] encoder = normals(random, ENCODER.parameterCount());
    float[] root = symmetric(random, THUMBNAIL.size());
    ImageBatch images = new ImageBatch(IMAGE, 2, normals(random, 2 * IMAGE.size()));
    ImageBatch thumbnails = GridLadder.average(images, 2);
    ComputationGraph graph =
        new ReconstructionGraph(THUMBNAIL, List.of(FIRST, SECOND), ENCODER, 0)
            .graph(upsamplers, encoder, root, new Sgd(0.001));
    float[] before = values(graph.params());
    graph.fit(
        new INDArray[] {array(images), array(thumbnails)},
        new INDArray[] {
          array(thumbnails), array(GridLadder.average(images, 4)), Nd4j.zeros(2, 3, 2, 2)
        });
    float[] after = values(graph.params());
    int learned = ENCODER.parameterCount();
    for (int i = 0; i < learned; i++) {
      assertThat(after[i]).as("parameter %d", i).isNotEqualTo(before[i]);
    }
    for (int i = learned; i < after.length; i++) {
      assertThat(after[i]).as("parameter %d", i).isEqualTo(before[i]);
    }
    graph.close();
  }

  private static ImageBatch moved(ImageBatch thumbnails, float[] root, ImageBatch corrections) {
    ImageBatch moved = thumbnails.copy();
    int d = THUMBNAIL.size();
    for (int i = 0; i < moved.pixels().length; i++) {
      for (int j = 0; j < d; j++) {
        moved.pixels()[i] += root[i % d * d + j] * corrections.pixels()[i / d * d + j];
      }
    }
    return moved;
  }

  private static ImageBatch upsampled(MapNetwork network, float[] parameters, ImageBatch coarse) {
    ImageBatch upsampled = GridLadder.replicate(coarse, network.input().side());
    float[] corrections = outputs(network, parameters, upsampled).pixels();
    for (int i = 0; i < corrections.length; i++) {
      upsampled.pixels()[i] += corrections[i];
    }
    return upsampled;
  }

  private static ImageBatch outputs(MapNetwork network, float[] parameters, ImageBatch images) {
    try (MapEngine engine = ChosenEngine.kind().create(network)) {
      engine.load(parameters);
      return engine.outputs(images);
    }
  }

  private static float[] symmetric(Random random, int size) {
    float[] matrix = normals(random, size * size);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        matrix[i * size + j] = matrix[j * size + i];
      }
    }
    return matrix;
  }

  private static float[] normals(Random random, int count) {
    float[] normals = new float[count];
    for (int i = 0; i < count; i++) {
      normals[i] = (float) (0.2 * random.nextGaussian());
    }
    return normals;
  }

  private static float[] values(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static INDArray array(ImageBatch images) {
    int side = images.shape().side();
    return Nd4j.createFromArray(images.pixels())
        .reshape(images.count(), images.shape().channels(), side, side);
  }
}
