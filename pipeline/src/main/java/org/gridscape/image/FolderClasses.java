package org.gridscape.image;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/**
 * Classes by folder: an image belongs to the class that its folder is named after.
 *
 * <p>There are classes if every image lies in a folder and the folders have at least two names;
 * {@code train/boot/7.png} and {@code test/boot/9.png} are both of class {@code boot}.
 *
 * @param names of the classes, ascending; a label is an index into them; empty if there are none
 */
public record FolderClasses(List<String> names) implements Serializable {

  /** Copies the names. */
  public FolderClasses {
    names = List.copyOf(names);
  }

  /** The classes of images with these names, as an {@link ImageSource} gives them. */
  public static FolderClasses of(List<String> imageNames) {
    if (imageNames.stream().anyMatch(name -> name.indexOf('/') < 0)) {
      return new FolderClasses(List.of());
    }
    List<String> folders =
        imageNames.stream().map(FolderClasses::folder).distinct().sorted().toList();
    return new FolderClasses(folders.size() < 2 ? List.of() : folders);
  }

  /** The class of an image, or -1 where there are no classes. */
  public int label(String imageName) {
    return names.isEmpty() ? -1 : Collections.binarySearch(names, folder(imageName));
  }

  private static String folder(String imageName) {
    String path = imageName.substring(0, imageName.lastIndexOf('/'));
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
