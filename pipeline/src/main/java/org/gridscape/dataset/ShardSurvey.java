package org.gridscape.dataset;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.gridscape.image.ImageBlock;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.pyramid.GridLadder;

/**
 * What the manifest says about one file, read back from it. Computed on executors.
 *
 * @param shard the file, with its length and digest
 * @param sums for each channel, the sum of its bytes
 * @param squares for each channel, the sum of their squares
 * @param colours the images at 1x1, rows x channels, in [0, 255]
 * @param digests the SHA-256 of each image, 32 bytes each
 */
record ShardSurvey(
    Manifest.Shard shard, long[] sums, long[] squares, float[] colours, byte[] digests)
    implements Serializable {
  private static final int DIGEST_BYTES = 32;
  private static final int[] FIRST = {0};

  /** Reads the file of one run and surveys it, an image at a time. */
  static ShardSurvey of(String folder, Runs runs, int run, int channels) {
    String file = runs.files().get(run);
    try {
      DataFolder data = DataFolder.at(folder);
      Manifest.Shard shard =
          new Manifest.Shard(
              file,
              runs.split(run),
              runs.rows(run),
              data.length(file),
              ShardFile.sha256(data, file));
      ShardSurvey survey = empty(shard, channels);
      ShardFile.read(folder, shard, survey.new Sink());
      return survey;
    } catch (IOException e) {
      throw new DataException("Cannot survey %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static ShardSurvey empty(Manifest.Shard shard, int channels) {
    return new ShardSurvey(
        shard,
        new long[channels],
        new long[channels],
        new float[Math.multiplyExact(shard.rows(), channels)],
        new byte[Math.multiplyExact(shard.rows(), DIGEST_BYTES)]);
  }

  /** Adds images to the survey. */
  private final class Sink implements RowSink {
    private final MessageDigest digest = Digest.sha256();
    private ImageShape shape = new ImageShape(1, 1);
    private int row;

    @Override
    public void start(ImageShape shapeOfAll) {
      shape = shapeOfAll;
    }

    @Override
    public void add(String id, int label, byte[] pixels) {
      addPixels(pixels);
      ImageBlock image = new ImageBlock(shape, List.of(id), new int[] {label}, pixels);
      float[] means = GridLadder.average(image.batch(FIRST, PixelRange.BYTES), 1).pixels();
      System.arraycopy(means, 0, colours, row * means.length, means.length);
      digest.update(id.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(pixels);
      System.arraycopy(digest.digest(), 0, digests, row * DIGEST_BYTES, DIGEST_BYTES);
      row++;
    }

    private void addPixels(byte[] pixels) {
      int plane = shape.side() * shape.side();
      for (int p = 0; p < pixels.length; p++) {
        long value = pixels[p] & 0xff;
        sums[p / plane] += value;
        squares[p / plane] += value * value;
      }
    }
  }
}
