package org.gridscape.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * The columns of a Parquet file that hold its images.
 *
 * @param projection the columns that are read
 * @param path of the binary column: its name, or that of a structure and that of its part
 * @param side of samples, 0 for encoded images
 */
record ParquetColumns(MessageType projection, List<String> path, int side) {
  private static final List<String> NAMES = List.of("image", "img", "bytes");
  private static final Pattern GRID = Pattern.compile("pixels_grid_(\\d{1,5})");
  private static final String LABEL = "label";

  /**
   * Finds the columns.
   *
   * @throws IOException if the file has none that hold images
   */
  static ParquetColumns of(MessageType schema) throws IOException {
    OptionalInt finest = finest(schema);
    if (finest.isPresent() && is(schema, "image", PrimitiveTypeName.INT32)) {
      String pixels = "pixels_grid_" + finest.getAsInt();
      return new ParquetColumns(
          projection(schema, List.of("image", "channels", pixels)),
          List.of(pixels),
          finest.getAsInt());
    }
    for (String name : NAMES) {
      Optional<Type> column = column(schema, name);
      if (column.isPresent()) {
        return encoded(schema, name, column.get());
      }
    }
    throw new IOException(
        "columns %s (must have binary image, image.bytes, img.bytes or bytes, or be samples of gridscape)"
            .formatted(schema.getFields().stream().map(ParquetColumns::shown).toList()));
  }

  private static String shown(Type type) {
    return type.isPrimitive()
        ? type.getName() + " " + type.asPrimitiveType().getPrimitiveTypeName()
        : type.getName() + " structure";
  }

  private static OptionalInt finest(MessageType schema) {
    return schema.getFields().stream()
        .map(field -> GRID.matcher(field.getName()))
        .filter(Matcher::matches)
        .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
        .max();
  }

  private static boolean is(GroupType group, String name, PrimitiveTypeName type) {
    return group.containsField(name)
        && group.getType(name).isPrimitive()
        && !group.getType(name).isRepetition(Type.Repetition.REPEATED)
        && group.getType(name).asPrimitiveType().getPrimitiveTypeName() == type;
  }

  /** The column, or the structure cut down to it, if it holds images. */
  private static Optional<Type> column(MessageType schema, String name) {
    if (is(schema, name, PrimitiveTypeName.BINARY)) {
      return Optional.of(schema.getType(name));
    }
    boolean structure =
        schema.containsField(name)
            && !schema.getType(name).isPrimitive()
            && !schema.getType(name).isRepetition(Type.Repetition.REPEATED)
            && is(schema.getType(name).asGroupType(), "bytes", PrimitiveTypeName.BINARY);
    if (!structure) {
      return Optional.empty();
    }
    GroupType group = schema.getType(name).asGroupType();
    return Optional.of(group.withNewFields(group.getType("bytes")));
  }

  private static ParquetColumns encoded(MessageType schema, String name, Type column) {
    List<Type> fields = new ArrayList<>(List.of(column));
    if (is(schema, LABEL, PrimitiveTypeName.INT32) || is(schema, LABEL, PrimitiveTypeName.INT64)) {
      fields.add(schema.getType(LABEL));
    }
    return new ParquetColumns(
        new MessageType(schema.getName(), fields),
        column.isPrimitive() ? List.of(name) : List.of(name, "bytes"),
        0);
  }

  private static MessageType projection(MessageType schema, List<String> names) {
    return new MessageType(schema.getName(), names.stream().map(schema::getType).toList());
  }

  boolean isSamples() {
    return side > 0;
  }

  /** The bytes of a row's image, none if it has none. */
  byte[] image(Group row) {
    Group holder = row;
    for (String name : path) {
      if (holder.getFieldRepetitionCount(name) == 0) {
        return new byte[0];
      }
      if (holder.getType().getType(name).isPrimitive()) {
        return holder.getBinary(name, 0).getBytes();
      }
      holder = holder.getGroup(name, 0);
    }
    return new byte[0];
  }

  /** The class of a row's image, or -1 where none is known. */
  int label(Group row) {
    if (!projection.containsField(LABEL) || row.getFieldRepetitionCount(LABEL) == 0) {
      return -1;
    }
    boolean narrow =
        projection.getType(LABEL).asPrimitiveType().getPrimitiveTypeName()
            == PrimitiveTypeName.INT32;
    long label = narrow ? row.getInteger(LABEL, 0) : row.getLong(LABEL, 0);
    return label >= 0 && label <= Integer.MAX_VALUE ? (int) label : -1;
  }
}
