package org.gridscape.energy;

import java.util.List;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The layers of a network, bottom to top, with buffers for the size of batch at hand. */
final class ReferenceLayers implements AutoCloseable {
  private final List<ReferenceLayer> layers;
  private final ImageShape shape;
  private final NativeArrays buffers = new NativeArrays();
  private INDArray input = NativeArrays.none();
  private INDArray output = NativeArrays.none();
  private INDArray epsilon = NativeArrays.none();
  private int boundCount;
  private boolean closed;

  /** Layers with all parameters 0, over images of that shape. */
  ReferenceLayers(List<ReferenceLayer> layers, ImageShape shape) {
    this.layers = layers;
    this.shape = shape;
    bind(1);
  }

  /** Copies the flat parameters of all layers. */
  void load(float[] parameters) {
    int offset = 0;
    for (ReferenceLayer layer : layers) {
      offset = layer.load(parameters, offset);
    }
  }

  /** Runs the forward pass; returns the buffer of the last output. */
  INDArray forward(ImageBatch images) {
    bind(images.count());
    NativeArrays.write(images.pixels(), 0, input);
    layers.forEach(ReferenceLayer::forward);
    return output;
  }

  /**
   * Runs the backward pass, for the images of the last forward pass.
   *
   * @param signal gradient of the last output, row-major
   * @return buffer of the gradient of the images
   */
  INDArray backward(float[] signal) {
    NativeArrays.write(signal, 0, epsilon);
    INDArray gradient = epsilon;
    for (int i = layers.size() - 1; i >= 0; i--) {
      gradient = layers.get(i).backward(gradient);
    }
    return gradient;
  }

  /** Runs the pass of a tangent of the images, as {@link ReferenceLayer#tangent} has it. */
  void tangent(INDArray direction, double scale) {
    input.assign(direction).muli(scale);
    layers.forEach(ReferenceLayer::tangent);
  }

  /** Copies the gradients of all parameters to a flat array of that length. */
  float[] stored(int length) {
    float[] gradient = new float[length];
    int offset = 0;
    for (ReferenceLayer layer : layers) {
      offset = layer.store(gradient, offset);
    }
    return gradient;
  }

  private void bind(int count) {
    if (count == boundCount) {
      return;
    }
    buffers.close();
    input = buffers.create(count, shape.channels(), shape.side(), shape.side());
    output = input;
    for (ReferenceLayer layer : layers) {
      output = layer.bind(output);
    }
    epsilon = buffers.like(output);
    boundCount = count;
  }

  boolean isClosed() {
    return closed;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Cannot use engine: it is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      layers.forEach(ReferenceLayer::close);
      buffers.close();
    }
  }
}
