/**
 * Pictures leave here: contact sheets of images, the log of a run, and one self-contained page that
 * shows both.
 *
 * <p>A run folder enters ({@link org.gridscape.report.HtmlReport} lists its files). Observed images
 * are the real ones, synthesized images those drawn from the model.
 */
package org.gridscape.report;
