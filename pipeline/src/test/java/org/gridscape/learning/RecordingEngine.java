package org.gridscape.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.gridscape.energy.ChosenEngine;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.PenaltyGradient;
import org.gridscape.image.ImageBatch;

/** The engine of the tests, with copies of the images it was asked about. */
final class RecordingEngine implements EnergyEngine {
  private final EnergyEngine engine;
  private final List<ImageBatch> chain = new ArrayList<>();
  private final List<ImageBatch> contrast = new ArrayList<>();
  private final List<ImageBatch> penalized = new ArrayList<>();

  RecordingEngine(GridNetwork network, float[] parameters) {
    engine = ChosenEngine.kind().create(network);
    engine.load(parameters);
  }

  /** Where the last chain stood before each step. */
  List<ImageBatch> chain() {
    return chain;
  }

  /** Observed images as they were learned from. */
  ImageBatch observed() {
    return contrast.get(0);
  }

  /** Ends of the chains. */
  ImageBatch synthesized() {
    return contrast.get(1);
  }

  /** Images whose penalty was asked for. */
  List<ImageBatch> penalized() {
    return penalized;
  }

  @Override
  public GridNetwork network() {
    return engine.network();
  }

  @Override
  public void load(float[] parameters) {
    engine.load(parameters);
  }

  @Override
  public float[] values(ImageBatch images) {
    return engine.values(images);
  }

  @Override
  public void inputGradient(ImageBatch images, float[] gradient) {
    chain.add(images.copy());
    engine.inputGradient(images, gradient);
  }

  @Override
  public float[] parameterGradient(ImageBatch images, UnaryOperator<float[]> weights) {
    contrast.add(images.copy());
    return engine.parameterGradient(images, weights);
  }

  @Override
  public PenaltyGradient penaltyGradient(ImageBatch images) {
    penalized.add(images.copy());
    return engine.penaltyGradient(images);
  }

  @Override
  public void close() {
    engine.close();
  }
}
