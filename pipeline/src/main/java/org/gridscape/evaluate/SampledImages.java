package org.gridscape.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.broadcast.Broadcast;
import org.gridscape.distribute.SampleCell;
import org.gridscape.distribute.Sampler;
import org.gridscape.distribute.SamplingPlan;
import org.gridscape.features.Raster;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;

/**
 * Fresh samples of a model, drawn in the tasks that judge them and never written. Sample i is the
 * same for every count.
 */
public final class SampledImages implements ImageSet {
  private final String name;
  private final View view;
  private final SamplingPlan plan;
  private final Broadcast<SamplingPlan> broadcast;

  /** What of a sample is judged. */
  public enum View {
    /** Its finest grid. */
    FINEST,
    /** The 1x1 image that it started from, replicated. */
    START
  }

  /**
   * The samples of a plan.
   *
   * @param name for results
   * @param plan what to draw
   * @param broadcast the same, which the caller releases
   */
  public SampledImages(
      String name, View view, SamplingPlan plan, Broadcast<SamplingPlan> broadcast) {
    this.name = name;
    this.view = view;
    this.plan = plan;
    this.broadcast = broadcast;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String fingerprint() {
    return fingerprint(plan, view);
  }

  static String fingerprint(SamplingPlan plan, View view) {
    return String.join(
        " ",
        networks(plan),
        plan.parameters().sha256(),
        plan.langevin().toString(),
        plan.engine().toString(),
        plan.generator().toString(),
        start(plan.start()),
        view.toString(),
        Long.toString(plan.seed()),
        Integer.toString(plan.cellSize()),
        Integer.toString(plan.count()));
  }

  private static String networks(SamplingPlan plan) {
    return plan.networks().stream()
        .map(network -> network + " " + network.spec().activation() + network.spec().batchNorm())
        .collect(Collectors.joining(" "));
  }

  private static String start(SamplingPlan.SampleStart start) {
    if (start instanceof SamplingPlan.SampleStart.Colours drawn) {
      ImageBatch colours = drawn.colours();
      return "colours %s %d %08x jitter %s"
          .formatted(
              colours.shape(), colours.count(), Arrays.hashCode(colours.pixels()), drawn.jitter());
    }
    if (start instanceof SamplingPlan.SampleStart.Hidden hidden) {
      return "hidden %08x".formatted(Arrays.hashCode(hidden.space()));
    }
    if (start instanceof SamplingPlan.SampleStart.Codes given) {
      return "codes %08x %08x"
          .formatted(Arrays.hashCode(given.space()), Arrays.hashCode(given.codes().pixels()));
    }
    return start.toString();
  }

  @Override
  public int count() {
    return plan.count();
  }

  @Override
  public List<Piece> cut(int pieces) {
    int cut = Math.min(pieces, plan.cells());
    return IntStream.range(0, cut)
        .<Piece>mapToObj(
            piece ->
                new Part(
                    broadcast,
                    view,
                    ImageSet.spread(plan.cells(), cut, piece),
                    plan.cellSize(),
                    plan.count()))
        .toList();
  }

  /** Some of the cells. */
  private record Part(Broadcast<SamplingPlan> plan, View view, int[] cells, int cellSize, int count)
      implements Piece {

    @Override
    public int[] numbers() {
      return Arrays.stream(cells)
          .flatMap(cell -> IntStream.range(cell * cellSize, Math.min((cell + 1) * cellSize, count)))
          .toArray();
    }

    @Override
    public void read(RasterSink sink) {
      ImageShape shape = plan.value().networks().get(plan.value().networks().size() - 1).shape();
      for (int cell : cells) {
        if (view == View.START) {
          byte[] starts = Sampler.starts(plan.value(), cell);
          for (int i = 0; i < starts.length / shape.channels(); i++) {
            sink.add(start(starts, shape, i));
          }
        } else {
          SampleCell drawn = Sampler.cell(plan.value(), cell);
          for (int i = 0; i < drawn.count(); i++) {
            sink.add(finest(drawn, shape, i));
          }
        }
      }
    }

    private static Raster finest(SampleCell cell, ImageShape shape, int index) {
      byte[] pixels = cell.grids().get(cell.grids().size() - 1);
      return new Raster(
          shape.channels(),
          shape.side(),
          shape.side(),
          Arrays.copyOfRange(pixels, index * shape.size(), (index + 1) * shape.size()));
    }

    private static Raster start(byte[] starts, ImageShape shape, int index) {
      byte[] pixels = new byte[shape.size()];
      int plane = shape.side() * shape.side();
      for (int c = 0; c < shape.channels(); c++) {
        Arrays.fill(pixels, c * plane, (c + 1) * plane, starts[index * shape.channels() + c]);
      }
      return new Raster(shape.channels(), shape.side(), shape.side(), pixels);
    }
  }
}
