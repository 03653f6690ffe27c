package org.gridscape.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, the one digest of data sets. */
final class Digest {

  private Digest() {}

  /** A fresh digest. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot digest: every Java has SHA-256", e);
    }
  }

  /** A digest that has seen these bytes. */
  static MessageDigest updated(byte[] content) {
    MessageDigest digest = sha256();
    digest.update(content);
    return digest;
  }

  /** Lower-case hexadecimal of what the digest has seen. */
  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The digest of all that is left in a stream. */
  static String hexOf(InputStream stream) throws IOException {
    try (DigestInputStream digesting = new DigestInputStream(stream, sha256())) {
      digesting.transferTo(OutputStream.nullOutputStream());
      return hex(digesting.getMessageDigest());
    }
  }
}
