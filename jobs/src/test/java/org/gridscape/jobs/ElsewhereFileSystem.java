package org.gridscape.jobs;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Stands for a store that is not the local disk: the scheme {@code elsewhere}. It keeps its files
 * in local ones, and like HDFS does not rename over a file.
 */
public final class ElsewhereFileSystem extends RawLocalFileSystem {
  private static final URI NAME = URI.create("elsewhere:///");

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "elsewhere";
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !exists(to) && super.rename(from, to);
  }
}
