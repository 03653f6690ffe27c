package org.gridscape.jobs;

import org.apache.spark.sql.SparkSession;
import org.gridscape.dataset.DataSettings;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.Preparation;
import org.gridscape.image.EmbeddedSource;

/** Finds the data set of a run, preparing an embedded one that is missing. */
final class PreparedData {
  private PreparedData() {}

  static Manifest open(SparkSession spark, DataSettings settings) {
    if (EmbeddedSource.NAMES.contains(settings.source())) {
      return Preparation.prepare(spark, settings);
    }
    Manifest manifest = Manifest.read(settings.target());
    manifest.requireMadeWith(settings);
    return manifest;
  }
}
