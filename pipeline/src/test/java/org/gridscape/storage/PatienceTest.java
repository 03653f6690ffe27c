package org.gridscape.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.gridscape.distribute.LoggedWarnings;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final TestTime time = new TestTime();
  private final AtomicInteger tries = new AtomicInteger();

  @Test
  void whatWorksIsTriedOnce() throws IOException {
    assertThat(patience(60).retry("read a", failing(0))).isEqualTo("done");
    assertThat(time.pauses()).isEmpty();
    assertThat(tries).hasValue(1);
  }

  @Test
  void pausesDoubleUpToTenSeconds() throws IOException {
    assertThat(patience(600).retry("read a", failing(10))).isEqualTo("done");
    assertThat(time.pauses())
        .containsExactlyElementsOf(
            LongStream.of(100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000)
                .mapToObj(Duration::ofMillis)
                .toList());
  }

  @Test
  void saysWhyItTriesAgain() throws IOException {
    try (LoggedWarnings warnings = new LoggedWarnings(Patience.class)) {
      patience(60).retry("read a", failing(2));
      assertThat(warnings.messages())
          .containsExactly(
              "Cannot read a: failure 1; next try in 0.1 s",
              "Cannot read a: failure 2; next try in 0.2 s");
    }
  }

  @Test
  void givesUpAfterTheWholeOfIt() {
    assertThatThrownBy(() -> patience(60).retry("read a", failing(1000)))
        .isInstanceOf(IOException.class)
        .hasMessage("failure 13 (tried 13 times in 60.0 s)")
        .hasRootCauseMessage("failure 13");
    assertThat(time.waited()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void withoutPatienceTheFirstFailureIsTheLast() {
    assertThatThrownBy(() -> patience(60).none().retry("read a", failing(1000)))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("failure 1");
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void doesNotWaitForWhatWillNotChange() {
    FileNotFoundException missing = new FileNotFoundException("a");
    assertThatThrownBy(
            () ->
                patience(60)
                    .retry(
                        "read a",
                        () -> {
                          throw missing;
                        }))
        .isSameAs(missing);
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void anInterruptEndsTheWaiting() {
    Patience patience = new Patience(Duration.ofSeconds(60));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> patience.retry("read a", failing(1000)))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void rejectsANegativeLength() {
    assertThatThrownBy(() -> patience(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid patience: PT-1S (must be >= 0)");
  }

  private Patience patience(int seconds) {
    return new Patience(Duration.ofSeconds(seconds), time);
  }

  private Patience.Attempt<String> failing(int times) {
    return () -> {
      if (tries.incrementAndGet() <= times) {
        throw new IOException("failure " + tries);
      }
      return "done";
    };
  }
}
