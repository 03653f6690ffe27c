/**
 * The grids of an image, coarse to fine: block averaging down, replication up.
 *
 * <p>Source: Gao, Lu, Zhou, Zhu, Wu, "Learning Generative ConvNets via Multi-grid Modeling and
 * Sampling", CVPR 2018, section on multi-grid modelling.
 */
package org.gridscape.pyramid;
