package org.gridscape.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What the surveys of all files say together. Lives on the driver.
 *
 * <p>Sums of bytes are integers, so means and deviations do not depend on how the images are cut.
 *
 * @param folder of the data set
 * @param settings it was made with
 * @param files one survey a file, training first, in order
 */
record DataSurvey(DataFolder folder, DataSettings settings, List<ShardSurvey> files) {

  /** Writes the table of colours and returns the manifest, which is not yet written. */
  Manifest manifest(List<String> classes, int sourceCount, List<Manifest.Reject> rejects)
      throws IOException {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        settings.named(),
        settings.shape(),
        classes,
        files.stream().map(ShardSurvey::shard).toList(),
        means(),
        deviations(),
        writeColours(),
        sourceCount,
        rejects,
        fingerprint());
  }

  private List<ShardSurvey> training() {
    return files.stream().filter(file -> file.shard().split().equals(Manifest.TRAIN)).toList();
  }

  private int trainCount() {
    return training().stream().mapToInt(file -> file.shard().rows()).sum();
  }

  private List<Double> means() {
    return perPixel(ShardSurvey::sums);
  }

  private List<Double> deviations() {
    List<Double> means = means();
    List<Double> squares = perPixel(ShardSurvey::squares);
    List<Double> deviations = new ArrayList<>();
    for (int c = 0; c < means.size(); c++) {
      deviations.add(Math.sqrt(Math.max(0, squares.get(c) - means.get(c) * means.get(c))));
    }
    return deviations;
  }

  private List<Double> perPixel(Function<ShardSurvey, long[]> sums) {
    double pixels = (double) trainCount() * settings.shape().side() * settings.shape().side();
    List<Double> averages = new ArrayList<>();
    for (int c = 0; c < settings.shape().channels(); c++) {
      int channel = c;
      long sum = training().stream().mapToLong(file -> sums.apply(file)[channel]).sum();
      averages.add(sum / pixels);
    }
    return averages;
  }

  private Manifest.ColourTable writeColours() throws IOException {
    int values = Math.multiplyExact(trainCount(), settings.shape().channels());
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    for (ShardSurvey file : training()) {
      for (float value : file.colours()) {
        bytes.putFloat(value);
      }
    }
    folder.write(DataFolder.COLOURS, bytes.array());
    String sha256 = Digest.hex(Digest.updated(bytes.array()));
    return new Manifest.ColourTable(DataFolder.COLOURS, trainCount(), bytes.capacity(), sha256);
  }

  private String fingerprint() {
    MessageDigest digest = Digest.sha256();
    files.forEach(file -> digest.update(file.digests()));
    return Digest.hex(digest);
  }
}
