package org.gridscape.features;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.commons.codec.digest.DigestUtils;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.gridscape.distribute.TaskDevice;
import org.gridscape.energy.EngineKind;
import org.gridscape.image.ImageShape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Features of the shipped classifier of Fashion-MNIST: the 64 outputs of its dense layer, after
 * ELU, for grey images of 32x32.
 *
 * <p>Distances in these features serve to compare runs of this project on such images; they are not
 * the FID, which is defined by another network. The file {@code fashion-mnist-classifier.txt}
 * beside the weights says how they were made. Equal blocks give equal bits on one kind of
 * processor. Not thread-safe.
 */
public final class ClassifierFeatures implements FeatureExtractor {
  /** Name of the features, as scores quote it. */
  public static final String NAME = "fashion-mnist-classifier-v1";

  /** The images it takes. */
  public static final ImageShape INPUT = ClassifierNetwork.SHIPPED_INPUT;

  static final String RESOURCE = "org/gridscape/features/fashion-mnist-classifier.zip";
  static final String SHA256 = "f3f36b95a410d389242bc4063c6593521a3ecfb56f7f613983e9200419893de8";

  private static final int BATCH = 100;

  /** Loaded and not in use: loading takes longer than the features of a hundred images. */
  private static final Queue<ClassifierFeatures> IDLE = new ConcurrentLinkedQueue<>();

  private final MultiLayerNetwork network;

  private ClassifierFeatures(MultiLayerNetwork network) {
    this.network = network;
  }

  /**
   * Loads the shipped weights from the class path, or takes those that another has closed; the
   * current thread is bound to the device of this process.
   *
   * @throws UncheckedIOException if they are missing or cannot be read
   * @throws IllegalArgumentException if they are not the weights that this version was made with
   */
  public static ClassifierFeatures shipped() {
    TaskDevice.bind(EngineKind.REFERENCE);
    ClassifierFeatures idle = IDLE.poll();
    return idle == null ? load() : idle;
  }

  private static ClassifierFeatures load() {
    try (InputStream in = ClassifierFeatures.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new FileNotFoundException("Cannot load " + RESOURCE + ": not on the class path");
      }
      return of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ClassifierFeatures of(byte[] model) throws IOException {
    String found = DigestUtils.sha256Hex(model);
    if (!found.equals(SHA256)) {
      throw new IllegalArgumentException(
          "Cannot load %s: SHA-256 is %s (must be %s)".formatted(RESOURCE, found, SHA256));
    }
    return new ClassifierFeatures(
        ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(model), false));
  }

  @Override
  public ExtractorIdentity identity() {
    return new ExtractorIdentity(NAME, SHA256, "", ClassifierNetwork.FEATURES, 0, 0);
  }

  @Override
  public FeatureBatch extract(List<Raster> images) {
    float[] features = new float[images.size() * ClassifierNetwork.FEATURES];
    for (int from = 0; from < images.size(); from += BATCH) {
      List<Raster> part = images.subList(from, Math.min(images.size(), from + BATCH));
      float[] rows = forward(ClassifierNetwork.input(part));
      System.arraycopy(rows, 0, features, from * ClassifierNetwork.FEATURES, rows.length);
    }
    return new FeatureBatch(images.size(), features, new float[0], new float[0]);
  }

  /** Leaves the network to the next. */
  @Override
  public void close() {
    IDLE.add(this);
  }

  /** The features of one batch; closes it and all that was computed on the way. */
  private float[] forward(INDArray batch) {
    List<INDArray> activations =
        network.feedForwardToLayer(ClassifierNetwork.FEATURE_LAYER, batch, false);
    INDArray features = activations.get(ClassifierNetwork.FEATURE_LAYER + 1).dup('c');
    float[] rows = features.data().asFloat();
    features.close();
    network.clearLayersStates();
    activations.stream().filter(INDArray::closeable).forEach(INDArray::close);
    return rows;
  }
}
