package org.gridscape.generator;

import java.util.ArrayList;
import java.util.List;
import org.gridscape.energy.MapEngine;
import org.gridscape.image.ImageBatch;
import org.gridscape.pyramid.GridLadder;

/**
 * The gradients of the generator's losses on one cell.
 *
 * <p>Chains teach the upsamplers with pairs (e(y), y) of a result and its own code, not with the
 * code z that the chain started from: a chain forgets its start, so regression on z gives the mean
 * over all results of a start, and the spread of what is generated shrinks from iteration to
 * iteration. Source: after Wu et al. 2019 (amortised and symmetric learning) and MCMC teaching
 * (Xie, Lu, Gao, Wu 2018); derived.
 */
public final class GeneratorLearner {
  private final Generator generator;
  private final GeneratorLosses losses;
  private final List<MapEngine> networks = new ArrayList<>();
  private final List<float[]> gradients = new ArrayList<>();

  private GeneratorLearner(Generator generator) {
    this.generator = generator;
    losses = generator.losses();
    networks.addAll(generator.upsamplers());
    networks.addAll(generator.encoder());
    networks.forEach(engine -> gradients.add(new float[engine.network().parameterCount()]));
  }

  /**
   * Images of one cell.
   *
   * @param observed at full resolution
   * @param pyramid observed images on each grid, coarse to fine
   * @param codes that the chains started from
   * @param synthesized results of the chains on each grid
   */
  public record Images(
      ImageBatch observed,
      List<ImageBatch> pyramid,
      ImageBatch codes,
      List<ImageBatch> synthesized) {}

  /** Computes losses and gradients of a cell. */
  public static GeneratorGradient learn(Generator generator, Images images) {
    return new GeneratorLearner(generator).learn(images);
  }

  private GeneratorGradient learn(Images images) {
    ImageBatch thumbnails = GridLadder.average(images.observed(), generator.space().shape().side());
    double match = regress(thumbnails, images.pyramid(), 2 * losses.match());
    double teach = 0;
    double code = 0;
    if (losses.teach() > 0 || losses.code() > 0) {
      ImageBatch results = images.synthesized().get(images.synthesized().size() - 1);
      ImageBatch found = generator.encode(results);
      teach =
          regress(
              generator.thumbnails(found),
              images.synthesized(),
              losses.teach() / (losses.deviation() * losses.deviation()));
      code = encodeResults(results, found, images.codes());
    }
    double reconstruct = 0;
    double normal = 0;
    if (losses.reconstruct() > 0 || losses.normal() > 0) {
      ImageBatch codes = generator.encode(images.observed());
      Reconstruction back = reconstruct(codes, images.pyramid());
      reconstruct = back.squares();
      normal = encodeObserved(images.observed(), codes, back);
    }
    return new GeneratorGradient(
        gradients,
        new GeneratorStatistics(
            images.observed().count(), match, teach, reconstruct, code, normal));
  }

  /**
   * Each upsampler on its own: from the images of one grid to those of the next.
   *
   * @param first what the first one takes
   * @param targets one a grid
   * @param weight of half the squared error
   * @return squared errors, summed over values, grids and images; 0 where the weight is 0
   */
  private double regress(ImageBatch first, List<ImageBatch> targets, double weight) {
    if (weight == 0) {
      return 0;
    }
    double total = 0;
    ImageBatch coarser = first;
    for (int grid = 0; grid < targets.size(); grid++) {
      ImageBatch target = targets.get(grid);
      ImageBatch replicated = GridLadder.replicate(coarser, target.shape().side());
      ImageBatch error = difference(generator.upsampleUnclipped(grid, replicated), target);
      total += squares(error);
      learn(grid, replicated, scaled(error, -weight));
      coarser = target;
    }
    return total;
  }

