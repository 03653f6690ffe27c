package org.gridscape.distribute;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The parameters of all grids, as they are broadcast.
 *
 * @param grids one flat array a grid, coarse to fine; not modified once here
 */
public record Parameters(List<float[]> grids) implements Serializable {

  /** Copies the list, not the arrays. */
  public Parameters {
    grids = FloatArrays.of(grids);
  }

  /** SHA-256 of all parameters, coarse to fine, flat order, little-endian float32. */
  public String sha256() {
    var digest = DigestUtils.getSha256Digest();
    for (float[] grid : grids) {
      digest.update(littleEndian(grid));
    }
    return org.apache.commons.codec.binary.Hex.encodeHexString(digest.digest());
  }

  static ByteBuffer littleEndian(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }
}
