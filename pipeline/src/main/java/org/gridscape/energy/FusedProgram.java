package org.gridscape.energy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.gridscape.image.ImageShape;

/**
 * A network compiled for batches of one size.
 *
 * <p>Activations keep the layouts of oneDNN's convolutions all the way up and back, but around
 * {@link WinogradConvolution}, which has one of its own; images and the gradient of the pixels are
 * row-major. Weights are laid out when they are loaded, and so is the gradient of the head, which
 * is constant along a chain.
 */
final class FusedProgram implements AutoCloseable {
  private final OneDnn owner;
  private final GridNetwork network;
  private final int images;
  private final List<FusedBlock> blocks = new ArrayList<>();
  private final OneDnnTensor input;
  private final PixelGradient pixelGradient;
  private final FusedHead head;
  private final OneDnnSteps forward;
  private final OneDnnSteps layOutHead;
  private final OneDnnSteps inputBackward;
  private final OneDnnSteps parameterBackward;
  private final List<OneDnnTensor> inputSignals;
  private Optional<Tangents> tangents = Optional.empty();

  /** The pass behind the gradient of the penalty. */
  private record Tangents(OneDnnSteps steps, OneDnnTensor first, OneDnnTensor lastRows) {}

  private FusedProgram(OneDnn owner, GridNetwork network, int images) {
    this.owner = owner;
    this.network = network;
    this.images = images;
    forward = new OneDnnSteps(owner);
    inputBackward = new OneDnnSteps(owner);
    ImageShape shape = network.shape();
    input = owner.tensor(OneDnn.rowMajor(images, shape.channels(), shape.side(), shape.side()));
    appendBlocks();
    FusedBlock last = blocks.get(blocks.size() - 1);
    head = new FusedHead(owner, last.shape(), last.output());

    OneDnnTensor headGradient = head.gradientTensor();
    layOutHead = head.layOutGradient(headGradient);
    inputSignals = appendSignals(inputBackward, headGradient, false);
    pixelGradient = PixelGradient.append(owner, blocks.get(0), inputBackward, inputSignals.get(0));

    OneDnnTensor scaledHeadGradient = head.gradientTensor();
    parameterBackward = head.layOutGradient(scaledHeadGradient);
    appendSignals(parameterBackward, scaledHeadGradient, true);
  }

  /** Compiles; parameters are undefined until {@link #load}. */
  static FusedProgram compile(GridNetwork network, int images) {
    OneDnn owner = new OneDnn();
    try {
      return new FusedProgram(owner, network, images);
    } catch (RuntimeException | Error e) {
      owner.close();
      throw e;
    }
  }

  private void appendBlocks() {
    int channels = network.shape().channels();
    int side = network.shape().side();
    OneDnnTensor output = input;
    for (NetworkSpec.Convolution layer : network.spec().convolutions()) {
      ConvolutionShape shape = ConvolutionShape.same(images, channels, side, layer);
      FusedBlock block = new FusedBlock(owner, network.spec(), shape, forward, output);
      blocks.add(block);
      output = block.output();
      channels = shape.outChannels();
      side = shape.outSide();
    }
  }

  /** Goes back to the first convolution; returns the gradient at each convolution's result. */
  private List<OneDnnTensor> appendSignals(
      OneDnnSteps steps, OneDnnTensor headGradient, boolean parameters) {
    Deque<OneDnnTensor> signals = new ArrayDeque<>();
    OneDnnTensor gradient = headGradient;
    for (int i = blocks.size() - 1; i >= 0; i--) {
      FusedBlock block = blocks.get(i);
      OneDnnTensor signal = block.signal(steps, gradient);
      if (parameters) {
        block.parameterGradient(steps, signal);
      }
      signals.addFirst(signal);
      if (i > 0) {
        OneDnnTensor own = block.inputGradient(steps, signal);
        gradient = steps.converted(own, blocks.get(i - 1).output().layout());
      }
    }
    return List.copyOf(signals);
  }

  int images() {
    return images;
  }

  void load(float[] parameters) {
    int offset = 0;
    for (FusedBlock block : blocks) {
      offset = block.load(parameters, offset);
    }
    head.load(parameters, offset);
    pixelGradient.load(parameters);
    float[] ones = new float[images];
    Arrays.fill(ones, 1f);
    head.writeGradient(ones);
    layOutHead.run();
  }

  float[] values(float[] pixels) {
    runForward(pixels);
    return head.values();
  }

  void inputGradient(float[] pixels, float[] gradient) {
    runForward(pixels);
    inputBackward.run();
    pixelGradient.read(gradient);
  }

  /** For the images that {@link #values} was last asked about. */
  float[] parameterGradient(float[] weights) {
    head.writeGradient(weights);
    parameterBackward.run();
    float[] gradient = new float[network.parameterCount()];
    int headAt = storeBlocks(gradient);
    head.store(weights, gradient, headAt);
    return gradient;
  }

  private int storeBlocks(float[] gradient) {
    int offset = 0;
    for (FusedBlock block : blocks) {
      offset = block.store(gradient, offset);
    }
    return offset;
  }

  /**
   * Compiles the tangent pass; returns whether it was not there, so that weights must be loaded.
   */
  boolean compileTangents() {
    if (tangents.isPresent()) {
      return false;
    }
    OneDnnSteps steps = new OneDnnSteps(owner);
    OneDnnTensor first = owner.tensor(input.layout());
    OneDnnTensor tangent = first;
    for (int i = 0; i < blocks.size(); i++) {
      tangent = blocks.get(i).tangent(steps, tangent, inputSignals.get(i));
    }
    OneDnnTensor rows =
        steps.converted(tangent, OneDnn.rowMajor(blocks.get(blocks.size() - 1).shape().output()));
    tangents = Optional.of(new Tangents(steps, first, rows));
    return true;
  }

  /** As {@link ReferenceEngine#penaltyGradient} has it for piecewise linear activations. */
  PenaltyGradient penaltyGradient(float[] pixels) {
    Tangents pass = tangents.orElseThrow();
    float[] tangent = new float[pixels.length];
    inputGradient(pixels, tangent);
    double mean = PenaltyGradient.mean(tangent, images);
    for (int i = 0; i < tangent.length; i++) {
      tangent[i] *= 2f / images;
    }
    pass.first().write(tangent, 0);
    pass.steps().run();
    float[] gradient = new float[network.parameterCount()];
    int headAt = storeBlocks(gradient);
    head.storeTangents(pass.lastRows(), gradient, headAt);
    for (Network.Tensor tensor : network.tensors()) {
      if (tensor.role() == Network.Role.BIAS) {
        Arrays.fill(gradient, tensor.offset(), tensor.offset() + tensor.length(), 0f);
      }
    }
    return new PenaltyGradient(mean, gradient);
  }

  private void runForward(float[] pixels) {
    input.write(pixels, 0);
    forward.run();
  }

  @Override
  public void close() {
    owner.close();
  }
}
