package org.gridscape.distribute;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The parameters of all networks of a model, as they are broadcast.
 *
 * @param arrays one flat array a network: the grids coarse to fine, then the generator's; not
 *     modified once here
 */
public record Parameters(List<float[]> arrays) implements Serializable {

  /** No parameters. */
  static final Parameters NONE = new Parameters(List.of());

  /** Copies the list, not the arrays. */
  public Parameters {
    arrays = FloatArrays.of(arrays);
  }

  /** SHA-256 of all parameters, network by network, flat order, little-endian float32. */
  public String sha256() {
    var digest = DigestUtils.getSha256Digest();
    for (float[] array : arrays) {
      digest.update(littleEndian(array));
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
