package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.gridscape.energy.EngineKind;
import org.gridscape.energy.Nd4jLibrary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskDeviceTest {

  @AfterEach
  void forget() {
    TaskDevice.assign(new Device.Ungranted(), false);
  }

  @Test
  void bothEnginesComputeWithoutADevice() {
    TaskDevice.assign(new Device.Ungranted(), false);
    for (EngineKind kind : EngineKind.values()) {
      assertThatCode(() -> TaskDevice.bind(kind)).doesNotThrowAnyException();
    }
  }

  @Test
  void aRefusedProcessFailsItsTasksWithTheReason() {
    TaskDevice.refuse("Executor 3: no such device");
    for (EngineKind kind : EngineKind.values()) {
      assertThatThrownBy(() -> TaskDevice.bind(kind))
          .isInstanceOf(DeviceException.class)
          .hasMessage("Executor 3: no such device");
    }
  }

  @Test
  void theFusedEngineCannotStandInForARequiredGpu() {
    TaskDevice.assign(new Device.Gpu(0, "granted"), true);
    assertThatThrownBy(() -> TaskDevice.bind(EngineKind.FUSED))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot compute on a GPU: the fused engine is for CPU"
                + " (set training.engine=reference and build with mvn -Pcuda)");
  }

  @Test
  void theCpuBackendCannotStandInForARequiredGpu() {
    assumeThat(Nd4jLibrary.isOnGpu()).isFalse();
    TaskDevice.assign(new Device.Gpu(1, "granted"), true);
    assertThatThrownBy(() -> TaskDevice.bind(EngineKind.REFERENCE))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot compute on GPU 1 (granted): ND4J has CpuBackend and not its CUDA backend"
                + " (build with mvn -Pcuda)");
  }

  @Test
  void aGrantedGpuThatNd4jCannotUseIsSaidOnceAThread() {
    assumeThat(Nd4jLibrary.isOnGpu()).isFalse();
    TaskDevice.assign(new Device.Gpu(1, "granted"), false);
    try (LoggedWarnings warnings = new LoggedWarnings(TaskDevice.class)) {
      TaskDevice.bind(EngineKind.REFERENCE);
      TaskDevice.bind(EngineKind.REFERENCE);
      assertThat(warnings.messages())
          .containsExactly(
              "Cannot compute on GPU 1 (granted): ND4J has CpuBackend and not its CUDA backend"
                  + " (build with mvn -Pcuda); computing on CPU");
    }
    assertThat(TaskDevice.current()).isEqualTo(new Device.Gpu(1, "granted"));
  }
}
