package org.gridscape.distribute;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.gridscape.learning.Recovery;

/**
 * The record that makes a checkpoint whole; written last. Beside the components its JSON has the
 * field {@code sha256}, the checksum of all others.
 *
 * @param formatVersion of the files
 * @param iteration iterations done
 * @param measure how good the model is, the smaller the better; NaN if it is not known
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
    double measure,
    RunIdentity identity,
    String parametersSha256,
    List<Integer> optimizerUpdates,
    int moments,
    int chainCells,
    int chainsPerCell,
    Recovery recovery,
    List<Content> files) {
  static final int FORMAT_VERSION = 2;
  static final String FILE = "commit.json";
  private static final String CHECKSUM = "sha256";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * A file of the checkpoint.
   *
   * @param name in the checkpoint's folder
   * @param bytes length
   * @param sha256 of the content
   */
  record Content(String name, long bytes, String sha256) {}

  byte[] toJson() {
    ObjectNode json = JSON.valueToTree(this);
    return bytes(json.put(CHECKSUM, checksum(json)));
  }

  /**
   * Reads a record.
   *
   * @throws IOException if it is torn, was edited, or has another format version
   */
  static CheckpointCommit fromJson(byte[] text) throws IOException {
    if (!(tree(text) instanceof ObjectNode json)) {
      throw new IOException(FILE + " is no JSON object");
    }
    int version = json.path("formatVersion").asInt();
    if (version != FORMAT_VERSION) {
      throw new IOException(
          "format version %d (must be %d: go on with the Gridscape that wrote it, or start the run anew)"
              .formatted(version, FORMAT_VERSION));
    }
    JsonNode committed = json.remove(CHECKSUM);
    if (committed == null || !committed.asText().equals(checksum(json))) {
      throw new IOException(FILE + " does not have the checksum that it names");
    }
    return JSON.treeToValue(json, CheckpointCommit.class);
  }

  private static JsonNode tree(byte[] text) throws IOException {
    try {
      return JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      throw new IOException(FILE + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String checksum(ObjectNode json) {
    return DigestUtils.sha256Hex(bytes(json));
  }

  private static byte[] bytes(ObjectNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + FILE + ": a tree has a text", e);
    }
  }
}
