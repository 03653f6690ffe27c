/**
 * Learning on one machine: the chains and contrastive gradients of a cell, and what the driver does
 * with their sum.
 *
 * <p>Source: Gao et al. 2018, Algorithm 1. Gradients are of the log-likelihood, so updates ascend.
 */
package org.gridscape.learning;
