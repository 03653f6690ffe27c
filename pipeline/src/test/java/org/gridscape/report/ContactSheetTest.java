package org.gridscape.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.gridscape.image.ImageBatch;
import org.gridscape.image.ImageShape;
import org.gridscape.image.PixelRange;
import org.gridscape.pyramid.GridLadder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContactSheetTest {
  private static final ContactSheet SHEET = new ContactSheet(2, 4);

  @Test
  void laysTilesInRowsWithGaps() throws IOException {
    float[] pixels = {0, 50, 100, 150, 200, 255};
    BufferedImage sheet =
        decode(SHEET.png(new ImageBatch(new ImageShape(1, 1), 6, pixels), PixelRange.BYTES));
    assertThat(List.of(sheet.getWidth(), sheet.getHeight())).containsExactly(20, 28);
    for (int i = 0; i < 6; i++) {
      int left = 4 + i % 2 * 8;
      int top = 4 + i / 2 * 8;
      assertThat(sheet.getRaster().getSample(left, top, 0)).isEqualTo((int) pixels[i]);
      assertThat(sheet.getRaster().getSample(left + 3, top + 3, 0)).isEqualTo((int) pixels[i]);
      assertThat(sheet.getRaster().getSample(left + 4, top, 0)).isEqualTo(0xd0);
      assertThat(sheet.getRaster().getSample(left, top - 1, 0)).isEqualTo(0xd0);
    }
  }

  @Test
  void scalesUpByReplication() throws IOException {
    float[] pixels = {-1, 1, 0.2f, -0.4f};
    BufferedImage sheet =
        decode(SHEET.png(new ImageBatch(new ImageShape(1, 2), 1, pixels), PixelRange.SIGNED_UNIT));
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        int grey = PixelRange.SIGNED_UNIT.toByte(pixels[y / 2 * 2 + x / 2]) & 0xff;
        assertThat(sheet.getRaster().getSample(4 + x, 4 + y, 0)).isEqualTo(grey);
      }
    }
  }

  @Test
  void givesAllGridsSheetsOfOneSize() throws IOException {
    ContactSheet sheet = ContactSheet.of(MadeUpRun.LADDER, 3);
    assertThat(sheet.tileSide()).isEqualTo(64);
    ImageBatch images = ImageBatch.zeros(new ImageShape(3, 32), 5);
    for (int side : MadeUpRun.LADDER.gridSides()) {
      ImageBatch grid = GridLadder.average(images, side);
      BufferedImage picture = decode(sheet.png(grid, PixelRange.SIGNED_UNIT));
      assertThat(picture.getWidth()).isEqualTo(3 * 68 + 4);
      assertThat(picture.getHeight()).isEqualTo(2 * 68 + 4);
    }
  }

  @Test
  void fitsTilesToLaddersOfAnySide() {
    assertThat(ContactSheet.of(new GridLadder(List.of(1, 7, 28)), 3).tileSide()).isEqualTo(84);
    assertThat(ContactSheet.of(new GridLadder(List.of(1, 4, 16, 64)), 3).tileSide()).isEqualTo(64);
    assertThat(ContactSheet.of(new GridLadder(List.of(1, 128)), 3).tileSide()).isEqualTo(128);
  }

  @Test
  void keepsColoursInOrder() throws IOException {
    float[] pixels = {255, 0, 128, 10, 0, 20};
    ImageBatch images = new ImageBatch(new ImageShape(3, 1), 2, pixels);
    BufferedImage sheet = decode(SHEET.png(images, PixelRange.BYTES));
    assertThat(sheet.getRGB(4, 4)).isEqualTo(0xffff0080);
    assertThat(sheet.getRGB(12, 4)).isEqualTo(0xff0a0014);
    assertThat(sheet.getRGB(0, 0)).isEqualTo(0xffd0d0d0);
  }

  @Test
  void writesSingleImagesInTheirOwnSize(@TempDir Path folder) throws IOException {
    float[] pixels = {0, 0, 0, 0, 1, 2, 3, 4};
    Path file = folder.resolve("images/one.png");
    ImageBatch images = new ImageBatch(new ImageShape(1, 2), 2, pixels);
    ContactSheet.writeImage(images, 1, PixelRange.BYTES, file);
    BufferedImage picture = decode(Files.readAllBytes(file));
    assertThat(picture.getRaster().getSamples(0, 0, 2, 2, 0, (int[]) null))
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void repeatsItselfByteForByte(@TempDir Path folder) throws IOException {
    ImageBatch images = ImageBatch.zeros(new ImageShape(3, 2), 3);
    byte[] png = SHEET.png(images, PixelRange.SIGNED_UNIT);
    SHEET.write(images, PixelRange.SIGNED_UNIT, folder.resolve("a/sheet.png"));
    assertThat(folder.resolve("a/sheet.png")).hasBinaryContent(png);
  }

  @Test
  void rejectsLayoutsThatFitNoImage() {
    assertThatThrownBy(() -> new ContactSheet(0, 4))
        .hasMessage("Invalid sheet columns: 0 (must be >= 1)");
    assertThatThrownBy(() -> new ContactSheet(1, 0))
        .hasMessage("Invalid tile side: 0 (must be >= 1)");
    ImageBatch images = ImageBatch.zeros(new ImageShape(1, 3), 1);
    assertThatThrownBy(() -> SHEET.png(images, PixelRange.BYTES))
        .hasMessage("Invalid tile side: 4 (must be a multiple of image side 3)");
  }

  private static BufferedImage decode(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
