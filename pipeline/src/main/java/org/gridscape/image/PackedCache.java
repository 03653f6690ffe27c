package org.gridscape.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packed images that this process has open, indexed and unpacked once, however many tasks read
 * them. Those that nobody reads are kept until they are more than {@value #IDLE}.
 */
final class PackedCache {
  private static final Logger LOG = LoggerFactory.getLogger(PackedCache.class);
  private static final int IDLE = 2;

  /** Least recently used first. */
  private static final Map<Object, Entry> ENTRIES = new LinkedHashMap<>(16, 0.75f, true);

  private PackedCache() {}

  /** Indexes a source, and unpacks it if it must be. */
  interface Loader {
    PackedImages load() throws IOException;
  }

  /** A file as it is now: the same file, changed, is another. */
  record FileState(String path, long length, long modified) {
    static FileState of(Path file) throws IOException {
      return new FileState(
          file.toString(), Files.size(file), Files.getLastModifiedTime(file).toMillis());
    }
  }

  private static final class Entry {
    private Optional<PackedImages> images = Optional.empty();
    private int users;
  }

  /**
   * The names of the images of a source.
   *
   * @param source and the state of its files
   */
  static List<String> names(Object source, Loader loader) throws IOException {
    PackedImages images = enter(source, loader);
    try {
      return List.copyOf(images.index().names());
    } finally {
      leave(source);
    }
  }

  /**
   * A reader of the images of a source.
   *
   * @param source and the state of its files
   */
  static ImageSource.Reader open(Object source, Loader loader) throws IOException {
    PackedImages images = enter(source, loader);
    return new ImageSource.Reader() {
      private boolean closed;

      @Override
      public SourceImage read(String name) throws IOException {
        return images.read(name);
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          leave(source);
        }
      }
    };
  }

  /** Threads wait for the one that loads. */
  private static PackedImages enter(Object source, Loader loader) throws IOException {
    Entry entry;
    synchronized (ENTRIES) {
      entry = ENTRIES.computeIfAbsent(source, absent -> new Entry());
      entry.users++;
    }
    boolean entered = false;
    try {
      synchronized (entry) {
        if (entry.images.isEmpty()) {
          PackedImages loaded = loader.load();
          entry.images = Optional.of(loaded);
          LOG.debug("images indexed source={} count={}", source, loaded.index().names().size());
        }
        entered = true;
        return entry.images.get();
      }
    } finally {
      if (!entered) {
        leave(source);
      }
    }
  }

  private static void leave(Object source) {
    synchronized (ENTRIES) {
      Optional.ofNullable(ENTRIES.get(source)).ifPresent(entry -> entry.users--);
      ENTRIES.values().removeIf(entry -> entry.users == 0 && entry.images.isEmpty());
      long idle = ENTRIES.values().stream().filter(entry -> entry.users == 0).count();
      Iterator<Entry> eldestFirst = ENTRIES.values().iterator();
      while (idle > IDLE && eldestFirst.hasNext()) {
        Entry entry = eldestFirst.next();
        if (entry.users == 0) {
          entry.images.ifPresent(PackedImages::close);
          eldestFirst.remove();
          idle--;
        }
      }
    }
  }
}
