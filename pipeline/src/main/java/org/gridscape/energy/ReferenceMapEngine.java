package org.gridscape.energy;

import org.gridscape.image.ImageBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The engine of networks from images to images that defines what is right: DL4J's layers, run with
 * ND4J operations in float, on whichever backend is on the class path.
 */
public final class ReferenceMapEngine implements MapEngine {
  private final MapNetwork network;
  private final ReferenceLayers layers;

  /** An engine with all parameters 0. */
  public ReferenceMapEngine(MapNetwork network) {
    this.network = network;
    layers =
        new ReferenceLayers(
            Dl4jNetwork.layers(network).stream().map(ReferenceLayer::of).toList(), network.input());
  }

  @Override
  public MapNetwork network() {
    return network;
  }

  @Override
  public void load(float[] parameters) {
    layers.requireOpen();
    network.requireParameters(parameters);
    layers.load(parameters);
  }

  @Override
  public ImageBatch outputs(ImageBatch images) {
    INDArray output = forward(images);
    ImageBatch outputs = ImageBatch.zeros(network.output(), images.count());
    NativeArrays.read(output, outputs.pixels(), 0);
    return outputs;
  }

  @Override
  public Gradients gradients(ImageBatch images, ImageBatch signals) {
    network.requireSignalsOf(images, signals);
    forward(images);
    INDArray gradient = layers.backward(signals.pixels());
    ImageBatch imageGradient = ImageBatch.zeros(images.shape(), images.count());
    NativeArrays.read(gradient, imageGradient.pixels(), 0);
    return new Gradients(layers.stored(network.parameterCount()), imageGradient);
  }

  private INDArray forward(ImageBatch images) {
    layers.requireOpen();
    network.requireShapeOf(images);
    return layers.forward(images);
  }

  @Override
  public void close() {
    layers.close();
  }
}
