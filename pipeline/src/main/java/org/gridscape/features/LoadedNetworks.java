package org.gridscape.features;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.gridscape.storage.HadoopSettings;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreException;
import org.gridscape.storage.StoreFolder;

/**
 * The networks of this process. Each is loaded once and stays: tasks that follow one another would
 * otherwise load it again and again, and tasks that run at the same time hold it several times. A
 * file that changed is another network.
 */
final class LoadedNetworks {
  private static final Patience PATIENCE = new Patience(Duration.ofMinutes(1));
  private static final Map<Key, OnnxNetwork> LOADED = new HashMap<>();

  private LoadedNetworks() {}

  private record Key(Path file, long length, long changed, int threads) {}

  /**
   * The network of a file.
   *
   * @param file any Hadoop path
   * @param threads that compute an operation
   * @param hint what to say of a file that is not there
   * @throws ExtractorException if there is no such file, or it is no network that can be used
   * @throws StoreException if the store does not answer
   */
  static OnnxNetwork of(String file, int threads, String hint) {
    Path path = new Path(file);
    try {
      FileSystem files = path.getFileSystem(HadoopSettings.current());
      FileStatus status = PATIENCE.retry("look for " + file, () -> files.getFileStatus(path));
      if (!status.isFile() || status.getLen() == 0) {
        throw new ExtractorException(
            "Cannot load network %s: it is %s"
                .formatted(file, status.isFile() ? "empty" : "a folder"));
      }
      return loaded(files, file, status, threads);
    } catch (FileNotFoundException e) {
      throw new ExtractorException(
          "Cannot load network %s: no such file%s".formatted(file, hint), e);
    } catch (IOException e) {
      throw new StoreException("Cannot load network %s: %s".formatted(file, Patience.reason(e)), e);
    }
  }

  private static synchronized OnnxNetwork loaded(
      FileSystem files, String file, FileStatus status, int threads) throws IOException {
    Path path = status.getPath();
    Key key = new Key(path, status.getLen(), status.getModificationTime(), threads);
    OnnxNetwork known = LOADED.get(key);
    if (known != null) {
      return known;
    }
    ByteBuffer content = content(files, path);
    OnnxNetwork network = OnnxNetwork.load(file, sha256(content), content, threads);
    LOADED.put(key, network);
    return network;
  }

  /** A local file is mapped, so that a large one does not fill the heap. */
  private static ByteBuffer content(FileSystem files, Path path) throws IOException {
    if (files instanceof LocalFileSystem) {
      try (FileChannel channel = FileChannel.open(java.nio.file.Path.of(path.toUri().getPath()))) {
        return channel.map(MapMode.READ_ONLY, 0, channel.size());
      }
    }
    byte[] read =
        StoreFolder.at(path.getParent().toString(), PATIENCE)
            .read(path.getName())
            .orElseThrow(() -> new FileNotFoundException(path.toString()));
    return ByteBuffer.allocateDirect(read.length).put(read).flip();
  }

  private static String sha256(ByteBuffer content) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    digest.update(content.duplicate());
    return Hex.encodeHexString(digest.digest());
  }
}
