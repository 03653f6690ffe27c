package org.gridscape.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.PenaltyGradient;
import org.gridscape.generator.Generator;
import org.gridscape.generator.GeneratorGradient;
import org.gridscape.generator.GeneratorLearner;
import org.gridscape.generator.GeneratorStatistics;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.langevin.ChainDiagnostics;
import org.gridscape.langevin.ChainNoise;
import org.gridscape.langevin.ChainStart;
import org.gridscape.langevin.DivergedChainException;
import org.gridscape.langevin.LangevinChain;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.gridscape.noise.NoiseStream.Purpose;
import org.gridscape.pyramid.GridLadder;

/**
 * Takes cells through chains and gradients: grid by grid from coarse to fine, then the contrast of
 * observed and synthesized images on each grid.
 *
 * <p>A pure function of the cell and the engines' parameters. Source: Gao et al. 2018, Algorithm 1.
 */
public final class CellLearner {
  private final LearningSettings settings;
  private final List<EnergyEngine> engines;
  private final Optional<Generator> generator;
  private final NoiseStream langevinNoise;
  private final NoiseStream dataNoise;
  private final NoiseStream startNoise;
  private final NoiseStream flipNoise;
  private final NoiseStream codes;

  /** A learner for one thread, where chains do not start from codes. */
  public CellLearner(LearningSettings settings, List<? extends EnergyEngine> engines) {
    this(settings, engines, Optional.empty());
  }

  /**
   * A learner for one thread.
   *
   * @param engines one a grid, coarse to fine, parameters loaded; not closed here
   * @param generator where chains start from codes
   */
  public CellLearner(
      LearningSettings settings,
      List<? extends EnergyEngine> engines,
      Optional<Generator> generator) {
    this.settings = settings;
    this.engines = List.copyOf(engines);
    this.generator = generator;
    if (generator.isPresent() != settings.start() instanceof ChainStart.Hidden) {
      throw new IllegalArgumentException(
          "Invalid chain start: %s (must be hidden with a generator, and only then)"
              .formatted(settings.start()));
    }
    langevinNoise =
        NoiseStream.of(settings.seed(), Purpose.LANGEVIN).branch(settings.noiseBranch());
    dataNoise = NoiseStream.of(settings.seed(), Purpose.DATA);
    startNoise = NoiseStream.of(settings.seed(), Purpose.START);
    flipNoise = NoiseStream.of(settings.seed(), Purpose.FLIP);
    codes = NoiseStream.of(settings.seed(), Purpose.CODE);
  }

  /**
   * Runs the chains and computes the gradients of one cell.
   *
   * @throws DivergedChainException if a gradient or a value of f is not finite
   */
  public CellGradient learn(Cell cell) {
    ImageBatch observed = settings.flip() ? flipped(cell) : cell.observed();
    List<ImageBatch> synthesized = new ArrayList<>();
    List<ChainDiagnostics> diagnostics = new ArrayList<>();
    long start = System.nanoTime();
    Optional<ImageBatch> drawn =
        generator.map(g -> g.draw(codes, cell.iteration(), cell.number(), observed.count()));
    ImageBatch coarser =
        generator
            .flatMap(g -> drawn.map(g::thumbnails))
            .orElseGet(() -> GridLadder.average(observed, 1));
    for (int grid = 0; grid < engines.size(); grid++) {
      ImageBatch images = startOf(cell, observed, coarser, grid);
      ChainNoise noise = new ChainNoise(langevinNoise, cell.iteration(), cell.number(), grid);
      LangevinChain chain =
          new LangevinChain(engines.get(grid), settings.langevinAt(cell.iteration()));
      diagnostics.add(chain.run(images, noise, cell.ids()));
      synthesized.add(images);
      coarser = images;
    }
    long middle = System.nanoTime();
    List<float[]> gradients = new ArrayList<>();
    List<GridStatistics> statistics = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    for (int grid = 0; grid < engines.size(); grid++) {
      ImageBatch noisy = noisyObserved(cell, observed, grid);
      float[] gradient = new float[engines.get(grid).network().parameterCount()];
      float[] high = contrast(grid, noisy, 1, gradient, cell);
      float[] low = contrast(grid, synthesized.get(grid), -1, gradient, cell);
      PenaltySums penalty = penalty(grid, noisy, synthesized.get(grid), gradient, cell);
      gradients.add(gradient);
      values.add(low);
      statistics.add(statistics(high, low, diagnostics.get(grid), synthesized.get(grid), penalty));
    }
    GeneratorStatistics generatorStatistics = GeneratorStatistics.EMPTY;
    if (generator.isPresent() && generator.get().learns()) {
      GeneratorGradient learned =
          GeneratorLearner.learn(
              generator.get(),
              new GeneratorLearner.Images(
                  observed, pyramid(observed), drawn.orElseThrow(), synthesized));
      gradients.addAll(learned.gradients());
      generatorStatistics = learned.statistics();
    }
    boolean persistent = settings.start() instanceof ChainStart.Persistent;
    return new CellGradient(
        gradients,
        statistics,
        generatorStatistics,
        new ChainEnds(synthesized, values),
        persistent ? synthesized : List.of(),
        middle - start,
        System.nanoTime() - middle);
  }

