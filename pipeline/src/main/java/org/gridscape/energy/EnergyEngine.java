package org.gridscape.energy;

import java.util.function.UnaryOperator;
import org.gridscape.image.ImageBatch;

/**
 * Computes the descriptor f of one grid and its gradients.
 *
 * <p>Contract of every engine: arguments are not modified; the same call on the same state gives
 * the same bits; an engine serves one thread at a time, and different engines may run at once. With
 * batch normalisation, f of an image depends on the batch, and gradients are those of the sum over
 * the batch.
 */
public interface EnergyEngine extends AutoCloseable {

  /** What {@link #parameterGradient(ImageBatch, UnaryOperator)} says of weights that used it. */
  String USED_MEANWHILE =
      "Cannot compute gradient of parameters: the function for the weights used the engine";

  /** The network that is computed. */
  GridNetwork network();

  /**
   * Replaces the parameters.
   *
   * @param parameters in the network's flat order; copied
   */
  void load(float[] parameters);

  /**
   * The descriptor of each image.
   *
   * @return f(x_i), one number an image
   */
  float[] values(ImageBatch images);

  /**
   * The gradient of the sum of f with respect to the pixels.
   *
   * @param gradient receives df/dx, same layout as the pixels of {@code images}; may not be the
   *     array of {@code images}
   */
  void inputGradient(ImageBatch images, float[] gradient);

  /**
   * The gradient of a weighted sum of f with respect to the parameters.
   *
   * @param weights w_i, one number an image
   * @return sum_i w_i df(x_i)/dtheta in the network's flat order; 0 for unused parameters
   */
  default float[] parameterGradient(ImageBatch images, float[] weights) {
    return parameterGradient(images, values -> weights);
  }

  /**
   * As {@link #parameterGradient(ImageBatch, float[])}, for weights that depend on f or where f is
   * wanted as well: one forward pass serves both.
   *
   * @param weights from f(x_i) to w_i, one number an image each; may not use the engine
   * @throws IllegalStateException if {@code weights} used the engine
   */
  float[] parameterGradient(ImageBatch images, UnaryOperator<float[]> weights);

  /**
   * The penalty of w-GCN, the mean squared norm of df/dx, and its gradient with respect to the
   * parameters.
   *
   * <p>With ReLU and LeakyReLU the gradient is exact up to rounding for the given images, unless a
   * pre-activation is 0. As an estimator of the gradient of the expected penalty it is then biased:
   * a kink that moves over the data with the parameters changes the expectation, and that term is
   * dropped, as double back-propagation drops it. With SiLU it is a central difference of gradients
   * of f, without that bias.
   *
   * @return of these images; the mean is NaN or infinite where df/dx is
   * @throws UnsupportedOperationException with batch normalisation, where f of an image depends on
   *     the others
   */
  PenaltyGradient penaltyGradient(ImageBatch images);

  /** Frees native memory; every later call but this one throws IllegalStateException. */
  @Override
  void close();
}
