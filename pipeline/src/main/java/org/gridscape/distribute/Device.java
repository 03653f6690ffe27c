package org.gridscape.distribute;

import java.util.List;
import java.util.Optional;

/** What the tasks of a process compute on. */
public sealed interface Device {

  /** No GPU was granted: the CPU, or what ND4J's backend chooses. */
  record Ungranted() implements Device {
    @Override
    public String toString() {
      return "no GPU granted";
    }
  }

  /**
   * One GPU.
   *
   * @param index as CUDA counts in this process, from 0
   * @param origin how it was found
   */
  record Gpu(int index, String origin) implements Device {
    @Override
    public String toString() {
      return "GPU %d (%s)".formatted(index, origin);
    }
  }

  /**
   * The device of an executor.
   *
   * <p>Where CUDA_VISIBLE_DEVICES is set, CUDA counts the devices of that list, and a granted
   * address is an index into it, as for Spark's TorchDistributor.
   *
   * @param granted addresses that Spark granted
   * @param visible value of CUDA_VISIBLE_DEVICES
   * @param required whether to do without a GPU is an error
   * @throws DeviceException if none is granted but required, if several are granted, or if the
   *     address names no device here
   */
  static Device resolve(List<String> granted, Optional<String> visible, boolean required) {
    if (granted.isEmpty()) {
      if (required) {
        throw new DeviceException(
            "Cannot compute on a GPU: Spark granted none to this executor"
                + " (set spark.executor.resource.gpu.amount=1, see conf/spark-gpu.conf)");
      }
      return new Ungranted();
    }
    if (granted.size() > 1) {
      throw new DeviceException(
          "Invalid GPUs of an executor: %s (must be one: spark.executor.resource.gpu.amount=1)"
              .formatted(String.join(", ", granted)));
    }
    int index = index(granted.get(0));
    return visible.map(list -> among(index, list)).orElseGet(() -> new Gpu(index, "granted"));
  }

  /** The device of a process that is driver and executor in one, where Spark grants nothing. */
  static Device local(boolean required) {
    return required ? new Gpu(0, "local mode") : new Ungranted();
  }

  private static int index(String address) {
    if (!address.matches("\\d{1,4}")) {
      throw new DeviceException(
          "Invalid GPU address: %s (must be an index from 0, as conf/get-gpus prints it)"
              .formatted(address));
    }
    return Integer.parseInt(address);
  }

  private static Device among(int index, String visible) {
    List<String> devices = visible.isBlank() ? List.of() : List.of(visible.split(",", -1));
    if (index >= devices.size()) {
      throw new DeviceException(
          "Invalid GPU address: %d (must be an index into CUDA_VISIBLE_DEVICES=%s)"
              .formatted(index, visible));
    }
    return new Gpu(
        index, "granted, device %s of the machine".formatted(devices.get(index).strip()));
  }
}
