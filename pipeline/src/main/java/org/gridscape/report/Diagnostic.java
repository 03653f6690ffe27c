package org.gridscape.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One diagram of the report: what it draws and what a healthy run looks like in it.
 *
 * @param lines measurements drawn for every grid; the first solid, the second dashed
 * @param percent whether values are shares, shown in percent
 * @param sparse whether only some runs or iterations have values; drawn where there is one
 */
record Diagnostic(
    String id,
    String title,
    String meaning,
    String healthy,
    List<ToDoubleFunction<GridMetrics>> lines,
    boolean percent,
    boolean sparse) {

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
              false,
              false),
          new Diagnostic(
              "mean-f",
              "Mean of f",
              "Observed solid, synthesized dashed; higher is likelier.",
              "the two lines of a grid move together. Their common height means nothing.",
              List.of(GridMetrics::observedMean, GridMetrics::synthesizedMean),
              false,
              false),
          new Diagnostic(
              "deviation-f",
              "Spread of f",
              "Standard deviation over images; observed solid, synthesized dashed.",
              "both of similar size. A dashed line near 0 means that all samples look alike.",
              List.of(GridMetrics::observedDeviation, GridMetrics::synthesizedDeviation),
              false,
              false),
          new Diagnostic(
              "gradient-strength",
              "Gradient strength",
              "Mean over images of the length of df/dx, the force that drives the chains.",
              "rises, then settles. Growth without end announces divergence; a fall to 0 means that"
                  + " the network no longer guides the chains.",
              List.of(GridMetrics::gradientStrength),
              false,
              false),
          new Diagnostic(
              "clipped-share",
              "Clipped pixels",
              "Share of pixels that the chains held at the border of the pixel range.",
              "level, near the share of pure black and white in the real images. A climb towards"
                  + " 100 % means that the steps are too long.",
              List.of(GridMetrics::clippedShare),
              true,
              false),
          new Diagnostic(
              "gradient-norm",
              "Gradient norm",
              "Length of the parameter gradient.",
              "noisy but level, or falling slowly. Jumps to many times its usual size come before"
                  + " divergence.",
              List.of(GridMetrics::gradientNorm),
              false,
              false),
          new Diagnostic(
              "response",
              "Response distance",
              "Energy gap without its sign, in standard deviations of f of observed images: it does"
                  + " not depend on the scale of f.",
              "falls, then stays well below 1. A rise says that the network tells samples from real"
                  + " images more and more easily.",
              List.of(GridMetrics::relativeResponse),
              false,
              false),
          new Diagnostic(
              "variance-f",
              "Variance of f over the chains",
              "How unlike the synthesized images are to the network.",
              "settles away from 0. Near 0 the chains stand in one place: updates then go nowhere"
                  + " though the energy gap stays (KL vanishing).",
              List.of(GridMetrics::synthesizedVariance),
              false,
              false),
          new Diagnostic(
              "dissipation",
              "Dissipation of an update",
              "Half the variance over the chains of what the update before changed f by: with the"
                  + " temperature T of the chains, T\u00b2 times the divergence of the model from the"
                  + " one before it.",
              "level or slowly falling with the learning rate. Leaps are an unstable dissipation,"
                  + " which comes before damaged samples.",
              List.of(GridMetrics::measuredDissipation),
              false,
              true),
          new Diagnostic(
              "penalty-ratio",
              "Weight of the penalty",
              "gamma P / |energy gap|, P the mean of |df/dx|\u00b2 that gamma weighs.",
              "between 0.05 and 0.5 for most of the run; far below, the penalty does nothing. It"
                  + " leaps wherever the gap crosses 0.",
              List.of(grid -> grid.ofPenalty(PenaltyMetrics::ratio)),
              false,
              true),
          new Diagnostic(
              "penalty-gap",
              "Energy gap and penalty",
              "Energy gap solid, 2 gamma P dashed.",
              "the lines approach each other: they are equal once f has converged.",
              List.of(
                  grid -> grid.penalty().isEmpty() ? Double.NaN : grid.energyGap(),
                  grid -> grid.ofPenalty(PenaltyMetrics::restingGap)),
              false,
              true));
}
