package org.gridscape.energy;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/** Floats of oneDNN in some layout; owned by the {@link OneDnn} that made them. */
final class OneDnnTensor {
  private final memory.desc layout;
  private final memory floats;
  private final dnnl_memory handle;
  private final FloatBuffer values;

  OneDnnTensor(memory.desc layout, memory floats) {
    if (layout.get_size() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Invalid batch: a tensor of %,d bytes (must be below 2 GiB: fewer images a cell)"
              .formatted(layout.get_size()));
    }
    this.layout = layout;
    this.floats = floats;
    handle = floats.get();
    FloatPointer data = new FloatPointer(floats.get_data_handle());
    values = data.capacity(layout.get_size() / Float.BYTES).asBuffer();
  }

  memory.desc layout() {
    return layout;
  }

  memory floats() {
    return floats;
  }

  dnnl_memory handle() {
    return handle;
  }

  boolean isLaidOutAs(memory.desc other) {
    return dnnl.dnnl_memory_desc_equal(layout.data(), other.data()) != 0;
  }

  /** Number of floats, padding of the layout included. */
  int length() {
    return values.capacity();
  }

  /** Copies {@code count} values in, to {@code to} in the tensor's layout. */
  void write(float[] source, int from, int to, int count) {
    values.put(to, source, from, count);
  }

  /** Copies {@code count} values from {@code from} in the tensor's layout. */
  void read(int from, float[] target, int to, int count) {
    values.get(from, target, to, count);
  }

  /** Copies {@code source[from, from + length)} in, in the tensor's layout. */
  void write(float[] source, int from) {
    values.put(0, source, from, length());
  }

  /** Copies all values to {@code target[from, from + length)}, in the tensor's layout. */
  void read(float[] target, int from) {
    values.get(0, target, from, length());
  }
}
