package org.gridscape.distribute;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.energy.EngineKind;
import org.gridscape.energy.GridNetwork;
import org.gridscape.energy.MapEngine;
import org.gridscape.energy.NativeThreads;
import org.gridscape.generator.Generator;
import org.gridscape.generator.GeneratorSpec;
import org.gridscape.generator.HiddenSpace;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;

/**
 * The engines of this process, one set of a model's networks for each thread that needs one at a
 * time. Runs on executors.
 *
 * <p>Making an engine costs far more than a task should pay, so idle sets wait for the next one. A
 * task of another model closes the sets of the last.
 */
final class Engines {
  private static Engines current = new Engines(EngineKind.REFERENCE, List.of(), GeneratorSpec.NONE);

  private final EngineKind kind;
  private final List<GridNetwork> networks;
  private final GeneratorSpec spec;
  private final Deque<EngineSet> idle = new ArrayDeque<>();

  /**
   * Engines of all networks and what was loaded last, so that the tasks of an iteration, which
   * share one list of parameters, load it once.
   */
  static final class EngineSet implements AutoCloseable {
    private final GeneratorSpec spec;
    private final List<EnergyEngine> grids = new ArrayList<>();
    private final List<MapEngine> maps = new ArrayList<>();
    private List<float[]> loaded = List.of();

    private EngineSet(EngineKind kind, List<GridNetwork> networks, GeneratorSpec spec) {
      this.spec = spec;
      try {
        networks.forEach(network -> grids.add(kind.create(network)));
        spec.networks().forEach(network -> maps.add(kind.create(network)));
      } catch (RuntimeException | Error e) {
        close();
        throw e;
      }
    }

    /** One a grid, coarse to fine. */
    List<EnergyEngine> grids() {
      return grids;
    }

    /**
     * What lies between the grids, where chains start from codes.
     *
     * @param hidden the hidden space's arrays
     */
    Optional<Generator> generator(float[] hidden, PixelRange range) {
      if (!spec.isHidden()) {
        return Optional.empty();
      }
      ImageShape thumbnail = grids.get(0).network().shape().withSide(spec.hiddenSide());
      return Optional.of(new Generator(spec, new HiddenSpace(thumbnail, hidden), range, maps));
    }

    private void load(List<float[]> parameters) {
      if (loaded == parameters) {
        return;
      }
      loaded = List.of();
      for (int i = 0; i < grids.size(); i++) {
        grids.get(i).load(parameters.get(i));
      }
      for (int i = 0; i < maps.size(); i++) {
        maps.get(i).load(parameters.get(grids.size() + i));
      }
      loaded = parameters;
    }

    @Override
    public void close() {
      grids.forEach(EnergyEngine::close);
      maps.forEach(MapEngine::close);
    }
  }

  private Engines(EngineKind kind, List<GridNetwork> networks, GeneratorSpec spec) {
    this.kind = kind;
    this.networks = networks;
    this.spec = spec;
  }

  /**
   * Lends a set of engines for the length of {@code work}.
   *
   * <p>The current thread is bound to this process's device first.
   *
   * @param networks of the grids, coarse to fine
   * @param spec of the generator
   * @param parameters one array a network, grids first; loaded before {@code work} starts, unless
   *     they are the list of the last use; not changed by anyone after the first use
   * @throws DeviceException if this process has not the device that it needs
   */
  static <T> T use(
      EngineKind kind,
      List<GridNetwork> networks,
      GeneratorSpec spec,
      List<float[]> parameters,
      Function<EngineSet, T> work) {
    TaskDevice.bind(kind);
    Engines pool = of(kind, networks, spec);
    EngineSet set = pool.take();
    try {
      set.load(parameters);
      return work.apply(set);
    } finally {
      pool.giveBack(set);
    }
  }

  private static synchronized Engines of(
      EngineKind kind, List<GridNetwork> networks, GeneratorSpec spec) {
    if (current.kind != kind || !current.networks.equals(networks) || !current.spec.equals(spec)) {
      NativeThreads.requireOne(System.getenv());
      current.idle.forEach(EngineSet::close);
      current = new Engines(kind, networks, spec);
    }
    return current;
  }

  private EngineSet take() {
    synchronized (Engines.class) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return new EngineSet(kind, networks, spec);
  }

  private void giveBack(EngineSet set) {
    synchronized (Engines.class) {
      if (this == current) {
        idle.push(set);
        return;
      }
    }
    set.close();
  }
}
