package org.gridscape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.StreamSupport;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.SparkPlugin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings of GPU executors and the script that finds GPUs. */
class GpuConfTest {
  private static final Path CONF = Path.of(System.getProperty("gridscape.home"), "conf");

  @TempDir private Path folder;

  @Test
  void oneExecutorHasOneGpuAndOneTask() throws Exception {
    SparkConf conf = gpuConf();
    assertThat(conf.get("spark.executor.resource.gpu.amount")).isEqualTo("1");
    assertThat(conf.get("spark.task.resource.gpu.amount")).isEqualTo("1");
    assertThat(conf.get("spark.executor.resource.gpu.discoveryScript")).endsWith("/conf/get-gpus");
    assertThat(Class.forName(conf.get("spark.plugins")).getDeclaredConstructor().newInstance())
        .isInstanceOf(SparkPlugin.class);
  }

  @Test
  void memoryAddsUp() throws Exception {
    SparkConf conf = gpuConf();
    long heap = conf.getSizeAsMb("spark.executor.memory");
    long overhead = conf.getSizeAsMb("spark.executor.memoryOverhead");
    SparkConf options = new SparkConf(false);
    for (String option : List.of(conf.get("spark.executor.extraJavaOptions").split(" ", -1))) {
      assertThat(option).matches("-D[a-z.]+=\\d+g");
      options.set(
          option.substring(2, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
    }
    long nativeLimit = options.getSizeAsMb("org.bytedeco.javacpp.maxbytes");
    assertThat(overhead).isEqualTo(nativeLimit + 2048);
    assertThat(options.getSizeAsMb("org.bytedeco.javacpp.maxphysicalbytes"))
        .isEqualTo(heap + nativeLimit + 2048);
  }

  @Test
  void noSettingStandsTwice() throws Exception {
    List<String> keys =
        Files.readAllLines(CONF.resolve("spark-gpu.conf")).stream()
            .filter(line -> line.startsWith("spark."))
            .map(line -> line.split("\\s", 2)[0])
            .toList();
    assertThat(keys).doesNotHaveDuplicates().hasSize(gpuConf().getAll().length);
  }

  @Test
  void theScriptListsWhatNvidiaSmiLists() throws Exception {
    Run run = discover("echo 0; echo ' 1'", Map.of());
    assertThat(run.code()).isZero();
    assertThat(addresses(run)).containsExactly("0", "1");
  }

  @Test
  void theScriptCountsVisibleDevices() throws Exception {
    Run run = discover("exit 9", Map.of("CUDA_VISIBLE_DEVICES", "5,GPU-2f"));
    assertThat(run.code()).isZero();
    assertThat(addresses(run)).containsExactly("0", "1");
  }

  @Test
  void theScriptRefusesClearlyWhereThereIsNoGpu() throws Exception {
    assertThat(discover("", Map.of("PATH", "/usr/bin:/bin", "CUDA_VISIBLE_DEVICES", "")))
        .isEqualTo(new Run(1, "Cannot discover GPUs: CUDA_VISIBLE_DEVICES is empty"));
    assertThat(discover("echo 'No devices were found'", Map.of()))
        .isEqualTo(new Run(1, "Cannot discover GPUs: nvidia-smi lists none"));
    assertThat(discover("echo 'NVIDIA-SMI has failed'; exit 9", Map.of()))
        .isEqualTo(new Run(1, "Cannot discover GPUs: nvidia-smi failed: NVIDIA-SMI has failed"));
  }

  /** Exit code and what was printed. */
  private record Run(int code, String text) {}

  private Run discover(String smi, Map<String, String> environment) throws Exception {
    Path program = folder.resolve("nvidia-smi");
    Files.deleteIfExists(program);
    Files.createFile(
        program,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(program, "#!/bin/sh\n" + smi + "\n");
    ProcessBuilder builder = new ProcessBuilder(CONF.resolve("get-gpus").toString());
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), text.strip());
  }

  private static List<String> addresses(Run run) throws Exception {
    JsonNode json = RunFolder.JSON.readTree(run.text());
    assertThat(json.path("name").asText()).isEqualTo("gpu");
    return StreamSupport.stream(json.path("addresses").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  /** As spark-submit reads a file of properties. */
  private static SparkConf gpuConf() throws Exception {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(CONF.resolve("spark-gpu.conf"))) {
      properties.load(reader);
    }
    SparkConf conf = new SparkConf(false);
    properties
        .stringPropertyNames()
        .forEach(key -> conf.set(key, properties.getProperty(key).strip()));
    return conf;
  }
}
