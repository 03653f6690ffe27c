package org.gridscape.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files in the resources are made by {@code tiny_network.py} there. */
class OnnxFeaturesTest {
  private static final int SIDE = 15;
  private static final int IMAGES = 5;

  @TempDir private Path folder;

  @Test
  void saysWhatItIs() throws Exception {
    Path file = resource("tiny-network.onnx");
    try (FeatureExtractor features = spec(file, 2).open()) {
      assertThat(features.identity())
          .isEqualTo(
              new ExtractorIdentity(
                  "tiny",
                  DigestUtils.sha256Hex(Files.readAllBytes(file)),
                  "tf-legacy",
                  6,
                  4,
                  6 * 7 * 7));
      assertThat(features.device()).isIn("cpu", "cuda");
    }
  }

  @Test
  void agreesWithPyTorch() throws Exception {
    try (FeatureExtractor features = spec(resource("tiny-network.onnx"), 2).open()) {
      FeatureBatch batch = features.extract(images());
      assertThat(batch.count()).isEqualTo(IMAGES);
      List<String> golden = Files.readAllLines(resource("tiny-network.txt"));
      requireRows(batch.features(), golden.get(0), 1);
      requireRows(batch.logits(), golden.get(1), 1);
      requireRows(batch.spatial(), golden.get(2), 29);
    }
  }

  /** Of every row of {@code width} values each {@code stride}th is in the line. */
  private static void requireRows(float[] found, String line, int stride) {
    String[] words = line.split(" ", -1);
    int width = Integer.parseInt(words[1]);
    assertThat(found).hasSize(IMAGES * width);
    int word = 2;
    for (int image = 0; image < IMAGES; image++) {
      for (int i = 0; i < width; i += stride) {
        float expected = Float.parseFloat(words[word++]);
        assertThat(found[image * width + i])
            .as("%s of image %d, value %d", words[0], image, i)
            .isCloseTo(expected, within(1e-5f * Math.max(Math.abs(expected), 0.1f)));
      }
    }
    assertThat(word).isEqualTo(words.length);
  }

  @Test
  void takesTheOnlyOutputOfAForeignNetworkFlattened() {
    try (FeatureExtractor named = spec(resource("tiny-network.onnx"), 5).open();
        FeatureExtractor foreign = spec(resource("foreign.onnx"), 5).open()) {
      assertThat(foreign.identity().name()).isEqualTo("given");
      assertThat(foreign.identity().dimension()).isEqualTo(6);
      assertThat(foreign.identity().classes()).isZero();
      FeatureBatch batch = foreign.extract(images());
      assertThat(batch.features()).isEqualTo(named.extract(images()).features());
      assertThat(batch.logits()).isEmpty();
      assertThat(batch.spatial()).isEmpty();
    }
  }

  @Test
  void givesAnImageTheSameBitsInAnyPlaceAndBatch() {
    List<Raster> images = images();
    FeatureBatch expected = extract(1, images);
    for (int batch : new int[] {2, 3, 5, 64}) {
      assertThat(extract(batch, images).features()).isEqualTo(expected.features());
    }
    List<Raster> reversed = new ArrayList<>(images);
    Collections.reverse(reversed);
    float[] found = extract(2, reversed).features();
    assertThat(Arrays.copyOf(found, 6))
        .isEqualTo(Arrays.copyOfRange(expected.features(), 4 * 6, 5 * 6));
  }

  private FeatureBatch extract(int batch, List<Raster> images) {
    try (FeatureExtractor features = spec(resource("tiny-network.onnx"), batch).open()) {
      return features.extract(images);
    }
  }

  @Test
  void givesNoRowsForNoImages() {
    assertThat(extract(2, List.of()).features()).isEmpty();
  }

  @Test
  void repeatsGreyInAllPlanes() {
    Raster grey = new Raster(1, 2, 2, new byte[] {10, 90, (byte) 200, 33});
    byte[] thrice = new byte[12];
    for (int i = 0; i < 12; i++) {
      thrice[i] = grey.pixels()[i % 4];
    }
    FeatureBatch found = extract(2, List.of(grey, new Raster(3, 2, 2, thrice)));
    assertThat(Arrays.copyOf(found.features(), 6))
        .isEqualTo(Arrays.copyOfRange(found.features(), 6, 12));
  }