  /** Adds an engine's gradient; returns that of the images. */
  private ImageBatch learn(int network, ImageBatch images, ImageBatch signals) {
    MapEngine.Gradients gradient = networks.get(network).gradients(images, signals);
    float[] sum = gradients.get(network);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += gradient.parameters()[i];
    }
    return gradient.images();
  }

  private double encodeResults(ImageBatch results, ImageBatch found, ImageBatch codes) {
    if (losses.code() == 0) {
      return 0;
    }
    ImageBatch error = difference(found, codes);
    learn(generator.upsamplers().size(), results, scaled(error, -2 * losses.code()));
    return squares(error);
  }

  /**
   * Images given back from their codes.
   *
   * @param squares squared errors, summed over values, grids and images
   * @param codeSignals gradient of minus the loss with respect to the codes
   */
  private record Reconstruction(double squares, ImageBatch codeSignals) {}

  private Reconstruction reconstruct(ImageBatch codes, List<ImageBatch> pyramid) {
    if (losses.reconstruct() == 0) {
      return new Reconstruction(0, ImageBatch.zeros(codes.shape(), codes.count()));
    }
    List<ImageBatch> replicated = new ArrayList<>();
    List<ImageBatch> given = new ArrayList<>();
    ImageBatch coarser = generator.thumbnails(codes);
    double total = 0;
    for (int grid = 0; grid < pyramid.size(); grid++) {
      replicated.add(GridLadder.replicate(coarser, pyramid.get(grid).shape().side()));
      given.add(generator.upsampleUnclipped(grid, replicated.get(grid)));
      total += squares(difference(given.get(grid), pyramid.get(grid)));
      coarser = generator.clipped(given.get(grid));
    }
    ImageBatch fromFiner = ImageBatch.zeros(pyramid.get(0).shape(), 1);
    for (int grid = pyramid.size() - 1; grid >= 0; grid--) {
      ImageBatch signal =
          scaled(difference(given.get(grid), pyramid.get(grid)), -2 * losses.reconstruct());
      if (grid < pyramid.size() - 1) {
        addWhereInside(signal, fromFiner, given.get(grid));
      }
      ImageBatch corrected = learn(grid, replicated.get(grid), signal);
      ImageBatch whole = difference(corrected, scaled(signal, -1));
      int coarserSide = grid == 0 ? codes.shape().side() : pyramid.get(grid - 1).shape().side();
      fromFiner = blockSums(whole, coarserSide);
    }
    return new Reconstruction(total, generator.space().codeGradient(fromFiner));
  }

  /** The clip passes signals on where it leaves values as they are. */
  private void addWhereInside(ImageBatch signal, ImageBatch more, ImageBatch values) {
    for (int i = 0; i < signal.pixels().length; i++) {
      if (generator.isInside(values.pixels()[i])) {
        signal.pixels()[i] += more.pixels()[i];
      }
    }
  }

  /** The encoder by what reconstruction and the normal law want of the codes. */
  private double encodeObserved(ImageBatch observed, ImageBatch codes, Reconstruction back) {
    if (generator.encoder().isEmpty()) {
      return 0;
    }
    ImageBatch signal = back.codeSignals();
    double total = 0;
    if (losses.normal() > 0) {
      NormalDistance distance = NormalDistance.of(codes);
      signal = difference(signal, scaled(distance.gradient(), losses.normal() * codes.count()));
      total = distance.value() * codes.count();
    }
    learn(generator.upsamplers().size(), observed, signal);
    return total;
  }

  /** What replication does, transposed. */
  private static ImageBatch blockSums(ImageBatch images, int side) {
    int ratio = images.shape().side() / side;
    return scaled(GridLadder.average(images, side), (double) ratio * ratio);
  }

  private static ImageBatch difference(ImageBatch first, ImageBatch second) {
    ImageBatch difference = first.copy();
    for (int i = 0; i < difference.pixels().length; i++) {
      difference.pixels()[i] -= second.pixels()[i];
    }
    return difference;
  }

  private static ImageBatch scaled(ImageBatch images, double factor) {
    ImageBatch scaled = images.copy();
    for (int i = 0; i < scaled.pixels().length; i++) {
      scaled.pixels()[i] *= (float) factor;
    }
    return scaled;
  }

  private static double squares(ImageBatch errors) {
    double sum = 0;
    for (float error : errors.pixels()) {
      sum += (double) error * error;
    }
    return sum;
  }
}
