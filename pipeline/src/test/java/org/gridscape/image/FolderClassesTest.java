package org.gridscape.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FolderClassesTest {
  @Test
  void namesClassesAfterTheFoldersOfTheImages() {
    FolderClasses classes =
        FolderClasses.of(List.of("test/boot/2.png", "train/bag/1.png", "train/boot/1.png"));
    assertThat(classes.names()).containsExactly("bag", "boot");
    assertThat(classes.label("train/bag/1.png")).isEqualTo(0);
    assertThat(classes.label("test/boot/2.png")).isEqualTo(1);
  }

  @Test
  void findsNoClassesInOneFolderOrWhereAnImageLiesInNone() {
    for (List<String> names :
        List.of(
            List.of("all/1.png", "all/2.png"),
            List.of("1.png", "bag/1.png", "boot/1.png"),
            List.of("00000", "00001"),
            List.<String>of())) {
      FolderClasses classes = FolderClasses.of(names);
      assertThat(classes.names()).as("%s", names).isEmpty();
      names.forEach(name -> assertThat(classes.label(name)).isEqualTo(-1));
    }
  }
}
