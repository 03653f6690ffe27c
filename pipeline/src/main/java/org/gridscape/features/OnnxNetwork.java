package org.gridscape.features;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network of an ONNX file in ONNX Runtime, on the graphics card if there is one that this build
 * can use. Thread-safe.
 *
 * <p>It takes floats [n, channels, side, side] with any n. The output {@code features} or {@code
 * pool3} is its features, or the only output, whatever its name; {@code logits} and {@code spatial}
 * are optional. An image's values in an output count as one row.
 */
final class OnnxNetwork {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxNetwork.class);
  private static final List<String> FEATURES = List.of("features", "pool3");
  private static final String LOGITS = "logits";
  private static final String SPATIAL = "spatial";
  private static final String CPU = "cpu";
  private static final String CUDA = "cuda";
  private static final int PROBED = 2;

  private final String file;
  private final String sha256;
  private final String device;
  private final OrtSession session;
  private final String input;
  private final int channels;
  private final int side;
  private final List<Output> outputs;
  private final Optional<String> metadataName;

  /**
   * A row of values of each image.
   *
   * @param name in the graph; empty if the network has no such output
   * @param width values of an image
   */
  private record Output(String name, int width) {}

  private OnnxNetwork(String file, String sha256, String device, OrtSession session)
      throws OrtException {
    this.file = file;
    this.sha256 = sha256;
    this.device = device;
    this.session = session;
    NodeInfo info = onlyInput(session.getInputInfo().values());
    this.input = info.getName();
    long[] shape = inputShape(info);
    this.channels = (int) shape[1];
    this.side = (int) shape[2];
    this.outputs = probe(named(session.getOutputInfo()));
    this.metadataName = session.getMetadata().getCustomMetadataValue("name");
  }

  /**
   * Loads a network.
   *
   * @param file where it came from, for messages
   * @param sha256 of the content
   * @param content a direct buffer, needed during this call alone
   * @param threads that compute an operation
   * @throws ExtractorException if the content is no network or not one of the shape described
   */
  static OnnxNetwork load(String file, String sha256, ByteBuffer content, int threads) {
    try {
      return onBestDevice(file, sha256, content, threads);
    } catch (OrtException e) {
      throw new ExtractorException("Cannot load network %s: %s".formatted(file, reason(e)), e);
    }
  }

  private static OnnxNetwork onBestDevice(
      String file, String sha256, ByteBuffer content, int threads) throws OrtException {
    if (OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      try {
        return on(CUDA, file, sha256, content, threads);
      } catch (OrtException e) {
        LOG.warn("Cannot use a graphics card for {}: {}; the processor is used", file, reason(e));
      }
    }
    return on(CPU, file, sha256, content, threads);
  }

  private static OnnxNetwork on(
      String device, String file, String sha256, ByteBuffer content, int threads)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OptLevel.ALL_OPT);
      options.setDeterministicCompute(true);
      // What it would print of an error is in the exception.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      if (device.equals(CUDA)) {
        addCuda(options);
      }
      OrtSession session = environment.createSession(content.duplicate(), options);
      try {
        return new OnnxNetwork(file, sha256, device, session);
      } catch (ExtractorException | OrtException e) {
        session.close();
        throw e;
      }
    }
  }

  private static void addCuda(SessionOptions options) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions()) {
      // Its 10 bits of mantissa are too few for features that are compared.
      cuda.add("use_tf32", "0");
      options.addCUDA(cuda);
    }
  }

  private NodeInfo onlyInput(Collection<NodeInfo> inputs) {
    if (inputs.size() != 1) {
      throw new ExtractorException(
          "Invalid network %s: %d inputs %s (must be one)"
              .formatted(file, inputs.size(), inputs.stream().map(NodeInfo::getName).toList()));
    }
    return inputs.iterator().next();
  }

  private long[] inputShape(NodeInfo info) {
    String found = "no tensor";
    if (info.getInfo() instanceof TensorInfo tensor) {
      long[] shape = tensor.getShape();
      if (tensor.type == OnnxJavaType.FLOAT
          && shape.length == 4
          && shape[0] < 0
          && (shape[1] == 1 || shape[1] == 3)
          && shape[2] > 0
          && shape[2] == shape[3]) {
        return shape;
      }
      found = tensor.type + " " + Arrays.toString(shape);
    }
    throw new ExtractorException(
        "Invalid network %s: input %s is %s (must be FLOAT [-1, 1 or 3, side, side], where -1 is any count of images)"
            .formatted(file, info.getName(), found));
  }

  /** The names of features, logits and spatial features. */
  private List<String> named(Map<String, NodeInfo> found) {
    Optional<String> features = FEATURES.stream().filter(found::containsKey).findFirst();
    if (features.isEmpty() && found.size() > 1) {
      throw new ExtractorException(
          "Invalid network %s: outputs %s (must be one, or one of them named features or pool3)"
              .formatted(file, found.keySet()));
    }
    List<String> names = new ArrayList<>();
    names.add(features.orElseGet(() -> found.keySet().iterator().next()));
    for (String optional : List.of(LOGITS, SPATIAL)) {
      boolean there = found.containsKey(optional) && !names.contains(optional);
      names.add(there ? optional : "");
    }
    return names;
  }

  /** Runs two images to see what comes out. */
  private List<Output> probe(List<String> names) throws OrtException {
    FloatBuffer images = buffer(PROBED * channels * side * side);
    try (OnnxTensor tensor = tensor(images, PROBED);
        OrtSession.Result result = run(tensor, names)) {
      List<Output> found = new ArrayList<>();
      for (String name : names) {
        found.add(new Output(name, name.isEmpty() ? 0 : width(name, result)));
      }
      return List.copyOf(found);
    }
  }

  private int width(String name, OrtSession.Result result) {
    String found = "no tensor";
    if (result.get(name).orElse(null) instanceof OnnxTensor tensor) {
      TensorInfo info = tensor.getInfo();
      long[] shape = info.getShape();
      if (info.type == OnnxJavaType.FLOAT && shape.length >= 2 && shape[0] == PROBED) {
        return Math.toIntExact(info.getNumElements() / PROBED);
      }
      found = info.type + " " + Arrays.toString(shape);
    }
    throw new ExtractorException(
        "Invalid network %s: output %s of %d images is %s (must be FLOAT [%d, ...])"
            .formatted(file, name, PROBED, found, PROBED));
  }

  /** Channels of its images, 1 or 3. */
  int channels() {
    return channels;
  }

  /** Rows and columns of its images. */
  int side() {
    return side;
  }

  /** SHA-256 of its file. */
  String sha256() {
    return sha256;
  }

  /** Where it computes: cpu or cuda. */
  String device() {
    return device;
  }

  /** What it is, with images brought to it by a protocol. */
  ExtractorIdentity identity(String name, Protocol protocol) {
    return new ExtractorIdentity(
        metadataName.orElse(name),
        sha256,
        protocol.toString(),
        outputs.get(0).width(),
        outputs.get(1).width(),
        outputs.get(2).width());
  }

  /**
   * The rows of a batch.
   *
   * @param images [count, channels, side, side] from the start of a direct buffer
   */
  FeatureBatch run(FloatBuffer images, int count) {
    List<String> names = outputs.stream().map(Output::name).toList();
    try (OnnxTensor tensor = tensor(images, count);
        OrtSession.Result result = run(tensor, names)) {
      return new FeatureBatch(
          count,
          rows(names.get(0), result),
          rows(names.get(1), result),
          rows(names.get(2), result));
    } catch (OrtException e) {
      throw new ExtractorException("Cannot run network %s: %s".formatted(file, reason(e)), e);
    }
  }

  private OrtSession.Result run(OnnxTensor tensor, List<String> names) throws OrtException {
    return session.run(
        Map.of(input, tensor),
        names.stream().filter(name -> !name.isEmpty()).collect(Collectors.toUnmodifiableSet()));
  }

  private static float[] rows(String name, OrtSession.Result result) {
    if (!(result.get(name).orElse(null) instanceof OnnxTensor tensor)) {
      return new float[0];
    }
    float[] rows = new float[Math.toIntExact(tensor.getInfo().getNumElements())];
    tensor.getFloatBuffer().get(rows);
    return rows;
  }

  private OnnxTensor tensor(FloatBuffer images, int count) throws OrtException {
    FloatBuffer values = images.duplicate().rewind().limit(count * channels * side * side);
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(), values, new long[] {count, channels, side, side});
  }

  /** A direct buffer of floats, as the network takes it. */
  static FloatBuffer buffer(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static String reason(OrtException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("model_path must not be empty")
        ? "some of its weights lie in another file (must be in the one file)"
        : message;
  }
}
