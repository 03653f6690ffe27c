package org.gridscape.distribute;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.List;
import org.gridscape.learning.Recovery;

/**
 * The record that makes a checkpoint whole; written last.
 *
 * @param formatVersion of the files
 * @param iteration iterations done
 * @param identity what the checkpoint belongs to
 * @param parametersSha256 of the raw parameters
 * @param optimizerUpdates per grid, updates made
 * @param moments arrays that the optimiser keeps of each grid
 * @param chainCells cells with persistent chains, 0 if there are none
 * @param chainsPerCell images of each
 * @param recovery what the sentinel has changed
 * @param files all other files of the checkpoint
 */
record CheckpointCommit(
    int formatVersion,
    int iteration,
    RunIdentity identity,
    String parametersSha256,
    List<Integer> optimizerUpdates,
    int moments,
    int chainCells,
    int chainsPerCell,
    Recovery recovery,
    List<Content> files) {
  static final int FORMAT_VERSION = 1;
  static final String FILE = "commit.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * A file of the checkpoint.
   *
   * @param name in the checkpoint's folder
   * @param bytes length
   * @param sha256 of the content
   */
  record Content(String name, long bytes, String sha256) {}

  byte[] toJson() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  static CheckpointCommit fromJson(byte[] json) throws IOException {
    CheckpointCommit commit = JSON.readValue(json, CheckpointCommit.class);
    if (commit.formatVersion() != FORMAT_VERSION) {
      throw new IOException(
          "format version %d (must be %d)".formatted(commit.formatVersion(), FORMAT_VERSION));
    }
    return commit;
  }
}
