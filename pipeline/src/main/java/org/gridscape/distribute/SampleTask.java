package org.gridscape.distribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.energy.EnergyEngine;
import org.gridscape.generator.Generator;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.langevin.ChainNoise;
import org.gridscape.langevin.DivergedChainException;
import org.gridscape.langevin.LangevinChain;
import org.gridscape.learning.UniformStart;
import org.gridscape.noise.NoiseAddress;
import org.gridscape.noise.NoiseStream;
import org.gridscape.noise.NoiseStream.Purpose;
import org.gridscape.pyramid.GridLadder;

/** Draws the new images of one cell. Runs on executors. */
final class SampleTask implements Function<Integer, SampleCell> {
  private static final long serialVersionUID = 1;

  private final Broadcast<SamplingPlan> plan;

  SampleTask(Broadcast<SamplingPlan> plan) {
    this.plan = plan;
  }

  @Override
  public SampleCell call(Integer cell) {
    return draw(plan.value(), cell);
  }

  /** The new images of one cell. */
  static SampleCell draw(SamplingPlan settings, int cell) {
    return Engines.use(
        settings.engine(),
        settings.networks(),
        settings.generator(),
        settings.parameters().arrays(),
        engines -> draw(settings, cell, engines));
  }

  private static SampleCell draw(SamplingPlan plan, int cell, Engines.EngineSet set) {
    List<EnergyEngine> engines = set.grids();
    PixelRange range = plan.langevin().range();
    int first = cell * plan.cellSize();
    int kept = Math.min(plan.cellSize(), plan.count() - first);
    List<String> ids =
        IntStream.range(0, plan.cellSize()).mapToObj(i -> "sample " + (first + i)).toList();
    Optional<Generator> generator = set.generator(plan.space(), range);
    ImageBatch start = colours(plan, cell);
    ImageBatch coarser = generator.map(g -> g.thumbnails(codes(plan, cell, g))).orElse(start);
    NoiseStream noise = NoiseStream.of(plan.seed(), Purpose.SAMPLING);
    List<byte[]> grids = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    for (int grid = 0; grid < engines.size(); grid++) {
      EnergyEngine engine = engines.get(grid);
      ImageShape shape = engine.network().shape();
      ImageBatch images = start(plan, generator, cell, grid, shape, coarser);
      new LangevinChain(engine, plan.langevin())
          .run(images, new ChainNoise(noise, 0, cell, grid), ids);
      grids.add(bytes(images, kept, range));
      values.add(Arrays.copyOf(finiteValues(engine, images, plan, ids), kept));
      coarser = images;
    }
    boolean coloured = plan.start() instanceof SamplingPlan.SampleStart.Colours;
    return new SampleCell(
        first, kept, grids, coloured ? bytes(start, kept, range) : new byte[0], values);
  }

  private static float[] finiteValues(
      EnergyEngine engine, ImageBatch images, SamplingPlan plan, List<String> ids) {
    float[] values = engine.values(images);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new DivergedChainException(
            "f", images.shape().side(), plan.langevin().steps(), ids.get(i));
      }
    }
    return values;
  }

  private static ImageBatch start(
      SamplingPlan plan,
      Optional<Generator> generator,
      int cell,
      int grid,
      ImageShape shape,
      ImageBatch coarser) {
    if (generator.isPresent()) {
      return generator.get().upsample(grid, shape.side(), coarser);
    }
    if (plan.start() instanceof SamplingPlan.SampleStart.Colours) {
      return GridLadder.replicate(coarser, shape.side());
    }
    return UniformStart.draw(
        shape,
        plan.cellSize(),
        plan.langevin().range(),
        NoiseStream.of(plan.seed(), Purpose.COLOUR),
        new NoiseAddress(0, cell, grid, 0, 0));
  }

  /** The codes of a cell; given ones are followed by zeros where the last cell is not full. */
  private static ImageBatch codes(SamplingPlan plan, int cell, Generator generator) {
    if (!(plan.start() instanceof SamplingPlan.SampleStart.Codes given)) {
      return generator.draw(NoiseStream.of(plan.seed(), Purpose.CODE), 0, cell, plan.cellSize());
    }
    ImageBatch codes = given.codes();
    int size = codes.shape().size();
    int from = cell * plan.cellSize() * size;
    float[] values =
        Arrays.copyOfRange(
            Arrays.copyOf(codes.pixels(), plan.cells() * plan.cellSize() * size),
            from,
            from + plan.cellSize() * size);
    return new ImageBatch(codes.shape(), plan.cellSize(), values);
  }

  /** The 1x1 images of a cell, as many as are kept. */
  static byte[] starts(SamplingPlan plan, int cell) {
    int kept = Math.min(plan.cellSize(), plan.count() - cell * plan.cellSize());
    return bytes(colours(plan, cell), kept, plan.langevin().range());
  }

  /** The 1x1 images of a cell; grey zeros where chains start from noise. */
  private static ImageBatch colours(SamplingPlan plan, int cell) {
    ImageShape shape = plan.networks().get(0).shape().withSide(1);
    ImageBatch images = ImageBatch.zeros(shape, plan.cellSize());
    if (!(plan.start() instanceof SamplingPlan.SampleStart.Colours colours)) {
      return images;
    }
    PixelRange range = plan.langevin().range();
    NoiseStream stream = NoiseStream.of(plan.seed(), Purpose.COLOUR);
    int channels = shape.channels();
    float[] u = new float[1];
    float[] z = new float[channels];
    for (int slot = 0; slot < plan.cellSize(); slot++) {
      stream.uniforms(new NoiseAddress(0, cell, 0, 0, slot), u);
      stream.normals(new NoiseAddress(0, cell, 1, 0, slot), z);
      int row = (int) (u[0] * colours.colours().count());
      for (int c = 0; c < channels; c++) {
        float grey = colours.colours().pixels()[row * channels + c] + colours.jitter() * z[c];
        images.pixels()[slot * channels + c] =
            range.clip(range.low() + grey * ((range.high() - range.low()) / 255f));
      }
    }
    return images;
  }

  private static byte[] bytes(ImageBatch images, int kept, PixelRange range) {
    byte[] bytes = new byte[kept * images.shape().size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = range.toByte(images.pixels()[i]);
    }
    return bytes;
  }
}
