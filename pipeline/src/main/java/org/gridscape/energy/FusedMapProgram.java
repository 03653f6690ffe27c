package org.gridscape.energy;

import java.util.List;
import java.util.Optional;
import org.gridscape.image.ImageBatch;

/**
 * A network from images to images compiled for batches of one size; one backward pass gives the
 * gradients of the parameters and of the images.
 */
final class FusedMapProgram implements CompiledNetwork.Program {
  private final OneDnn owner;
  private final MapNetwork network;
  private final FusedConvolutions convolutions;
  private final OneDnnSteps readOutput;
  private final OneDnnTensor outputRows;
  private final OneDnnSteps backward;
  private final OneDnnTensor signalRows;
  private final PixelGradient pixelGradient;

  private FusedMapProgram(OneDnn owner, MapNetwork network, int images) {
    this.owner = owner;
    this.network = network;
    convolutions = new FusedConvolutions(owner, network.input(), images);
    List<NetworkSpec.Convolution> layers = network.convolutions();
    Optional<Activation> between = Optional.of(network.activation());
    for (NetworkSpec.Convolution layer : layers.subList(0, layers.size() - 1)) {
      convolutions.append(layer, between, false);
    }
    convolutions.append(layers.get(layers.size() - 1), Optional.empty(), false);

    FusedBlock last = convolutions.last();
    readOutput = new OneDnnSteps(owner);
    outputRows = readOutput.converted(last.output(), OneDnn.rowMajor(last.shape().output()));

    backward = new OneDnnSteps(owner);
    signalRows = owner.tensor(OneDnn.rowMajor(last.shape().output()));
    OneDnnTensor signal = backward.converted(signalRows, last.output().layout());
    List<OneDnnTensor> signals = convolutions.appendSignals(backward, signal, true);
    pixelGradient = PixelGradient.append(owner, convolutions.first(), backward, signals.get(0));
  }

  /** Compiles; parameters are undefined until {@link #load}. */
  static FusedMapProgram compile(MapNetwork network, int images) {
    return OneDnn.owning(owner -> new FusedMapProgram(owner, network, images));
  }

  @Override
  public int images() {
    return convolutions.images();
  }

  @Override
  public void load(float[] parameters) {
    convolutions.load(parameters);
    pixelGradient.load(parameters);
  }

  ImageBatch outputs(ImageBatch images) {
    ImageBatch outputs = ImageBatch.zeros(network.output(), images.count());
    convolutions.run(images.pixels());
    readOutput.run();
    outputRows.read(outputs.pixels(), 0);
    return outputs;
  }

  MapEngine.Gradients gradients(ImageBatch images, ImageBatch signals) {
    convolutions.run(images.pixels());
    signalRows.write(signals.pixels(), 0);
    backward.run();
    float[] gradient = new float[network.parameterCount()];
    convolutions.store(gradient);
    ImageBatch imageGradient = ImageBatch.zeros(images.shape(), images.count());
    pixelGradient.read(imageGradient.pixels());
    return new MapEngine.Gradients(gradient, imageGradient);
  }

  @Override
  public void close() {
    owner.close();
  }
}
