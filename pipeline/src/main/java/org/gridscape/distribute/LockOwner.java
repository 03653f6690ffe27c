package org.gridscape.distribute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The process that holds the lock of a run, as the lock's file names it.
 *
 * @param id unlike that of every other lock that was ever taken
 * @param host its machine, by name and start, and its space of process numbers
 * @param pid its number there
 * @param start when it began
 * @param renewed when it last said that it is alive, by its own clock
 * @param lease how long that holds
 */
record LockOwner(String id, String host, long pid, Instant start, Instant renewed, Duration lease) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** A process's start is computed from the machine's, which may be corrected. */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(10);

  /** This process, from now on. */
  static LockOwner current(Duration lease) {
    ProcessHandle process = ProcessHandle.current();
    return new LockOwner(
        UUID.randomUUID().toString(),
        hostName(),
        process.pid(),
        process.info().startInstant().orElse(Instant.EPOCH),
        Instant.now(),
        lease);
  }

  /** Name of the machine and, on Linux, what tells this start of it from others of that name. */
  private static String hostName() {
    return name() + read("/proc/sys/kernel/random/boot_id") + link("/proc/self/ns/pid");
  }

  private static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost");
    }
  }

  private static String read(String file) {
    try {
      return " " + Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String link(String file) {
    try {
      return " " + Files.readSymbolicLink(Path.of(file));
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /** The same, alive now. */
  LockOwner renew() {
    return new LockOwner(id, host, pid, start, Instant.now(), lease);
  }

  /** Whether both are the same taking of a lock. */
  boolean is(LockOwner other) {
    return id.equals(other.id);
  }

  boolean isOnHostOf(LockOwner other) {
    return host.equals(other.host);
  }

  /** Whether a process of that number and start runs on this machine. */
  boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(this::beganWith)
        .filter(process -> !isZombie())
        .isPresent();
  }

  /** Killed, but not yet waited for by its parent, which for Java is alive. */
  private boolean isZombie() {
    try {
      // The name before the state stands in brackets and may hold anything.
      String status = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return status.startsWith(") Z", status.lastIndexOf(')'));
    } catch (IOException e) {
      return false;
    }
  }

  private boolean beganWith(ProcessHandle process) {
    return process
        .info()
        .startInstant()
        .map(began -> Duration.between(start, began).abs().compareTo(START_TOLERANCE) < 0)
        .orElse(true);
  }

  byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(
          JSON.createObjectNode()
              .put("id", id)
              .put("host", host)
              .put("pid", pid)
              .put("processStart", start.toString())
              .put("renewed", renewed.toString())
              .put("leaseSeconds", lease.toMillis() / 1000.0));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a lock: a tree has a text", e);
    }
  }

  /** The owner that a file names; empty if it is torn. */
  static Optional<LockOwner> fromJson(byte[] text) {
    try {
      JsonNode json = JSON.readTree(text);
      return Optional.of(
          new LockOwner(
              json.path("id").asText(),
              json.path("host").asText(),
              json.path("pid").asLong(),
              Instant.parse(json.path("processStart").asText()),
              Instant.parse(json.path("renewed").asText()),
              Duration.ofMillis(Math.round(1000 * json.path("leaseSeconds").asDouble()))));
    } catch (IOException | DateTimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "process %d on host %s (since %s)".formatted(pid, host.replaceFirst(" .*", ""), start);
  }
}
