package org.gridscape.features;

import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The small classifier: three strided convolutions, a dense layer of 64 features, softmax.
 *
 * <p>The features are the outputs of the dense layer after its ELU: they grow without bound with
 * the strength of a pattern, as those commonly used for Frechet distances do, and none is always
 * zero (with ReLU a quarter were).
 */
final class ClassifierNetwork {
  /** Input of the shipped classifier. */
  static final ImageShape SHIPPED_INPUT = new ImageShape(1, 32);

  /** On smaller images the last convolution would see borders alone. */
  static final int SMALLEST_SIDE = 8;

  static final PixelRange RANGE = PixelRange.SIGNED_UNIT;
  static final int FEATURES = 64;
  static final int FEATURE_LAYER = 3;

  /** Share of the inputs of the dense layer kept in a training step; all are in inference. */
  private static final double RETAINED = 0.75;

  private ClassifierNetwork() {}

  static MultiLayerConfiguration configuration(
      ImageShape input, int classes, ISchedule learningRate, long seed) {
    return new NeuralNetConfiguration.Builder()
        .seed(seed)
        .updater(new Adam(learningRate))
        .weightInit(WeightInit.RELU)
        .activation(Activation.RELU)
        .convolutionMode(ConvolutionMode.Same)
        .l2(1e-4)
        .list()
        .layer(convolution(5, 16))
        .layer(convolution(3, 32))
        .layer(convolution(3, 64))
        .layer(
            new DenseLayer.Builder()
                .nOut(FEATURES)
                .activation(Activation.ELU)
                .dropOut(RETAINED)
                .build())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.convolutional(input.side(), input.side(), input.channels()))
        .build();
  }

  /** The images as an array [count, channels, side, side], which the caller closes. */
  static INDArray input(ImageBlock images, int... indices) {
    ImageShape shape = images.shape();
    return Nd4j.create(
        images.batch(indices, RANGE).pixels(),
        new long[] {indices.length, shape.channels(), shape.side(), shape.side()},
        'c');
  }

  /** Images of the shipped classifier's shape as an array, which the caller closes. */
  static INDArray input(List<Raster> images) {
    int size = SHIPPED_INPUT.size();
    float[] pixels = new float[images.size() * size];
    for (int i = 0; i < images.size(); i++) {
      requireShippedInput(images.get(i));
      for (int p = 0; p < size; p++) {
        pixels[i * size + p] = RANGE.fromByte(images.get(i).pixels()[p]);
      }
    }
    int side = SHIPPED_INPUT.side();
    return Nd4j.create(pixels, new long[] {images.size(), 1, side, side}, 'c');
  }

  private static void requireShippedInput(Raster image) {
    int side = SHIPPED_INPUT.side();
    if (image.channels() != 1 || image.height() != side || image.width() != side) {
      throw new IllegalArgumentException(
          "Invalid image shape: %dx%dx%d (must be %s for the classifier)"
              .formatted(image.channels(), image.height(), image.width(), SHIPPED_INPUT));
    }
  }

  private static ConvolutionLayer convolution(int kernel, int channels) {
    return new ConvolutionLayer.Builder(kernel, kernel).stride(2, 2).nOut(channels).build();
  }
}
