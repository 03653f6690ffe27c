package org.gridscape.distribute;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.NativeThreads;

/**
 * The engines of this process, one set of grids for each thread that needs one at a time. Runs on
 * executors.
 *
 * <p>Making an engine costs far more than a task should pay, so idle sets wait for the next one. A
 * task of another model closes the sets of the last.
 */
final class Engines {
  private static Engines current = new Engines(EngineKind.REFERENCE, List.of());

  private final EngineKind kind;
  private final List<GridNetwork> networks;
  private final Deque<List<EnergyEngine>> idle = new ArrayDeque<>();

  private Engines(EngineKind kind, List<GridNetwork> networks) {
    this.kind = kind;
    this.networks = networks;
  }

  /**
   * Lends a set of engines, one a grid, for the length of {@code work}.
   *
   * @param parameters loaded before {@code work} starts
   */
  static <T> T use(
      EngineKind kind,
      List<GridNetwork> networks,
      List<float[]> parameters,
      Function<List<EnergyEngine>, T> work) {
    Engines pool = of(kind, networks);
    List<EnergyEngine> set = pool.take();
    try {
      for (int grid = 0; grid < set.size(); grid++) {
        set.get(grid).load(parameters.get(grid));
      }
      return work.apply(set);
    } finally {
      pool.giveBack(set);
    }
  }

  private static synchronized Engines of(EngineKind kind, List<GridNetwork> networks) {
    if (current.kind != kind || !current.networks.equals(networks)) {
      NativeThreads.requireOne(System.getenv());
      current.idle.forEach(Engines::close);
      current = new Engines(kind, networks);
    }
    return current;
  }

  private List<EnergyEngine> take() {
    synchronized (Engines.class) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return networks.stream().map(kind::create).toList();
  }

  private void giveBack(List<EnergyEngine> set) {
    synchronized (Engines.class) {
      if (this == current) {
        idle.push(set);
        return;
      }
    }
    close(set);
  }

  private static void close(List<EnergyEngine> set) {
    set.forEach(EnergyEngine::close);
  }
}
