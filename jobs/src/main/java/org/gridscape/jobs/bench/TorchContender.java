package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** PyTorch in one of its modes, on one request. */
final class TorchContender implements Contender {
  /** Before the mode in the names of these contenders. */
  static final String PREFIX = "pytorch ";

  private final TorchPeer peer;
  private final ObjectNode request;
  private final String mode;

  /**
   * PyTorch on a case.
   *
   * @param request without mode and steps; not modified
   */
  TorchContender(TorchPeer peer, ObjectNode request, String mode) {
    this.peer = peer;
    this.request = request.deepCopy().put("mode", mode);
    this.mode = mode;
  }

  @Override
  public String name() {
    return PREFIX + mode;
  }

  @Override
  public double seconds(int steps) {
    return peer.seconds(request.deepCopy().put("steps", steps));
  }

  @Override
  public void close() {}
}
