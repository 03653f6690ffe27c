package org.gridscape.energy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.gridscape.image.ImageShape;

/**
 * The convolutions of a network, bottom to top, compiled for batches of one size.
 *
 * <p>Activations keep the layouts of oneDNN's convolutions all the way up and back, but around
 * {@link WinogradConvolution}, which has one of its own; images are row-major. Weights are laid out
 * when they are loaded.
 */
final class FusedConvolutions {
  private final OneDnn owner;
  private final OneDnnTensor input;
  private final OneDnnSteps forward;
  private final List<FusedBlock> blocks = new ArrayList<>();
  private final int images;
  private int channels;
  private int side;

  /** None yet, over images of that shape. */
  FusedConvolutions(OneDnn owner, ImageShape shape, int images) {
    this.owner = owner;
    this.images = images;
    channels = shape.channels();
    side = shape.side();
    input = owner.tensor(OneDnn.rowMajor(images, channels, side, side));
    forward = new OneDnnSteps(owner);
  }

  /** Puts a block on top; what reads its output may be put on the forward pass then. */
  void append(NetworkSpec.Convolution layer, Optional<Activation> activation, boolean normalized) {
    ConvolutionShape shape = ConvolutionShape.same(images, channels, side, layer);
    OneDnnTensor below = blocks.isEmpty() ? input : last().output();
    blocks.add(new FusedBlock(owner, shape, activation, normalized, forward, below));
    channels = shape.outChannels();
    side = shape.outSide();
  }

  int images() {
    return images;
  }

  OneDnnTensor input() {
    return input;
  }

  FusedBlock first() {
    return blocks.get(0);
  }

  FusedBlock last() {
    return blocks.get(blocks.size() - 1);
  }

  /**
   * Appends the way back to the first convolution.
   *
   * @param gradient of the last output, laid out as it
   * @param parameters whether the gradients of the parameters are wanted
   * @return the gradient at each convolution's result
   */
  List<OneDnnTensor> appendSignals(OneDnnSteps steps, OneDnnTensor gradient, boolean parameters) {
    Deque<OneDnnTensor> signals = new ArrayDeque<>();
    OneDnnTensor above = gradient;
    for (int i = blocks.size() - 1; i >= 0; i--) {
      FusedBlock block = blocks.get(i);
      OneDnnTensor signal = block.signal(steps, above);
      if (parameters) {
        block.parameterGradient(steps, signal);
      }
      signals.addFirst(signal);
      if (i > 0) {
        OneDnnTensor own = block.inputGradient(steps, signal);
        above = steps.converted(own, blocks.get(i - 1).output().layout());
      }
    }
    return List.copyOf(signals);
  }

  /**
   * Appends the pass of a tangent.
   *
   * @param signals as {@link #appendSignals} returned them
   * @return the tangent of the last output, laid out as it
   */
  OneDnnTensor appendTangents(OneDnnSteps steps, OneDnnTensor first, List<OneDnnTensor> signals) {
    OneDnnTensor tangent = first;
    for (int i = 0; i < blocks.size(); i++) {
      tangent = blocks.get(i).tangent(steps, tangent, signals.get(i));
    }
    return tangent;
  }

  /** Copies the convolutions' part of the flat parameters; returns the index after it. */
  int load(float[] parameters) {
    int offset = 0;
    for (FusedBlock block : blocks) {
      offset = block.load(parameters, offset);
    }
    return offset;
  }

  /** Copies the gradient of the convolutions' parameters; returns the index after it. */
  int store(float[] gradient) {
    int offset = 0;
    for (FusedBlock block : blocks) {
      offset = block.store(gradient, offset);
    }
    return offset;
  }

  /** Runs the forward pass. */
  void run(float[] pixels) {
    input.write(pixels, 0);
    forward.run();
  }
}
