package org.gridscape.dataset;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.stream.IntStream;
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
  private static final int CHUNK = 256;
  private static final int DIGEST_BYTES = 32;

  /** Reads the file of one run and surveys it. */
  static ShardSurvey of(String folder, Runs runs, int run) {
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
      return of(ShardFile.read(folder, shard), shard);
    } catch (IOException e) {
      throw new DataException("Cannot survey %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static ShardSurvey of(ImageBlock block, Manifest.Shard shard) {
    int channels = block.shape().channels();
    ShardSurvey survey =
        new ShardSurvey(
            shard,
            new long[channels],
            new long[channels],
            new float[block.count() * channels],
            new byte[block.count() * DIGEST_BYTES]);
    survey.addPixels(block);
    survey.addColours(block);
    survey.addDigests(block);
    return survey;
  }

  private void addPixels(ImageBlock block) {
    ImageShape shape = block.shape();
    int plane = shape.side() * shape.side();
    for (int p = 0; p < block.pixels().length; p++) {
      int channel = p / plane % shape.channels();
      long value = block.pixels()[p] & 0xff;
      sums[channel] += value;
      squares[channel] += value * value;
    }
  }

  private void addColours(ImageBlock block) {
    int channels = block.shape().channels();
    for (int from = 0; from < block.count(); from += CHUNK) {
      int[] chunk = IntStream.range(from, Math.min(block.count(), from + CHUNK)).toArray();
      float[] means = GridLadder.average(block.batch(chunk, PixelRange.BYTES), 1).pixels();
      System.arraycopy(means, 0, colours, from * channels, means.length);
    }
  }

  private void addDigests(ImageBlock block) {
    int size = block.shape().size();
    MessageDigest digest = Digest.sha256();
    for (int i = 0; i < block.count(); i++) {
      digest.update(block.ids().get(i).getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(block.pixels(), i * size, size);
      System.arraycopy(digest.digest(), 0, digests, i * DIGEST_BYTES, DIGEST_BYTES);
    }
  }
}
