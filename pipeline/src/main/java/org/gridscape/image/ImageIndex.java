package org.gridscape.image;

import java.io.FileNotFoundException;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;

/** The images of a source by name, and where each lies. */
final class ImageIndex {
  private final List<String> names;
  private final long[] positions;
  private final int[] lengths;
  private final int[] labels;

  private ImageIndex(List<String> names) {
    this.names = names;
    positions = new long[names.size()];
    lengths = new int[names.size()];
    labels = new int[names.size()];
  }

  /** Images by their names. */
  static ImageIndex of(NavigableMap<String, ImagePlace> places) {
    ImageIndex index = new ImageIndex(List.copyOf(places.keySet()));
    int i = 0;
    for (ImagePlace place : places.values()) {
      index.set(i++, place);
    }
    return index;
  }

  /** Images named by their numbers. */
  static ImageIndex of(List<ImagePlace> places) {
    ImageIndex index = new ImageIndex(new NumberNames(places.size()));
    for (int i = 0; i < places.size(); i++) {
      index.set(i, places.get(i));
    }
    return index;
  }

  /** Images of one size, one after the other from a position on, named by their numbers. */
  static ImageIndex of(int count, long first, int size) {
    ImageIndex index = new ImageIndex(new NumberNames(count));
    for (int i = 0; i < count; i++) {
      index.set(i, new ImagePlace(first + (long) i * size, size, -1));
    }
    return index;
  }

  private void set(int image, ImagePlace place) {
    positions[image] = place.position();
    lengths[image] = place.length();
    labels[image] = place.label();
  }

  /** Ascending and unique. */
  List<String> names() {
    return names;
  }

  /**
   * Where an image lies.
   *
   * @throws FileNotFoundException if there is none of that name
   */
  ImagePlace place(String name) throws FileNotFoundException {
    int image = Collections.binarySearch(names, name);
    if (image < 0) {
      throw new FileNotFoundException("Cannot find image: " + name);
    }
    return new ImagePlace(positions[image], lengths[image], labels[image]);
  }
}
