package org.gridscape.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.gridscape.image.BytePixels.Layout;
import org.gridscape.numpy.NpyHeader;
import org.gridscape.numpy.NpyRows;
import org.gridscape.numpy.NpyType;
import org.gridscape.numpy.NpzFile;
import org.gridscape.storage.LocalBytes;

/**
 * The images of a {@code .npz} file of numpy's, as batches of samples are exchanged: the array
 * {@value #KEY}, unsigned bytes, N x H x W or N x H x W x C with C 1 or 3.
 *
 * <p>They are named by their numbers, zero-padded. An array that is stored as it is is read where
 * it is; a deflated one is unpacked once a process.
 *
 * @param path the file
 */
public record NpzSource(String path) implements ImageSource {
  private static final String KEY = "arr_0";

  @Override
  public List<String> names() throws IOException {
    return PackedCache.names(state(), this::load);
  }

  @Override
  public Reader open() throws IOException {
    return PackedCache.open(state(), this::load);
  }

  private PackedCache.FileState state() throws IOException {
    return PackedCache.FileState.of(Path.of(path));
  }

  private PackedImages load() throws IOException {
    try (NpzFile npz = NpzFile.open(Path.of(path))) {
      NpyHeader header = npz.header(KEY);
      Batch batch = Batch.of(header, path);
      OptionalLong position = npz.position(KEY);
      if (header.fortranOrder()) {
        return batch.images(0, batch.unpackWhole(npz, path));
      }
      return position.isPresent()
          ? batch.images(position.getAsLong(), LocalBytes.of(Path.of(path)))
          : batch.images(0, batch.unpackRows(npz, path));
    }
  }

  /** The sizes of the array. */
  private record Batch(int count, int height, int width, int channels) {

    static Batch of(NpyHeader header, String path) throws IOException {
      List<Long> shape = header.shape();
      long channels = shape.size() == 4 ? shape.get(3) : 1;
      boolean known =
          header.description().equals(NpyType.UNSIGNED_BYTE.toString())
              && (shape.size() == 3 || shape.size() == 4)
              && (channels == 1 || channels == 3)
              && shape.get(0) <= Integer.MAX_VALUE - 8
              && shape.get(1) >= 1
              && shape.get(2) >= 1
              && shape.get(1) <= ImageDecoder.MOST_PIXELS / shape.get(2);
      if (!known) {
        throw new IOException(
            "Cannot read images: %s: %s is %s of %s (must be [N, H, W] or [N, H, W, C] of |u1, C 1 or 3)"
                .formatted(path, KEY, shape, header.description()));
      }
      return new Batch(
          Math.toIntExact(shape.get(0)),
          Math.toIntExact(shape.get(1)),
          Math.toIntExact(shape.get(2)),
          Math.toIntExact(channels));
    }

    private int size() {
      return channels * height * width;
    }

    LocalBytes unpackRows(NpzFile npz, String path) throws IOException {
      try (NpyRows rows = npz.rows(KEY);
          Unpacking unpacking = new Unpacking(path)) {
        for (int i = 0; i < count; i++) {
          unpacking.add(rows.next(), -1);
        }
        return unpacking.finish();
      }
    }

    LocalBytes unpackWhole(NpzFile npz, String path) throws IOException {
      try (Unpacking unpacking = new Unpacking(path)) {
        unpacking.add(npz.read(KEY).data(), -1);
        return unpacking.finish();
      }
    }

    PackedImages images(long first, LocalBytes bytes) {
      return new PackedImages(
          ImageIndex.of(count, first, size()),
          bytes,
          image -> new BytePixels(channels, height, width, Layout.INTERLEAVED, image),
          "no such row");
    }
  }
}
