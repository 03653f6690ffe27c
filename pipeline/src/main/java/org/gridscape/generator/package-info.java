/**
 * What brings an image from one grid to the next and from a normal code to the coarsest: the hidden
 * space, trainable upsampling and the encoder of GGCN (after Wu et al. 2019; derived).
 */
package org.gridscape.generator;
