package org.gridscape.distribute;

import java.io.Serializable;

/**
 * What an executor says of itself at its start. Limits are in bytes, 0 where there is none.
 *
 * @param executor its id in Spark
 * @param host its machine
 * @param heap largest Java heap
 * @param nativeLimit JavaCPP's limit on native memory (maxbytes); with CUDA it holds for the GPU's
 *     as well
 * @param processLimit JavaCPP's limit on the resident size (maxphysicalbytes)
 * @param containerLimit of the control group
 * @param cores of Java's counting
 * @param device what it computes on
 * @param fingerprint of its engine, or why there is none
 * @param refusal why it cannot compute; empty if it can
 */
public record ExecutorReport(
    String executor,
    String host,
    long heap,
    long nativeLimit,
    long processLimit,
    long containerLimit,
    int cores,
    String device,
    String fingerprint,
    String refusal)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Whether it can compute. */
  public boolean isFit() {
    return refusal.isEmpty();
  }

  /** All of it in one line. */
  public String line() {
    String line =
        ("executor=%s host=%s heap=%s javacpp.maxbytes=%s javacpp.maxphysicalbytes=%s container=%s"
                + " cores=%d device=\"%s\" engine=\"%s\"")
            .formatted(
                executor,
                host,
                mebibytes(heap),
                mebibytes(nativeLimit),
                mebibytes(processLimit),
                mebibytes(containerLimit),
                cores,
                device,
                fingerprint);
    return isFit() ? line : line + " refused=\"" + refusal + "\"";
  }

  private static String mebibytes(long bytes) {
    return bytes == 0 ? "none" : (bytes >> 20) + "MiB";
  }
}
