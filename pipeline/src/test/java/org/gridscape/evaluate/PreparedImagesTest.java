package org.gridscape.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.gridscape.dataset.DataException;
import org.gridscape.dataset.Manifest;
import org.gridscape.image.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedImagesTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 40, 500})
  void piecesHoldEveryImageOnce(int pieces) {
    PreparedImages images = images(PreparedImages.ALL);
    assertThat(images.count()).isEqualTo(113);
    int[] numbers =
        images.cut(pieces).stream().flatMapToInt(piece -> Arrays.stream(piece.numbers())).toArray();
    assertThat(numbers).isEqualTo(IntStream.range(0, 113).toArray());
    assertThat(images.cut(pieces)).allSatisfy(piece -> assertThat(piece.numbers()).isNotEmpty());
  }

  @Test
  void splitsAreSetsOfTheirOwn() {
    assertThat(images(Manifest.TRAIN).count()).isEqualTo(101);
    assertThat(images(Manifest.HELD_OUT).count()).isEqualTo(12);
    assertThat(images(Manifest.TRAIN).fingerprint())
        .isNotEqualTo(images(Manifest.HELD_OUT).fingerprint());
    assertThat(images(Manifest.TRAIN).name()).isEqualTo("data (train)");
  }

  @Test
  void rejectsSplitsThatThereAreNot() {
    assertThatThrownBy(() -> images("test"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid split: test (must be train, heldout or all)");
    assertThatThrownBy(
            () ->
                new PreparedImages(
                    "data", manifest(List.of()), Manifest.HELD_OUT, SmallImages.ONCE))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot evaluate data: no images in split heldout");
  }

  private static PreparedImages images(String split) {
    return new PreparedImages(
        "data",
        manifest(
            List.of(
                shard("a", Manifest.TRAIN, 51),
                shard("b", Manifest.TRAIN, 50),
                shard("c", Manifest.HELD_OUT, 12))),
        split,
        SmallImages.ONCE);
  }

  private static Manifest.Shard shard(String file, String split, int rows) {
    return new Manifest.Shard(file, split, rows, 1, "0");
  }

  private static Manifest manifest(List<Manifest.Shard> shards) {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        new TreeMap<>(),
        new ImageShape(1, 8),
        List.of(),
        shards,
        List.of(),
        List.of(),
        new Manifest.ColourTable("colours", 0, 0, "0"),
        113,
        List.of(),
        "fingerprint");
  }
}
