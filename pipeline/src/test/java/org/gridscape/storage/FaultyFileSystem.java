package org.gridscape.storage;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under the scheme {@code faulty}, with faults on demand. Like HDFS and unlike the
 * local file system, it does not rename over a file.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private static final URI NAME = URI.create("faulty:///");
  private static final List<Fault> FAULTS = new ArrayList<>();
  private static final List<String> CALLS = new ArrayList<>();

  private static int changesLeft = Integer.MAX_VALUE;

  /** What can go wrong. */
  public enum Operation {
    /** Opening to read. */
    OPEN,
    /** Creating a file. */
    CREATE,
    /** Writing the second half of a file's content. */
    WRITE,
    /** Renaming; fails by returning false. */
    RENAME,
    /** Listing a folder. */
    LIST,
    /** Deleting. */
    DELETE
  }

  private static final class Fault {
    private final Operation operation;
    private final String path;
    private final String reason;
    private int left;

    Fault(Operation operation, String path, String reason, int times) {
      this.operation = operation;
      this.path = path;
      this.reason = reason;
      this.left = times;
    }
  }

  /** The next {@code times} operations of a kind on paths that end so fail for that reason. */
  public static synchronized void fail(Operation operation, String path, String reason, int times) {
    FAULTS.add(new Fault(operation, path, reason, times));
  }

  /** Only so many changes work from now on: what a process that dies leaves behind. */
  public static synchronized void dieAfter(int changes) {
    changesLeft = changes;
  }

  /** Whether a change failed since {@link #dieAfter}. */
  public static synchronized boolean died() {
    return changesLeft < 0;
  }

  /** Nothing fails any more. */
  public static synchronized void heal() {
    changesLeft = Integer.MAX_VALUE;
    FAULTS.clear();
    CALLS.clear();
  }

  /** The operations since {@link #heal}: the kind and the last name of the path. */
  public static synchronized List<String> calls() {
    return List.copyOf(CALLS);
  }

  private static synchronized boolean fails(Operation operation, Path path) throws IOException {
    if (operation != Operation.WRITE) {
      CALLS.add(operation + " " + path.getName());
    }
    if (operation != Operation.OPEN && operation != Operation.LIST && --changesLeft < 0) {
      throw new IOException("Killed");
    }
    for (Fault fault : FAULTS) {
      if (fault.left > 0 && fault.operation == operation && path.toString().endsWith(fault.path)) {
        fault.left--;
        if (operation == Operation.RENAME) {
          return true;
        }
        throw new IOException(fault.reason);
      }
    }
    return false;
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "faulty";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    fails(Operation.OPEN, path);
    return super.open(path, bufferSize);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    fails(Operation.CREATE, path);
    return torn(
        path,
        super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    fails(Operation.CREATE, path);
    return torn(path, super.create(path, overwrite, bufferSize, replication, blockSize, progress));
  }

  /** A stream that writes half of what it is given before it may fail. */
  private FSDataOutputStream torn(Path path, FSDataOutputStream whole) throws IOException {
    return new FSDataOutputStream(whole, statistics) {
      @Override
      public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        whole.write(bytes, offset, length / 2);
        fails(Operation.WRITE, path);
        whole.write(bytes, offset + length / 2, length - length / 2);
      }
    };
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !fails(Operation.RENAME, to) && !exists(to) && super.rename(from, to);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    fails(Operation.LIST, path);
    return super.listStatus(path);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    fails(Operation.DELETE, path);
    return super.delete(path, recursive);
  }
}
