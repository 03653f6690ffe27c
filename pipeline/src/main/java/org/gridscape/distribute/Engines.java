package org.gridscape.distribute;

import java.util.ArrayDeque;
import java.util.ArrayList;
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
  private final Deque<EngineSet> idle = new ArrayDeque<>();

  /**
   * Engines of all grids and what was loaded last, so that the tasks of an iteration, which share
   * one list of parameters, load it once.
   */
  private static final class EngineSet {
    private final List<EnergyEngine> engines;
    private List<float[]> loaded = List.of();

    private EngineSet(List<EnergyEngine> engines) {
      this.engines = engines;
    }

    private void load(List<float[]> parameters) {
      if (loaded == parameters) {
        return;
      }
      loaded = List.of();
      for (int grid = 0; grid < engines.size(); grid++) {
        engines.get(grid).load(parameters.get(grid));
      }
      loaded = parameters;
    }
  }

  private Engines(EngineKind kind, List<GridNetwork> networks) {
    this.kind = kind;
    this.networks = networks;
  }

  /**
   * Lends a set of engines, one a grid, for the length of {@code work}.
   *
   * <p>The current thread is bound to this process's device first.
   *
   * @param parameters loaded before {@code work} starts, unless they are the list of the last use;
   *     not changed by anyone after the first use
   * @throws DeviceException if this process has not the device that it needs
   */
  static <T> T use(
      EngineKind kind,
      List<GridNetwork> networks,
      List<float[]> parameters,
      Function<List<EnergyEngine>, T> work) {
    TaskDevice.bind(kind);
    Engines pool = of(kind, networks);
    EngineSet set = pool.take();
    try {
      set.load(parameters);
      return work.apply(set.engines);
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

  private EngineSet take() {
    synchronized (Engines.class) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    List<EnergyEngine> engines = new ArrayList<>();
    try {
      for (GridNetwork network : networks) {
        engines.add(kind.create(network));
      }
    } catch (RuntimeException | Error e) {
      engines.forEach(EnergyEngine::close);
      throw e;
    }
    return new EngineSet(engines);
  }

  private void giveBack(EngineSet set) {
    synchronized (Engines.class) {
      if (this == current) {
        idle.push(set);
        return;
      }
    }
    close(set);
  }

  private static void close(EngineSet set) {
    set.engines.forEach(EnergyEngine::close);
  }
}
