package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands of the evaluation as a user gives them. */
class EvaluateIT {
  private static final String PIXELS = "--extractor=pixels:1x4x4";

  @TempDir private static Path folder = Path.of("unset");

  /** Exit code and everything printed. */
  private record Outcome(int code, String text) {}

  @BeforeAll
  static void draw() throws IOException {
    draw("generated", 1, 60);
    draw("reference", 2, 90);
    draw("first", 2, 40);
    draw("second", 3, 50);
  }

  @Test
  void measuresImagesAgainstImagesAndAgainstTheirStatistics() throws IOException {
    String reference = at("reference.npz");
    assertThat(run("stats", at("reference"), "--out", reference, PIXELS))
        .isEqualTo(
            new Outcome(
                0,
                reference
                    + ": 90 images, 16 features, extractor pixels-1x4x4-[0.0,255.0], protocol none\n"));
    JsonNode both = calc("generated", at("reference"), "--kid-subset-size=50", "--work", at("own"));
    JsonNode statistics = calc("generated", reference);
    assertThat(statistics.path("frechet_inception_distance").asDouble())
        .isCloseTo(both.path("frechet_inception_distance").asDouble(), within(1e-6));
    assertThat(both.path("kernel_inception_distance_mean").isNumber()).isTrue();
    assertThat(statistics.has("kernel_inception_distance_mean")).isFalse();
    assertThat(statistics.path("warnings").toString())
        .contains("no kid: both sides must be images");
    assertThat(both.at("/generated/images").asInt()).isEqualTo(60);
    assertThat(both.at("/reference/images").asInt()).isEqualTo(90);
    assertThat(folder.resolve("own")).isEmptyDirectory();
  }

  @Test
  void addsPartsUpToTheWhole() throws IOException {
    for (String part : new String[] {"first", "second"}) {
      assertThat(run("stats", at(part), "--out", at(part + ".npz"), PIXELS).code()).isZero();
      for (Path image : images(part)) {
        Path both = Files.createDirectories(folder.resolve("both"));
        Files.copy(image, both.resolve(part + "-" + image.getFileName()));
      }
    }
    assertThat(run("stats", at("both"), "--out", at("both.npz"), PIXELS).code()).isZero();
    Outcome merged =
        run(
            "merge",
            at("first.npz"),
            at("second.npz"),
            "--out",
            at("merged.npz"),
            "--json",
            at("merged.json"));
    assertThat(merged.text()).startsWith(at("merged.npz") + ": 90 images, 16 features");
    assertThat(json("merged.json").path("dataset").asText())
        .isEqualTo(at("first") + " + " + at("second"));
    Outcome compared = run("compare", at("merged.npz"), at("both.npz"), "--json", at("c.json"));
    assertThat(compared.text()).startsWith("FID (images as they are): ");
    assertThat(json("c.json").path("frechet_inception_distance").asDouble())
        .isCloseTo(0, within(1e-9));
    assertThat(run("verify", at("merged.npz")).text())
        .isEqualTo(
            at("merged.npz")
                + ": 90 images, 16 features, extractor pixels-1x4x4-[0.0,255.0], protocol none\n");
  }

  @Test
  void drawsTheSamplesOfARun() throws IOException {
    SmallRun small = new SmallRun(folder, "drawn");
    assertThat(Gridscape.run(small.command("quickstart", "--set", "training.iterations=2")))
        .isZero();
    String run = small.run().path().toString();
    JsonNode fresh =
        calc(
            run,
            folder.resolve("data").toString(),
            "--extractor=classifier",
            "--samples=40",
            "--split=heldout");
    assertThat(fresh.at("/generated/images").asInt()).isEqualTo(40);
    assertThat(fresh.at("/generated/name").asText()).endsWith("drawn, iteration 2");
    assertThat(fresh.at("/extractor/name").asText()).isEqualTo("fashion-mnist-classifier-v1");
    // The same images as the run wrote.
    JsonNode written =
        calc(
            small.run().parquet(),
            folder.resolve("data").toString(),
            "--extractor=classifier",
            "--split=heldout");
    assertThat(written.path("frechet_inception_distance").asDouble())
        .isCloseTo(fresh.path("frechet_inception_distance").asDouble(), within(1e-3));
    assertThat(run("calc", run, at("reference"), "--iteration=7", "--extractor=classifier").text())
        .contains("Cannot evaluate run drawn: no whole checkpoint of iteration 7 in ");
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    Files.write(folder.resolve("cut.npz"), new byte[100]);
    assertFails(2, "Missing weights of inception", "calc", at("generated"), at("reference"));
    assertFails(
        2, "Invalid protocol: tf (must be ", "calc", "a", "b", "--protocol=tf", "--weights=x.onnx");
    assertFails(
        65,
        "Cannot load network " + at("none.onnx"),
        "calc",
        at("generated"),
        at("reference"),
        "--weights",
        at("none.onnx"));
    assertFails(
        65,
        "Cannot evaluate nowhere: Invalid image source: nowhere",
        "calc",
        "nowhere",
        at("reference"),
        PIXELS);
    assertFails(65, at("cut.npz"), "calc", at("generated"), at("cut.npz"), PIXELS);
    assertFails(
        65, "Cannot read statistics: none.npz: no such file", "compare", "none.npz", at("cut.npz"));
    assertFails(
        65,
        "Cannot evaluate "
            + at("generated")
            + ": Invalid image shape: 1x4x4 (must be 1x5x5, the shape of the features), in images ",
        "calc",
        at("generated"),
        at("reference"),
        "--extractor=pixels:1x5x5");
    assertFails(2, "Invalid value for option '--measures'", "calc", "a", "b", "--measures=fiddle");
    assertFails(2, "Invalid KID subsets: 0 (must be >= 1)", "calc", "a", "b", "--kid-subsets=0");
    assertFails(
        2, "Invalid subsample: 1 (must be >= 2)", "calc", "a", "b", PIXELS, "--subsample=1");
  }

