package org.gridscape.distribute;

import java.util.Optional;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.Nd4jLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device of this process and the threads that are bound to it. Lives on executors.
 *
 * <p>ND4J hands its threads to the devices it sees in turn, so each thread that computes is bound
 * once, before its first operation. With the fused engine ND4J is not touched.
 */
public final class TaskDevice {
  private static final Logger LOG = LoggerFactory.getLogger(TaskDevice.class);
  private static final Assignment NONE =
      new Assignment(new Device.Ungranted(), false, Optional.empty());

  /** What a thread was bound for last. */
  private static final ThreadLocal<Assignment> BOUND = ThreadLocal.withInitial(() -> NONE);

  private static volatile Assignment current = NONE;

  /** What the process was told at its start. */
  private record Assignment(Device device, boolean required, Optional<String> refusal) {}

  private TaskDevice() {}

  /** Makes a device that of this process. */
  static void assign(Device device, boolean required) {
    current = new Assignment(device, required, Optional.empty());
  }

  /** Makes every later task of this process fail, for the reason given. */
  static void refuse(String reason) {
    current = new Assignment(new Device.Ungranted(), false, Optional.of(reason));
  }

  /** The device of this process; none before the plugin has assigned one. */
  public static Device current() {
    return current.device();
  }

  /**
   * Binds the current thread to the device of this process, for an engine.
   *
   * @throws DeviceException if the process was refused a device, or if one is required and the
   *     engine does not compute on it
   */
  public static void bind(EngineKind engine) {
    Assignment now = current;
    if (now.refusal().isPresent()) {
      throw new DeviceException(now.refusal().get());
    }
    if (engine == EngineKind.FUSED) {
      if (now.required()) {
        throw new DeviceException(
            "Cannot compute on a GPU: the fused engine is for CPU"
                + " (set training.engine=reference and build with mvn -Pcuda)");
      }
      return;
    }
    if (now.device() instanceof Device.Gpu gpu && !BOUND.get().equals(now)) {
      bind(gpu, now.required());
      BOUND.set(now);
    }
  }

  private static void bind(Device.Gpu gpu, boolean required) {
    if (!Nd4jLibrary.isOnGpu()) {
      String reason =
          "Cannot compute on %s: ND4J has %s and not its CUDA backend (build with mvn -Pcuda)"
              .formatted(gpu, Nd4jLibrary.backend());
      if (required) {
        throw new DeviceException(reason);
      }
      LOG.warn("{}; computing on CPU", reason);
    }
    Nd4jLibrary.useDevice(gpu.index());
  }
}
