package org.gridscape.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerMemoryTest {
  @TempDir private Path folder;
  private Path groups;
  private Path membership;

  @BeforeEach
  void name() {
    groups = folder.resolve("cgroup");
    membership = folder.resolve("membership");
  }

  @Test
  void versionTwoTakesTheNarrowestOnTheWayUp() throws IOException {
    write(membership, "0::/pod/container\n");
    write(groups.resolve("pod/container/memory.max"), "max\n");
    assertThat(ContainerMemory.limit(groups, membership)).isEmpty();
    write(groups.resolve("pod/memory.max"), "2147483648\n");
    write(groups.resolve("memory.max"), "4294967296\n");
    assertThat(ContainerMemory.limit(groups, membership)).hasValue(2147483648L);
  }

  @Test
  void versionOneHasAFolderForMemoryAndAVastNumberForNone() throws IOException {
    write(membership, "5:cpu,cpuacct:/a\n4:memory:/a\n");
    Path file = groups.resolve("memory/a/memory.limit_in_bytes");
    write(file, "9223372036854771712\n");
    assertThat(ContainerMemory.limit(groups, membership)).isEmpty();
    write(file, "1073741824\n");
    assertThat(ContainerMemory.limit(groups, membership)).hasValue(1073741824L);
  }

  @Test
  void aGroupOutsideOfWhatIsMountedCountsAsTheRoot() throws IOException {
    write(membership, "0::/../elsewhere\n");
    assertThat(ContainerMemory.limit(groups, membership)).isEmpty();
  }

  @Test
  void noControlGroupsNoLimit() {
    assertThat(ContainerMemory.limit(groups, membership)).isEmpty();
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
