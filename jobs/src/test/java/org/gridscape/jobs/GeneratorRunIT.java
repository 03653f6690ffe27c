package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.report.GeneratorMetrics;
import org.gridscape.report.IterationMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose chains start from codes, as a user gives them. */
class GeneratorRunIT {
  @TempDir private Path folder;

  @Test
  void trainsStopsGoesOnAndSamplesWithoutChains() throws Exception {
    SmallRun straight = new SmallRun(folder, "straight");
    run(straight, "train");
    SmallRun stopped = new SmallRun(folder, "stopped");
    run(stopped, "train", "--until", "5");
    run(stopped, "train");
    assertThat(stopped.parametersSha256()).isEqualTo(straight.parametersSha256());
    assertThat(result(straight).path("deterministic").asBoolean()).isTrue();

    List<IterationMetrics> logged = straight.run().log().read().iterations();
    assertThat(logged).hasSize(SmallRun.ITERATIONS);
    GeneratorMetrics last = logged.get(SmallRun.ITERATIONS - 1).generator().get(0);
    assertThat(last.match()).isPositive().isLessThan(logged.get(0).generator().get(0).match());
    assertThat(last.teach()).isPositive();
    assertThat(last.reconstruct()).isPositive();
    assertThat(last.code()).isPositive();
    assertThat(logged.get(0).grids().get(0).penalty()).hasSize(1);

    run(straight, "sample");
    Path target = straight.run().samples().resolve("final");
    byte[] chained = Files.readAllBytes(target.resolve("grid-32.png"));
    run(straight, "sample", "--set", "sampling.steps=0");
    assertThat(Files.readAllBytes(target.resolve("grid-32.png"))).isNotEqualTo(chained);
    assertSheetsOfCodes(target, straight);
    Process replay =
        straight.start("replay", "--master", "local[1]", "--iteration", "6", "--from", "4");
    assertThat(replay.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.readString(straight.log()))
        .contains("iteration 6 grid 32: gamma ", "iteration 6 grid 32: dissipation ")
        .contains("iteration 6 generator: match ", "iteration 6 encoder: gradient norm ")
        .contains("iteration 6 upsampler-8: gradient norm ");
    run(straight, "report");
    assertThat(straight.run().path().resolve("report.html"))
        .content()
        .contains("id=\"chart-codes\"");
    assertThat(straight.run().path().resolve("report.html"))
        .content()
        .contains("Losses of the generator", "From code to code", "Weight of the penalty");
  }

  /** Tiles of 64 pixels with gaps of 4, eight in a row. */
  private static void assertSheetsOfCodes(Path target, SmallRun run) throws IOException {
    BufferedImage ways = ImageIO.read(target.resolve("interpolation.png").toFile());
    assertThat(tile(ways, 0, 0)).isNotEqualTo(tile(ways, 0, 7)).isNotEqualTo(tile(ways, 1, 0));
    BufferedImage back = ImageIO.read(target.resolve("reconstruction.png").toFile());
    Manifest manifest = Manifest.read(run.folder().resolve("data").toString());
    Manifest.Shard heldOut = manifest.heldOutShards().get(0);
    byte[] real = ShardFile.first(run.folder().resolve("data").toString(), heldOut, 8).pixels();
    for (int column = 0; column < 8; column++) {
      int[] shown = tile(back, 0, column);
      for (int p = 0; p < 32 * 32; p++) {
        assertThat(shown[p / 32 * 2 * 64 + p % 32 * 2]).isEqualTo(real[column * 1024 + p] & 0xff);
      }
    }
    assertThat(tile(back, 1, 0)).isNotEqualTo(tile(back, 0, 0)).isNotEqualTo(tile(back, 1, 1));
  }

  private static int[] tile(BufferedImage sheet, int row, int column) {
    return sheet.getRaster().getSamples(4 + 68 * column, 4 + 68 * row, 64, 64, 0, (int[]) null);
  }

  @Test
  void whatDl4jSparkPretrainedIsNotCalledDeterministic() throws IOException {
    SmallRun pretrained = new SmallRun(folder, "pretrained");
    run(
        pretrained,
        "train",
        "--until",
        "2",
        "--set",
        "generator.pretrain { epochs = 1, batch = 16, averagingFrequency = 16 }");
    assertThat(result(pretrained).path("deterministic").asBoolean(true)).isFalse();
    SmallRun drawn = new SmallRun(folder, "drawn");
    run(drawn, "train", "--until", "2");
    double match = match(pretrained);
    assertThat(match).isPositive().isLessThan(match(drawn));
  }

  private static double match(SmallRun run) {
    return run.run().log().read().iterations().get(0).generator().get(0).match();
  }

  private static JsonNode result(SmallRun run) {
    return run.run().result().orElseThrow();
  }

  private static void run(SmallRun run, String name, String... more) {
    List<String> options = new ArrayList<>();
    if (!name.equals("report")) {
      for (String setting :
          List.of(
              "training.start=hidden",
              "training.penalty.gamma=0.1",
              "langevin.schedule.last=2",
              "generator.hiddenSide=4",
              "generator.upsampler=\"3x3-4, 3x3-image\"",
              "generator.encoder=\"5x5/4-4, 3x3/2-code\"",
              "generator.loss { teach = 1, reconstruct = 1, code = 0.1, normal = 0.01 }")) {
        options.addAll(List.of("--set", setting));
      }
    }
    options.addAll(List.of(more));
    String[] words =
        name.equals("report")
            ? new String[] {
              "report", "--runs", run.folder().resolve("runs").toString(), "--run-id", run.runId()
            }
            : run.command(name, options.toArray(String[]::new));
    assertThat(Gridscape.run(words)).isEqualTo(ExitCode.DONE);
  }
}