  private List<ImageBatch> pyramid(ImageBatch observed) {
    return engines.stream()
        .map(engine -> GridLadder.average(observed, engine.network().shape().side()))
        .toList();
  }

  private ImageBatch startOf(Cell cell, ImageBatch observed, ImageBatch coarser, int grid) {
    ImageShape shape = engines.get(grid).network().shape();
    ChainStart start = settings.start();
    if (start instanceof ChainStart.MinimalImage) {
      return GridLadder.replicate(coarser, shape.side());
    }
    if (generator.isPresent()) {
      return generator.get().upsample(grid, shape.side(), coarser);
    }
    if (start instanceof ChainStart.Data) {
      return noisyObserved(cell, observed, grid);
    }
    if (start instanceof ChainStart.Persistent && !cell.states().isEmpty()) {
      return cell.states().get(grid).copy();
    }
    // Persistent chains start once, whichever iteration that is; short-run chains at each.
    int iteration = start instanceof ChainStart.Persistent ? 0 : cell.iteration();
    return UniformStart.draw(
        shape,
        observed.count(),
        settings.langevin().range(),
        startNoise,
        new NoiseAddress(iteration, cell.number(), grid, 0, 0));
  }

  private ImageBatch noisyObserved(Cell cell, ImageBatch observed, int grid) {
    ImageBatch noisy = GridLadder.average(observed, engines.get(grid).network().shape().side());
    if (settings.dataNoise() == 0) {
      return noisy;
    }
    int size = noisy.shape().size();
    float[] z = new float[size];
    for (int slot = 0; slot < noisy.count(); slot++) {
      dataNoise.normals(new NoiseAddress(cell.iteration(), cell.number(), grid, 0, slot), z);
      for (int i = 0; i < size; i++) {
        float moved = noisy.pixels()[slot * size + i] + settings.dataNoise() * z[i];
        noisy.pixels()[slot * size + i] = settings.langevin().range().reflect(moved);
      }
    }
    return noisy;
  }

  private ImageBatch flipped(Cell cell) {
    ImageBatch images = cell.observed().copy();
    float[] coins = new float[images.count()];
    flipNoise.uniforms(NoiseAddress.of(cell.iteration(), cell.number()), coins);
    for (int slot = 0; slot < images.count(); slot++) {
      if (coins[slot] < 0.5f) {
        images.mirror(slot);
      }
    }
    return images;
  }

  /** Adds sign x gradient of f, less that of f squared, summed over the images; returns f. */
  private float[] contrast(int grid, ImageBatch images, int sign, float[] sum, Cell cell) {
    float[] kept = new float[images.count()];
    float[] gradient =
        engines
            .get(grid)
            .parameterGradient(
                images,
                values -> {
                  requireFinite(values, images.shape().side(), cell);
                  System.arraycopy(values, 0, kept, 0, kept.length);
                  return weights(values, sign);
                });
    for (int i = 0; i < sum.length; i++) {
      sum[i] += gradient[i];
    }
    return kept;
  }

  /**
   * Takes off the gradient of the penalty's sum over the images: gamma n times that of its mean.
   */
  private PenaltySums penalty(
      int grid, ImageBatch observed, ImageBatch synthesized, float[] sum, Cell cell) {
    double gamma = settings.penalty().gamma(grid, settings.done(cell.iteration()));
    if (gamma == 0) {
      return PenaltySums.NONE;
    }
    double beta = settings.penalty().beta();
    double high = penalty(grid, observed, gamma * beta, sum);
    double low = penalty(grid, synthesized, gamma * (1 - beta), sum);
    return new PenaltySums(gamma * observed.count(), high, low, beta * high + (1 - beta) * low);
  }

  /** Of one side: the sum of |df/dx|^2; 0 without weight. */
  private double penalty(int grid, ImageBatch images, double weight, float[] sum) {
    if (weight == 0) {
      return 0;
    }
    PenaltyGradient penalty = engines.get(grid).penaltyGradient(images);
    double scale = weight * images.count();
    for (int i = 0; i < sum.length; i++) {
      sum[i] -= (float) (scale * penalty.gradient()[i]);
    }
    return images.count() * penalty.mean();
  }

  private void requireFinite(float[] values, int side, Cell cell) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new DivergedChainException(
            "f", side, settings.langevinAt(cell.iteration()).steps(), cell.ids().get(i));
      }
    }
  }

  private float[] weights(float[] values, int sign) {
    float[] weights = new float[values.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = sign - 2 * settings.energyPenalty() * values[i];
    }
    return weights;
  }

  private static GridStatistics statistics(
      float[] observed,
      float[] synthesized,
      ChainDiagnostics chain,
      ImageBatch images,
      PenaltySums penalty) {
    return new GridStatistics(
        observed.length,
        images.pixels().length,
        sum(observed),
        sumOfSquares(observed),
        sum(synthesized),
        sumOfSquares(synthesized),
        chain.gradientStrengthSum(),
        chain.clippedPixels(),
        penalty,
        ChangeSums.NONE);
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  private static double sumOfSquares(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }
}
