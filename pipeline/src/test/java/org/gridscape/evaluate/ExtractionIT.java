package org.gridscape.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gridscape.dataset.DataException;
import org.gridscape.metrics.FeatureMoments;
import org.gridscape.numpy.RandomState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractionIT {
  private static SparkSession session;
  private static JavaSparkContext spark;

  @TempDir private Path folder = Path.of("unset");

  @BeforeAll
  static void startSpark() {
    session = SmallImages.session("local[2]");
    spark = SmallImages.context(session);
  }

  @AfterAll
  static void stopSpark() {
    session.stop();
  }

  /** Fewer than the pieces wanted, an odd number, and so many that pieces keep moments. */
  @ParameterizedTest
  @ValueSource(ints = {2, 41, 1009})
  void usesEveryImageOnce(int count) throws IOException {
    byte[] pixels = SmallImages.pixels(count, 1);
    FeatureSet features = extract(pixels, 5000);
    FeatureMoments all = FeatureMoments.of(SmallImages.rows(pixels));
    FeatureMoments found = features.moments();
    assertThat(features.count()).isEqualTo(count);
    assertThat(found.n()).isEqualTo(count);
    assertThat(found.mean()).containsExactly(all.mean(), within(1e-11));
    assertThat(found.m2()).containsExactly(all.m2(), within(1e-8));
    assertThat(features.rows()).isEqualTo(SmallImages.rows(pixels));
    assertThat(features.imagesOf(SmallImages.range(features.groups()))).isEqualTo(count);
  }

  @Test
  void keepsTheRowsThatNumpyChooses() throws IOException {
    byte[] pixels = SmallImages.pixels(300, 2);
    int[] chosen = new RandomState(ExtractionSettings.SEED).choice(300, 50);
    Arrays.sort(chosen);
    assertThat(extract(pixels, 50).rows()).isEqualTo(SmallImages.rows(pixels).select(chosen));
  }

  @Test
  void hasTheSameBitsOnOneCore() throws IOException {
    byte[] pixels = SmallImages.pixels(1009, 3);
    FeatureSet onTwo = extract(pixels, 5000);
    FeatureMoments moments = onTwo.moments();
    session.stop();
    try (SparkSession one = SmallImages.session("local[1]")) {
      FeatureSet onOne =
          SmallImages.extraction(SmallImages.context(one), folder.resolve("one"), 5000)
              .extract(SourceImages.of(folder.resolve("images.npz").toString()));
      assertThat(onOne.moments()).isEqualTo(moments);
      assertThat(onOne.rows()).isEqualTo(onTwo.rows());
    } finally {
      startSpark();
    }
  }

  /** What was finished is seen by changing its images before going on. */
  @Test
  void goesOnFromItsFinishedPieces() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    for (int i = 0; i < 120; i++) {
      draw(images, i, i);
    }
    Path damaged = images.resolve("117.png");
    byte[] whole = Files.readAllBytes(damaged);
    Files.write(damaged, Arrays.copyOf(whole, 40));
    Extraction extraction = SmallImages.extraction(spark, folder.resolve("work"), 5000);
    assertThatThrownBy(() -> extraction.extract(SourceImages.of(images.toString())))
        .hasStackTraceContaining(
            DataException.class.getName()
                + ": Cannot evaluate "
                + images
                + ": image 117.png: Cannot decode image");
    List<String> finished = parts();
    assertThat(finished).isNotEmpty().hasSizeLessThan(40);
    Files.write(damaged, whole);
    for (String part : finished) {
      int piece = Integer.parseInt(part.substring("piece-".length()));
      for (int i = piece; i < 120; i += 40) {
        draw(images, i, 255);
      }
    }
    FeatureSet features = extraction.extract(SourceImages.of(images.toString()));
    for (int i = 0; i < 120; i++) {
      assertThat(features.rows().values()[i * SmallImages.DIMENSION]).isEqualTo(i);
    }
    assertThat(parts()).allMatch(name -> name.startsWith("group-"));
  }

  @Test
  void findsAgainWhatIsThere() throws IOException {
    byte[] pixels = SmallImages.pixels(100, 4);
    FeatureSet first = extract(pixels, 5000);
    SourceImages images = SourceImages.of(folder.resolve("images.npz").toString());
    Files.delete(folder.resolve("images.npz"));
    FeatureSet again = SmallImages.extraction(spark, folder.resolve("work"), 5000).extract(images);
    assertThat(again.moments()).isEqualTo(first.moments());
    again.delete();
    assertThat(folder.resolve("work")).isEmptyDirectory();
    assertThatThrownBy(
            () -> SmallImages.extraction(spark, folder.resolve("work"), 5000).extract(images))
        .hasStackTraceContaining("Cannot evaluate " + images.name());
  }

  @Test
  void takesNothingFromOtherSettings() throws IOException {
    byte[] pixels = SmallImages.pixels(300, 5);
    extract(pixels, 5000);
    assertThat(extract(pixels, 20).rows().rows()).isEqualTo(20);
  }

  @Test
  void namesASourceThatIsMissingOrEmpty() throws IOException {
    assertThatThrownBy(() -> SourceImages.of("no-such-thing"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot evaluate no-such-thing: Invalid image source: no-such-thing (must be ");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> SourceImages.of(empty.toString()))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot evaluate %s: no images", empty);
  }

  private FeatureSet extract(byte[] pixels, int subsample) throws IOException {
    String images = SmallImages.write(folder.resolve("images.npz"), pixels);
    return SmallImages.extraction(spark, folder.resolve("work"), subsample)
        .extract(SourceImages.of(images));
  }

  private List<String> parts() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("work"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".tmp"))
          .sorted()
          .toList();
    }
  }

  private static void draw(Path images, int number, int grey) throws IOException {
    BufferedImage image = new BufferedImage(3, 3, BufferedImage.TYPE_BYTE_GRAY);
    for (int p = 0; p < 9; p++) {
      image.getRaster().setSample(p % 3, p / 3, 0, grey);
    }
    ImageIO.write(image, "png", images.resolve("%03d.png".formatted(number)).toFile());
  }
}
