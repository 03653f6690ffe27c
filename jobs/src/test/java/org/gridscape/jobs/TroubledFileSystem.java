package org.gridscape.jobs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Stands for a store that fails: the scheme {@code troubled}. It keeps its files in local ones and
 * does what the file {@value #RULE} of its control folder says, in every process that uses it. Like
 * HDFS it does not rename over a file.
 */
public final class TroubledFileSystem extends RawLocalFileSystem {
  static final String CONTROL = "fs.troubled.control";

  /** Holds three lines: an operation, a regular expression for paths, and the reason. */
  static final String RULE = "rule";

  /** Start of the names of files, one left at each operation that was refused. */
  static final String REFUSED = "refused-";

  private static final URI NAME = URI.create("troubled:///");

  /** What fails. */
  enum Operation {
    /** Everything. */
    ALL,
    /** Writing the second half of a file's content. */
    WRITE,
    /** The same does not end. */
    WRITE_FOR_EVER
  }

  private record Rule(Operation operation, String paths, String reason) {}

  private Optional<Rule> rule(Path path) throws IOException {
    java.nio.file.Path file = control().resolve(RULE);
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    return Optional.of(new Rule(Operation.valueOf(lines.get(0)), lines.get(1), lines.get(2)))
        .filter(rule -> path.toUri().getPath().matches(rule.paths()));
  }

  private java.nio.file.Path control() {
    return java.nio.file.Path.of(getConf().get(CONTROL));
  }

  private void refuse(Rule rule) throws IOException {
    Files.createTempFile(control(), REFUSED, "");
    throw new IOException(rule.reason());
  }

  private void attempt(Path path) throws IOException {
    Optional<Rule> rule = rule(path).filter(found -> found.operation() == Operation.ALL);
    if (rule.isPresent()) {
      refuse(rule.get());
    }
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "troubled";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    attempt(path);
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
    attempt(path);
    return troubled(
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
    attempt(path);
    return troubled(
        path, super.create(path, overwrite, bufferSize, replication, blockSize, progress));
  }

  private FSDataOutputStream troubled(Path path, FSDataOutputStream whole) throws IOException {
    return new FSDataOutputStream(whole, statistics) {
      @Override
      public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        Optional<Rule> rule = rule(path);
        int half = rule.isPresent() ? length / 2 : length;
        super.write(bytes, offset, half);
        if (rule.isPresent()) {
          flush();
          halfWay(rule.get());
          super.write(bytes, offset + half, length - half);
        }
      }
    };
  }

  private void halfWay(Rule rule) throws IOException {
    if (rule.operation() == Operation.WRITE_FOR_EVER) {
      Files.createTempFile(control(), REFUSED, "");
      try {
        TimeUnit.HOURS.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    } else {
      refuse(rule);
    }
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    attempt(to);
    return !exists(to) && super.rename(from, to);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    attempt(path);
    return super.listStatus(path);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    attempt(path);
    return super.getFileStatus(path);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    attempt(path);
    return super.delete(path, recursive);
  }
}
