package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {

  @Test
  void theGrantedAddressIsTheDevice() {
    Device device = Device.resolve(List.of("3"), Optional.empty(), true);
    assertThat(device).isEqualTo(new Device.Gpu(3, "granted")).hasToString("GPU 3 (granted)");
  }

  @Test
  void amongVisibleDevicesTheAddressIsAnIndex() {
    assertThat(Device.resolve(List.of("1"), Optional.of("2, 5"), false))
        .isEqualTo(new Device.Gpu(1, "granted, device 5 of the machine"));
    assertThatThrownBy(() -> Device.resolve(List.of("2"), Optional.of("2,5"), false))
        .isInstanceOf(DeviceException.class)
        .hasMessage("Invalid GPU address: 2 (must be an index into CUDA_VISIBLE_DEVICES=2,5)");
    assertThatThrownBy(() -> Device.resolve(List.of("0"), Optional.of(""), false))
        .isInstanceOf(DeviceException.class)
        .hasMessage("Invalid GPU address: 0 (must be an index into CUDA_VISIBLE_DEVICES=)");
  }

  @Test
  void noneGrantedIsAnErrorOnlyWhereOneIsRequired() {
    assertThat(Device.resolve(List.of(), Optional.of("0"), false))
        .isEqualTo(new Device.Ungranted());
    assertThatThrownBy(() -> Device.resolve(List.of(), Optional.empty(), true))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot compute on a GPU: Spark granted none to this executor"
                + " (set spark.executor.resource.gpu.amount=1, see conf/spark-gpu.conf)");
  }

  @Test
  void severalGrantedAreRefused() {
    assertThatThrownBy(() -> Device.resolve(List.of("0", "1"), Optional.empty(), false))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Invalid GPUs of an executor: 0, 1 (must be one: spark.executor.resource.gpu.amount=1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GPU-5f1c", "-1", "", "99999999999"})
  void anAddressThatIsNoIndexIsRefused(String address) {
    assertThatThrownBy(() -> Device.resolve(List.of(address), Optional.empty(), false))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Invalid GPU address: "
                + address
                + " (must be an index from 0, as conf/get-gpus prints it)");
  }

  @Test
  void localModeHasTheFirstDeviceIfOneIsRequired() {
    assertThat(Device.local(true)).isEqualTo(new Device.Gpu(0, "local mode"));
    assertThat(Device.local(false)).isEqualTo(new Device.Ungranted());
  }
}
