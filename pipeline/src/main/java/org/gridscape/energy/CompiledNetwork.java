package org.gridscape.energy;

import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The parameters of a network and its program for the size of batch at hand; a batch of another
 * size compiles the network anew.
 *
 * @param <P> what the network is compiled into
 */
final class CompiledNetwork<P extends CompiledNetwork.Program> implements AutoCloseable {
  private final Network network;
  private final IntFunction<P> compiler;
  private float[] parameters;
  private Optional<P> program = Optional.empty();
  private long uses;
  private boolean closed;

  /** A network compiled for batches of one size. */
  interface Program extends AutoCloseable {
    /** Images in a batch. */
    int images();

    /** Lays the parameters out; they are undefined until then. */
    void load(float[] parameters);

    @Override
    void close();
  }

  /**
   * Nothing compiled yet, all parameters 0.
   *
   * @param compiler from the number of images in a batch
   * @throws IllegalStateException if oneDNN's native library cannot be loaded
   */
  CompiledNetwork(Network network, IntFunction<P> compiler) {
    OneDnn.requireLoaded();
    this.network = network;
    this.compiler = compiler;
    parameters = new float[network.parameterCount()];
  }

  /** Replaces the parameters by a copy of these. */
  void load(float[] newParameters) {
    requireOpen();
    network.requireParameters(newParameters);
    parameters = newParameters.clone();
    program.ifPresent(this::layOut);
  }

  /** The program for that many images, parameters loaded. */
  P forBatch(int images) {
    requireOpen();
    uses++;
    if (program.isPresent() && program.get().images() == images) {
      return program.get();
    }
    closeProgram();
    P compiled = compiler.apply(images);
    program = Optional.of(compiled);
    layOut(compiled);
    return compiled;
  }

  /** Loads the parameters; a program that is left half loaded is given up. */
  void layOut(P compiled) {
    uses++;
    try {
      compiled.load(parameters);
    } catch (RuntimeException | Error e) {
      closeProgram();
      throw e;
    }
  }

  /** Grows whenever the program is asked for or loaded. */
  long uses() {
    return uses;
  }

  boolean isClosed() {
    return closed;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Cannot use engine: it is closed");
    }
  }

  private void closeProgram() {
    program.ifPresent(Program::close);
    program = Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    closeProgram();
  }
}
