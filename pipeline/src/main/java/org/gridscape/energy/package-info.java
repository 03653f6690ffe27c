/**
 * The descriptors f of the grids: their networks, and the engines that compute f and its gradients.
 *
 * <p>Sign: f is the negative energy, higher is likelier. The energy of an image y on a grid is U(y)
 * = -f(y) + |y|^2 / (2 s^2), where s is the deviation of the Gaussian reference, or infinite.
 * Source: Gao et al. 2018, section on the model of one grid; Xie, Lu, Zhu, Wu 2016 for the form.
 */
package org.gridscape.energy;
