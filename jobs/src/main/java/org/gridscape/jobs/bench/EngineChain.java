package org.gridscape.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.EngineKind;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainNoise;
import org.gridscape.langevin.LangevinChain;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.gridscape.noise.NoiseStream.Purpose;

/** An engine running the chains of learning, one thread a cell, each with an engine of its own. */
final class EngineChain implements Contender {
  private static final long SEED = 1;

  private final EngineKind kind;
  private final ChainCase chains;
  private final List<EnergyEngine> engines = new ArrayList<>();
  private final List<ImageBatch> starts = new ArrayList<>();
  private final List<String> ids;
  private final NoiseStream noise = NoiseStream.of(SEED, Purpose.LANGEVIN);
  private final ExecutorService threads;

  /** Builds engines and starting images, uniform in the range. */
  EngineChain(EngineKind kind, ChainCase chains) {
    this.kind = kind;
    this.chains = chains;
    NoiseStream uniform = NoiseStream.of(SEED, Purpose.START);
    float[] parameters =
        chains.initial().draw(chains.network(), 0, NoiseStream.of(SEED, Purpose.WEIGHTS));
    PixelRange range = chains.settings().range();
    for (int cell = 0; cell < chains.threads(); cell++) {
      EnergyEngine engine = kind.create(chains.network());
      engine.load(parameters);
      engines.add(engine);
      ImageBatch start = ImageBatch.zeros(chains.network().shape(), chains.batch());
      float[] pixels = start.pixels();
      uniform.uniforms(NoiseAddress.of(0, cell), pixels);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = range.low() + pixels[i] * (range.high() - range.low());
      }
      starts.add(start);
    }
    ids = IntStream.range(0, chains.batch()).mapToObj(Integer::toString).toList();
    threads = Executors.newFixedThreadPool(chains.threads());
  }

  @Override
  public String name() {
    return kind.toString();
  }

  @Override
  public double seconds(int steps) {
    List<Callable<Object>> cells = new ArrayList<>();
    for (int c = 0; c < engines.size(); c++) {
      int cell = c;
      ImageBatch images = starts.get(c).copy();
      LangevinChain chain = new LangevinChain(engines.get(c), chains.settings().withSteps(steps));
      cells.add(() -> chain.run(images, new ChainNoise(noise, 1, cell, 0), ids));
    }
    long start = System.nanoTime();
    runAll(cells);
    return (System.nanoTime() - start) * 1e-9;
  }

  private void runAll(List<Callable<Object>> cells) {
    try {
      for (Future<Object> cell : threads.invokeAll(cells)) {
        cell.get();
      }
    } catch (ExecutionException e) {
      throw new ContenderException(
          "Cannot run chains of %s: %s".formatted(chains.network().spec(), e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContenderException("Cannot run chains: interrupted");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    engines.forEach(EnergyEngine::close);
  }
}