  @Test
  void takesImagesOfManySizesInOneList() {
    List<Raster> images =
        IntStream.rangeClosed(1, 40)
            .mapToObj(size -> new Raster(1, size, 41 - size, new byte[size * (41 - size)]))
            .toList();
    float[] features = extract(7, images).features();
    for (int i = 1; i < images.size(); i++) {
      assertThat(Arrays.copyOfRange(features, i * 6, i * 6 + 6))
          .isEqualTo(Arrays.copyOf(features, 6));
    }
  }

  @Test
  void rejectsColourForANetworkOfGreyImages() {
    try (FeatureExtractor features = spec(resource("grey.onnx"), 2).open()) {
      assertThatThrownBy(() -> features.extract(images()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid image: 3 channels (must be 1 for a network of grey images)");
    }
  }

  @Test
  void tasksShareOneNetwork() throws Exception {
    FeatureBatch expected = extract(2, images());
    ExecutorService tasks = Executors.newFixedThreadPool(4);
    try {
      List<Future<FeatureBatch>> found =
          IntStream.range(0, 16).mapToObj(i -> tasks.submit(() -> extract(2, images()))).toList();
      for (Future<FeatureBatch> batch : found) {
        assertThat(batch.get().features()).isEqualTo(expected.features());
      }
    } finally {
      tasks.shutdown();
    }
    String file = resource("tiny-network.onnx").toString();
    assertThat(LoadedNetworks.of(file, 1, "")).isSameAs(LoadedNetworks.of(file, 1, ""));
  }

  @Test
  void aFileThatChangedIsAnotherNetwork() throws Exception {
    Path file = folder.resolve("network.onnx");
    Files.copy(resource("tiny-network.onnx"), file);
    try (FeatureExtractor before = spec(file, 2).open()) {
      Files.delete(file);
      Files.copy(resource("foreign.onnx"), file);
      try (FeatureExtractor after = spec(file, 2).open()) {
        assertThat(before.identity().classes()).isEqualTo(4);
        assertThat(after.identity().classes()).isZero();
      }
    }
  }

  @Test
  void travels() throws Exception {
    ExtractorSpec spec = spec(resource("tiny-network.onnx"), 2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(spec);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(spec);
    }
  }

  @Test
  void readsAPathWithAScheme() {
    String path = resource("tiny-network.onnx").toUri().toString();
    try (FeatureExtractor features =
        new ExtractorSpec.Onnx("", path, "", Protocol.CLEAN, 1, 1).open()) {
      assertThat(features.identity().protocol()).isEqualTo("clean");
    }
  }

  @Test
  void acceptsTheExpectedHashAlone() throws Exception {
    Path file = resource("tiny-network.onnx");
    String sha256 = DigestUtils.sha256Hex(Files.readAllBytes(file));
    try (FeatureExtractor features = pinned(file, sha256).open()) {
      assertThat(features.identity().sha256()).isEqualTo(sha256);
    }
    String other = "0".repeat(64);
    assertThatThrownBy(() -> pinned(file, other).open())
        .isInstanceOf(ExtractorException.class)
        .hasMessage(
            "Cannot load network %s: SHA-256 is %s (must be %s)".formatted(file, sha256, other));
  }

  private static ExtractorSpec pinned(Path file, String sha256) {
    return new ExtractorSpec.Onnx("given", file.toString(), sha256, Protocol.CLEAN, 2, 1);
  }

  @Test
  void namesAMissingFile() {
    Path file = folder.resolve("none.onnx");
    assertThatThrownBy(() -> spec(file, 2).open())
        .isInstanceOf(ExtractorException.class)
        .hasMessage("Cannot load network %s: no such file".formatted(file));
    assertThatThrownBy(() -> spec(folder, 2).open())
        .isInstanceOf(ExtractorException.class)
        .hasMessage("Cannot load network %s: it is a folder".formatted(folder));
  }

  @Test
  void saysHowToMakeTheMissingInception() {
    Path file = folder.resolve("inception.onnx");
    assertThatThrownBy(
            () ->
                new ExtractorSpec.Onnx("inception", file.toString(), "", Protocol.CLEAN, 2, 1)
                    .open())
        .isInstanceOf(ExtractorException.class)
        .hasMessage(
            ("Cannot load network %s: no such file; make it from"
                    + " pt_inception-2015-12-05-6726825d.pth, whose SHA-256 begins with 6726825d:"
                    + " python notebooks/export_inception.py"
                    + " --weights pt_inception-2015-12-05-6726825d.pth --out %s")
                .formatted(file, file));
  }

  @Test
  void namesAFileThatIsNoNetwork() throws Exception {
    Path text = Files.writeString(folder.resolve("text.onnx"), "no network at all");
    assertThatThrownBy(() -> spec(text, 2).open())
        .isInstanceOf(ExtractorException.class)
        .hasMessageStartingWith("Cannot load network %s: ".formatted(text))
        .hasMessageContaining("INVALID_PROTOBUF");
    Path empty = Files.createFile(folder.resolve("empty.onnx"));
    assertThatThrownBy(() -> spec(empty, 2).open())
        .isInstanceOf(ExtractorException.class)
        .hasMessage("Cannot load network %s: it is empty".formatted(empty));
    byte[] whole = Files.readAllBytes(resource("tiny-network.onnx"));
    Path half = folder.resolve("half.onnx");
    Files.write(half, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> spec(half, 2).open())
        .isInstanceOf(ExtractorException.class)
        .hasMessageStartingWith("Cannot load network %s: ".formatted(half));
  }

  /** The hash would not cover them. */
  @Test
  void rejectsANetworkWhoseWeightsLieInAnotherFile() {
    Path file = resource("external.onnx");
    assertThatThrownBy(() -> spec(file, 2).open())
        .isInstanceOf(ExtractorException.class)
        .hasMessage(
            "Cannot load network %s: some of its weights lie in another file (must be in the one file)"
                .formatted(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fixed-batch.onnx|FLOAT [1, 3, 15, 15]",
        "oblong.onnx|FLOAT [-1, 3, 15, 17]",
        "flat.onnx|FLOAT [-1, 12]",
        "bytes.onnx|UINT8 [-1, 3, 15, 15]"
      })
  void rejectsInputsThatAreNoImages(String name, String found) {
    Path file = resource(name);
    assertThatThrownBy(() -> spec(file, 2).open())
        .isInstanceOf(ExtractorException.class)
        .hasMessage(
            "Invalid network %s: input images is %s (must be FLOAT [-1, 1 or 3, side, side], where -1 is any count of images)"
                .formatted(file, found));
  }

  @Test
  void rejectsOutputsThatAreNoRows() {
    Path two = resource("two-outputs.onnx");
    assertThatThrownBy(() -> spec(two, 2).open())
        .isInstanceOf(ExtractorException.class)
        .hasMessage(
            "Invalid network %s: outputs [pool, positive] (must be one, or one of them named features or pool3)"
                .formatted(two));
    Path none = resource("no-rows.onnx");
    assertThatThrownBy(() -> spec(none, 2).open())
        .isInstanceOf(ExtractorException.class)
        .hasMessage(
            "Invalid network %s: output mean of 2 images is FLOAT [] (must be FLOAT [2, ...])"
                .formatted(none));
  }

  private static ExtractorSpec.Onnx spec(Path file, int batch) {
    return new ExtractorSpec.Onnx("given", file.toString(), "", Protocol.TF_LEGACY, batch, 1);
  }

  private static Path resource(String name) {
    try {
      return Path.of(
          java.util.Objects.requireNonNull(OnnxFeaturesTest.class.getResource(name)).toURI());
    } catch (java.net.URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** As {@code tiny_network.py} makes them. */
  private static List<Raster> images() {
    List<Raster> images = new ArrayList<>();
    for (int n = 0; n < IMAGES; n++) {
      byte[] pixels = new byte[3 * SIDE * SIDE];
      for (int i = 0; i < pixels.length; i++) {
        int c = i / (SIDE * SIDE);
        int y = i / SIDE % SIDE;
        int x = i % SIDE;
        pixels[i] = (byte) (n * 37 + c * 91 + y * 17 + x * x * 7 + n * y * x);
      }
      images.add(new Raster(3, SIDE, SIDE, pixels));
    }
    return images;
  }
}
