package org.gridscape.features;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Features of a network in an ONNX file, such as the Inception of the FID. What the network must
 * look like says {@link ExtractorSpec.Onnx}.
 *
 * <p>All extractors of a process share one network a file; each has an input buffer of its own.
 * Images are computed in batches of the list they come in, from its first on, so their features
 * depend on the list, the file and the threads alone. Not thread-safe.
 */
public final class OnnxFeatures implements FeatureExtractor {
  private final ExtractorSpec.Onnx spec;
  private final OnnxNetwork network;
  private final NetworkInput input;
  private final FloatBuffer buffer;

  private OnnxFeatures(ExtractorSpec.Onnx spec, OnnxNetwork network) {
    this.spec = spec;
    this.network = network;
    this.input = new NetworkInput(spec.protocol(), network.channels(), network.side());
    this.buffer = OnnxNetwork.buffer(Math.multiplyExact(spec.batch(), input.size()));
  }

  /**
   * Loads the network, or finds it loaded.
   *
   * @throws ExtractorException if there is no such file, it is no network that can be used, or its
   *     SHA-256 is not the expected one
   */
  static OnnxFeatures open(ExtractorSpec.Onnx spec) {
    OnnxNetwork network = LoadedNetworks.of(spec.path(), spec.threads(), hint(spec));
    if (!spec.sha256().isEmpty() && !spec.sha256().equals(network.sha256())) {
      throw new ExtractorException(
          "Cannot load network %s: SHA-256 is %s (must be %s)"
              .formatted(spec.path(), network.sha256(), spec.sha256()));
    }
    return new OnnxFeatures(spec, network);
  }

  private static String hint(ExtractorSpec.Onnx spec) {
    return spec.name().equals(ExtractorSpec.INCEPTION)
        ? "; " + InceptionFile.howToMake(spec.path())
        : "";
  }

  @Override
  public ExtractorIdentity identity() {
    return network.identity(spec.name(), spec.protocol());
  }

  @Override
  public String device() {
    return network.device();
  }

  @Override
  public FeatureBatch extract(List<Raster> images) {
    ExtractorIdentity identity = identity();
    float[] features = new float[Math.multiplyExact(images.size(), identity.dimension())];
    float[] logits = new float[Math.multiplyExact(images.size(), identity.classes())];
    float[] spatial = new float[Math.multiplyExact(images.size(), identity.spatialDimension())];
    for (int from = 0; from < images.size(); from += spec.batch()) {
      FeatureBatch part = run(images.subList(from, Math.min(images.size(), from + spec.batch())));
      copy(part.features(), features, from * identity.dimension());
      copy(part.logits(), logits, from * identity.classes());
      copy(part.spatial(), spatial, from * identity.spatialDimension());
    }
    return new FeatureBatch(images.size(), features, logits, spatial);
  }

  private FeatureBatch run(List<Raster> images) {
    buffer.clear();
    images.forEach(image -> input.put(image, buffer));
    return network.run(buffer, images.size());
  }

  private static void copy(float[] from, float[] to, int begin) {
    System.arraycopy(from, 0, to, begin, from.length);
  }

  /** Leaves the network to the extractors that follow. */
  @Override
  public void close() {}
}
