package org.gridscape.energy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;

/** Primitives with their arguments and work of our own, in the order they run. */
final class OneDnnSteps {
  private final OneDnn owner;
  private final List<Runnable> steps = new ArrayList<>();

  OneDnnSteps(OneDnn owner) {
    this.owner = owner;
  }

  /**
   * Appends a primitive.
   *
   * @param tensors by oneDNN's argument number, the scratchpad left out
   */
  void add(
      primitive operation, primitive_desc_base description, Map<Integer, OneDnnTensor> tensors) {
    memory.desc scratchpad = description.scratchpad_desc();
    int count = tensors.size() + (scratchpad.get_size() > 0 ? 1 : 0);
    dnnl_exec_arg_t arguments = owner.own(new dnnl_exec_arg_t(count));
    int at = 0;
    for (Map.Entry<Integer, OneDnnTensor> tensor : tensors.entrySet()) {
      arguments.position(at++).arg(tensor.getKey()).memory(tensor.getValue().handle());
    }
    if (at < count) {
      OneDnnTensor own = owner.tensor(scratchpad);
      arguments.position(at).arg(dnnl.DNNL_ARG_SCRATCHPAD).memory(own.handle());
    }
    arguments.position(0);
    dnnl_primitive handle = owner.own(operation).get();
    steps.add(
        () ->
            OneDnn.check(
                dnnl.dnnl_primitive_execute(handle, owner.stream(), count, arguments),
                "run a primitive"));
  }

  /** Appends work of our own. */
  void add(Runnable work) {
    steps.add(work);
  }

  /** Appends a copy between tensors of one shape in two layouts. */
  void reorder(OneDnnTensor from, OneDnnTensor to) {
    reorder.primitive_desc description =
        owner.own(
            new reorder.primitive_desc(from.floats(), to.floats(), OneDnn.attributes(), false));
    add(
        new reorder(description),
        description,
        Map.of(dnnl.DNNL_ARG_FROM, from, dnnl.DNNL_ARG_TO, to));
  }

  /** The tensor itself if it has that layout, else a new one that these steps copy it to. */
  OneDnnTensor converted(OneDnnTensor tensor, memory.desc layout) {
    if (tensor.isLaidOutAs(layout)) {
      return tensor;
    }
    OneDnnTensor converted = owner.tensor(layout);
    reorder(tensor, converted);
    return converted;
  }

  void run() {
    steps.forEach(Runnable::run);
  }
}
