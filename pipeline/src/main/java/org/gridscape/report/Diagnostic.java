package org.gridscape.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One diagram of the report: what it draws and what a healthy run looks like in it.
 *
 * @param lines measurements drawn for every grid; the first solid, the second dashed
 * @param percent whether values are shares, shown in percent
 */
record Diagnostic(
    String id,
    String title,
    String meaning,
    String healthy,
    List<ToDoubleFunction<GridMetrics>> lines,
    boolean percent) {

  /** The diagrams drawn once for every grid, in the order of the page. */
  static final List<Diagnostic> ALL =
      List.of(
          new Diagnostic(
              "energy-gap",
              "Energy gap",
              "Mean f of observed minus mean f of synthesized images.",
              "settles around 0 and stays within a few tenths. A steady drift means that the"
                  + " chains cannot follow the network; growing swings, that the learning rate is"
                  + " too high.",
              List.of(GridMetrics::energyGap),
              false),
          new Diagnostic(
              "mean-f",
              "Mean of f",
              "Observed solid, synthesized dashed; higher is likelier.",
              "the two lines of a grid move together. Their common height means nothing.",
              List.of(GridMetrics::observedMean, GridMetrics::synthesizedMean),
              false),
          new Diagnostic(
              "deviation-f",
              "Spread of f",
              "Standard deviation over images; observed solid, synthesized dashed.",
              "both of similar size. A dashed line near 0 means that all samples look alike.",
              List.of(GridMetrics::observedDeviation, GridMetrics::synthesizedDeviation),
              false),
          new Diagnostic(
              "gradient-strength",
              "Gradient strength",
              "Mean over images of the length of df/dx, the force that drives the chains.",
              "rises, then settles. Growth without end announces divergence; a fall to 0 means that"
                  + " the network no longer guides the chains.",
              List.of(GridMetrics::gradientStrength),
              false),
          new Diagnostic(
              "clipped-share",
              "Clipped pixels",
              "Share of pixels that the chains held at the border of the pixel range.",
              "level, near the share of pure black and white in the real images. A climb towards"
                  + " 100 % means that the steps are too long.",
              List.of(GridMetrics::clippedShare),
              true),
          new Diagnostic(
              "gradient-norm",
              "Gradient norm",
              "Length of the parameter gradient.",
              "noisy but level, or falling slowly. Jumps to many times its usual size come before"
                  + " divergence.",
              List.of(GridMetrics::gradientNorm),
              false));
}
