package org.gridscape.energy;

import org.gridscape.image.ImageBatch;

/**
 * The fast engine on CPU of networks from images to images, compiled into oneDNN primitives for the
 * size of batch at hand.
 *
 * <p>It never loads ND4J. A batch of another size compiles the network anew.
 */
public final class FusedMapEngine implements MapEngine {
  private final MapNetwork network;
  private final CompiledNetwork<FusedMapProgram> compiled;

  /**
   * An engine with all parameters 0.
   *
   * @throws IllegalStateException if oneDNN's native library cannot be loaded
   */
  public FusedMapEngine(MapNetwork network) {
    this.network = network;
    compiled = new CompiledNetwork<>(network, images -> FusedMapProgram.compile(network, images));
  }

  @Override
  public MapNetwork network() {
    return network;
  }

  @Override
  public void load(float[] parameters) {
    compiled.load(parameters);
  }

  @Override
  public ImageBatch outputs(ImageBatch images) {
    return programFor(images).outputs(images);
  }

  @Override
  public Gradients gradients(ImageBatch images, ImageBatch signals) {
    network.requireSignalsOf(images, signals);
    return programFor(images).gradients(images, signals);
  }

  private FusedMapProgram programFor(ImageBatch images) {
    compiled.requireOpen();
    network.requireShapeOf(images);
    return compiled.forBatch(images.count());
  }

  @Override
  public void close() {
    compiled.close();
  }
}
