/**
 * Short-run Langevin chains on one grid, and where they start.
 *
 * <p>The step: x <- clip(x + a (df/dx - x/s^2) + b z), z ~ N(0, I); temperature T = b^2 / (2 a).
 * Source: Gao et al. 2018, the Langevin update of the multi-grid sampling section, with step and
 * noise named apart; the paper's a = eps^2/2 and b = eps.
 */
package org.gridscape.langevin;