  @Test
  void refusesStatisticsOfAnotherExtractor() throws IOException {
    assertThat(run("stats", at("reference"), "--out", at("r.npz"), PIXELS).code()).isZero();
    Path large = Files.createDirectories(folder.resolve("large"));
    for (int i = 0; i < 40; i++) {
      ImageIO.write(
          new BufferedImage(5, 5, BufferedImage.TYPE_BYTE_GRAY),
          "png",
          large.resolve(i + ".png").toFile());
    }
    assertFails(
        65,
        "Invalid statistics: " + at("r.npz") + " has 16 features, the request 25 (must be equal)",
        "calc",
        large.toString(),
        at("r.npz"),
        "--extractor=pixels:1x5x5");
  }

  private static void assertFails(int code, String message, String... arguments) {
    Outcome outcome = run(arguments);
    assertThat(outcome.text()).contains(message);
    assertThat(outcome.code()).isEqualTo(code);
  }

  private static JsonNode calc(String generated, String reference, String... more)
      throws IOException {
    String[] command =
        Stream.concat(
                Stream.of(
                    "calc",
                    Files.exists(Path.of(generated)) ? generated : at(generated),
                    reference,
                    "--json",
                    at("result.json")),
                Arrays.stream(more))
            .toArray(String[]::new);
    if (Arrays.stream(more).noneMatch(option -> option.startsWith("--extractor"))) {
      command = Stream.concat(Arrays.stream(command), Stream.of(PIXELS)).toArray(String[]::new);
    }
    Outcome outcome = run(command);
    assertThat(outcome.code()).as(outcome.text()).isZero();
    return json("result.json");
  }

  private static JsonNode json(String name) throws IOException {
    return RunFolder.JSON.readTree(folder.resolve(name).toFile());
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  private static Path[] images(String set) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(set))) {
      return files.toArray(Path[]::new);
    }
  }

  private static void draw(String set, long seed, int count) throws IOException {
    Path target = Files.createDirectory(folder.resolve(set));
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
      IntStream.range(0, 16)
          .forEach(p -> image.getRaster().setSample(p % 4, p / 4, 0, random.nextInt(256)));
      ImageIO.write(image, "png", target.resolve(i + ".png").toFile());
    }
  }

  private static Outcome run(String... arguments) {
    String[] command =
        Stream.concat(Stream.of("evaluate"), Arrays.stream(arguments)).toArray(String[]::new);
    if (arguments[0].equals("calc") || arguments[0].equals("stats")) {
      command = with(command, "--master=local[2]");
      if (!List.of(command).contains("--work")) {
        command = with(command, "--work", at("work"));
      }
    }
    StringWriter errors = new StringWriter();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      CommandLine line = Gridscape.commandLine().setErr(new PrintWriter(errors));
      line.setOut(new PrintWriter(errors));
      int code = line.execute(command);
      return new Outcome(code, out.toString(StandardCharsets.UTF_8) + errors);
    } finally {
      System.setOut(before);
    }
  }

  private static String[] with(String[] command, String... more) {
    return Stream.concat(Arrays.stream(command), Arrays.stream(more)).toArray(String[]::new);
  }
}
