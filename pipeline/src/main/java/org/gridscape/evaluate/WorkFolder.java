package org.gridscape.evaluate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;
import org.gridscape.storage.Patience;
import org.gridscape.storage.StoreException;
import org.gridscape.storage.StoreFolder;

/**
 * The folder of one extraction: what its tasks have finished, on any Hadoop path that driver and
 * executors see. Travels.
 *
 * @param path of the folder
 * @param patience with its store
 */
record WorkFolder(String path, Patience patience) implements Serializable {

  /** Names of the finished parts. */
  Set<String> names() {
    return new HashSet<>(folder().names());
  }

  /** Writes a part: it is whole or not there. */
  void write(String name, Serializable part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(part);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot serialise " + name, e);
    }
    folder().commit(name, bytes.toByteArray());
  }

  /**
   * Reads a part.
   *
   * @throws StoreException if it is missing or of another version of this program
   */
  <T> T read(String name, Class<T> type) {
    StoreFolder folder = folder();
    byte[] bytes =
        folder
            .read(name)
            .orElseThrow(
                () ->
                    new StoreException(
                        "Cannot read %s: it is gone".formatted(folder.file(name)),
                        new FileNotFoundException(name)));
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return type.cast(in.readObject());
    } catch (IOException | ClassNotFoundException | ClassCastException e) {
      throw new StoreException(
          "Cannot read %s: %s (delete the folder to start anew)"
              .formatted(folder.file(name), e.getMessage()),
          e);
    }
  }

  /** Deletes a part, if it is there. */
  void delete(String name) {
    folder().delete(name);
  }

  /** Deletes the folder. */
  void deleteAll() {
    int name = path.lastIndexOf('/');
    StoreFolder.at(path.substring(0, name), patience).delete(path.substring(name + 1));
  }

  private StoreFolder folder() {
    return StoreFolder.at(path, patience);
  }
}
