package org.gridscape.energy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeThreadsTest {

  @Test
  void acceptsOneThreadEverywhere() {
    assertThatCode(() -> NativeThreads.requireOne(environment())).doesNotThrowAnyException();
    assertThatCode(() -> NativeThreads.requireOne(System.getenv())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "SD_MAX_THREADS", "SD_MASTER_THREADS"})
  void namesTheVariableThatIsMissingOrNotOne(String variable) {
    Map<String, String> environment = environment();
    environment.put(variable, "2");
    assertThatThrownBy(() -> NativeThreads.requireOne(environment))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Invalid environment: " + variable + "=2 (must be 1, ");
    environment.remove(variable);
    assertThatThrownBy(() -> NativeThreads.requireOne(environment))
        .hasMessageStartingWith("Invalid environment: " + variable + "= (must be 1, ")
        .hasMessageEndingWith(
            "say: export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 SD_MAX_THREADS=1 SD_MASTER_THREADS=1)");
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    NativeThreads.VARIABLES.forEach(variable -> environment.put(variable, "1"));
    return environment;
  }
}
