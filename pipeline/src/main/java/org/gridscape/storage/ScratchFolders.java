package org.gridscape.storage;

import java.io.File;
import java.nio.file.Path;
import org.apache.spark.SparkEnv;

/** Local folders for what a process keeps while it lasts. */
public final class ScratchFolders {
  private ScratchFolders() {}

  /**
   * One of Spark's local folders, which lie on different disks, or the folder for temporary files
   * where Spark does not run.
   *
   * @param content what is to be kept; the same goes to the same folder
   */
  public static Path of(Object content) {
    SparkEnv spark = SparkEnv.get();
    if (spark == null) {
      return Path.of(System.getProperty("java.io.tmpdir"));
    }
    File[] folders = spark.blockManager().diskBlockManager().localDirs();
    return folders[Math.floorMod(content.hashCode(), folders.length)].toPath();
  }
}
