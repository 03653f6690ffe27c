package org.gridscape.jobs.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A Python process that runs {@code jobs/bench/langevin_torch.py}, asked line by line. */
final class TorchPeer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final int SHOWN = 80;

  private final String python;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final ExecutorService reader = Executors.newSingleThreadExecutor();
  private String version = "";
  private Optional<String> broken = Optional.empty();

  private TorchPeer(String python, Process process) {
    this.python = python;
    this.process = process;
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts the process and waits until it has loaded PyTorch.
   *
   * @param threads that PyTorch computes with
   * @throws ContenderException if Python, the script or PyTorch is missing or broken
   */
  static TorchPeer start(String python, Path script, int threads) {
    if (!Files.isRegularFile(script)) {
      throw new ContenderException("Cannot use PyTorch: no file " + script);
    }
    ProcessBuilder builder =
        new ProcessBuilder(python, script.toString(), Integer.toString(threads))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    String count = Integer.toString(threads);
    builder.environment().putAll(Map.of("OMP_NUM_THREADS", count, "MKL_NUM_THREADS", count));
    TorchPeer peer;
    try {
      peer = new TorchPeer(python, builder.start());
    } catch (IOException e) {
      throw new ContenderException("Cannot use PyTorch: " + e.getMessage());
    }
    try {
      peer.version = peer.answer().path("torch").asText();
    } catch (ContenderException e) {
      peer.close();
      throw e;
    }
    return peer;
  }

  /** The version of PyTorch. */
  String version() {
    return version;
  }

  /**
   * The seconds that a request took.
   *
   * @throws ContenderException with what the process answers instead
   */
  double seconds(ObjectNode request) {
    broken.ifPresent(
        reason -> {
          throw new ContenderException(reason);
        });
    try {
      requests.write(JSON.writeValueAsString(request));
      requests.newLine();
      requests.flush();
    } catch (IOException e) {
      throw ended();
    }
    return answer().path("seconds").asDouble();
  }

  /** Frees what earlier requests built; a process that cannot is asked nothing more. */
  void forget() {
    if (broken.isEmpty()) {
      try {
        seconds(JSON.createObjectNode().put("do", "forget"));
      } catch (ContenderException e) {
        breaks(String.valueOf(e.getMessage()));
      }
    }
  }

  private JsonNode answer() {
    Future<Optional<String>> line = reader.submit(() -> Optional.ofNullable(answers.readLine()));
    String text;
    try {
      text = line.get(LIMIT.toSeconds(), TimeUnit.SECONDS).orElseThrow(this::ended);
    } catch (TimeoutException e) {
      throw breaks(
          "Cannot use PyTorch: %s gave no answer in %d minutes"
              .formatted(python, LIMIT.toMinutes()));
    } catch (ExecutionException e) {
      throw breaks("Cannot use PyTorch: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw breaks("Cannot use PyTorch: interrupted");
    }
    return parse(text);
  }

  private JsonNode parse(String text) {
    JsonNode answer;
    try {
      answer = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      answer = JSON.createObjectNode();
    }
    if (answer.has("error")) {
      throw new ContenderException("Cannot use PyTorch: " + answer.path("error").asText());
    }
    if (!answer.has("torch") && !answer.path("seconds").isNumber()) {
      throw breaks(
          "Cannot use PyTorch: %s answered \"%s\""
              .formatted(python, text.length() > SHOWN ? text.substring(0, SHOWN) : text));
    }
    return answer;
  }

  private ContenderException ended() {
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String code = process.isAlive() ? "" : " with exit code " + process.exitValue();
    return breaks("Cannot use PyTorch: %s ended%s".formatted(python, code));
  }

  /** What later requests are told too. */
  private ContenderException breaks(String reason) {
    broken = Optional.of(reason);
    process.destroyForcibly();
    return new ContenderException(reason);
  }

  /** Ends the process. */
  @Override
  public void close() {
    process.destroy();
    reader.shutdownNow();
  }
}
