package org.gridscape.energy;

/** Prints the fingerprint of the fused engine of a process. */
final class FingerprintProcess {
  private FingerprintProcess() {}

  /** Takes no argument. */
  public static void main(String[] arguments) {
    System.out.println(Fingerprint.of(EngineKind.FUSED));
  }
}
