package org.gridscape.langevin;

/**
 * What the chains of one batch did.
 *
 * @param gradientStrengthSum sum over images of ||df/dx||, averaged over the steps
 * @param clippedPixels pixels that the last step clipped
 */
public record ChainDiagnostics(double gradientStrengthSum, long clippedPixels) {}
