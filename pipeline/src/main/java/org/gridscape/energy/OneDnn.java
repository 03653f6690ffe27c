package org.gridscape.energy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * The objects of oneDNN that live and are freed together.
 *
 * <p>Primitives leave their layouts to oneDNN ({@link #any}): with a layout forced on them, many
 * fall back to a kernel a thousand times as slow. Scratchpads are ours, so a primitive may run in
 * any thread.
 */
final class OneDnn implements AutoCloseable {
  private final List<Pointer> owned = new ArrayList<>();
  private final engine cpu = own(new engine(dnnl.dnnl_cpu, 0));
  private final stream inOrder = own(new stream(cpu));
  private final dnnl_stream streamHandle = inOrder.get();

  /**
   * Loads the native library.
   *
   * @throws IllegalStateException if this platform has none
   */
  static void requireLoaded() {
    try {
      Loader.load(dnnl.class);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "Cannot load oneDNN for the fused engine: " + e.getMessage(), e);
    }
  }

  /** What is made of objects of oneDNN that it then owns; they are freed if making it fails. */
  static <T> T owning(Function<OneDnn, T> maker) {
    OneDnn owner = new OneDnn();
    try {
      return maker.apply(owner);
    } catch (RuntimeException | Error e) {
      owner.close();
      throw e;
    }
  }

  engine engine() {
    return cpu;
  }

  dnnl_stream stream() {
    return streamHandle;
  }

  /** Keeps an object until this is closed. */
  <P extends Pointer> P own(P pointer) {
    pointer.retainReference();
    owned.add(pointer);
    return pointer;
  }

  /** A tensor's shape with the layout left to the primitive. */
  static memory.desc any(long... shape) {
    return new memory.desc(shape, memory.data_type.f32, memory.format_tag.any);
  }

  /** A tensor of at most four dimensions, row-major as in our float arrays. */
  static memory.desc rowMajor(long... shape) {
    int[] tags = {dnnl.dnnl_a, dnnl.dnnl_ab, dnnl.dnnl_abc, dnnl.dnnl_abcd};
    dnnl_memory_desc_t layout = new dnnl_memory_desc_t();
    check(
        dnnl.dnnl_memory_desc_init_by_tag(
            layout, shape.length, shape, dnnl.dnnl_f32, tags[shape.length - 1]),
        "describe a tensor");
    return new memory.desc(layout);
  }

  /** A tensor of three dimensions, row-major with rows further apart than they are long. */
  static memory.desc rowMajor(long[] shape, long distance) {
    return new memory.desc(
        shape, memory.data_type.f32, new long[] {shape[1] * distance, distance, 1});
  }

  /** A tensor [images, channels, height, width] with the channels of a pixel side by side. */
  static memory.desc channelsLast(long... shape) {
    return new memory.desc(shape, memory.data_type.f32, memory.format_tag.nhwc);
  }

  /** A new tensor; its values are undefined. */
  OneDnnTensor tensor(memory.desc layout) {
    return new OneDnnTensor(own(new memory.desc(layout.data())), own(new memory(layout, cpu)));
  }

  /** Attributes of a primitive with its scratchpad handed in. */
  static primitive_attr attributes() {
    primitive_attr attributes = new primitive_attr();
    attributes.set_scratchpad_mode(dnnl.dnnl_scratchpad_mode_user);
    return attributes;
  }

  /**
   * As {@link #attributes()}, with an activation on the primitive's result.
   *
   * @param leak slope of LeakyReLU left of 0, 0 for ReLU; none for no activation
   */
  static primitive_attr attributes(OptionalDouble leak) {
    primitive_attr attributes = attributes();
    if (leak.isPresent()) {
      post_ops activation = new post_ops();
      activation.append_eltwise(1f, dnnl.dnnl_eltwise_relu, (float) leak.getAsDouble(), 0f);
      attributes.set_post_ops(activation);
    }
    return attributes;
  }

  static void check(int status, String verb) {
    if (status != dnnl.dnnl_success) {
      throw new IllegalStateException("Cannot " + verb + ": oneDNN status " + status);
    }
  }

  @Override
  public void close() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      owned.get(i).releaseReference();
    }
    owned.clear();
  }
}
