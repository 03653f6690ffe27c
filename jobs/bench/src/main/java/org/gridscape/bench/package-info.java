/** Benchmarks of the kernels that the chains spend their time in beside the network. */
package org.gridscape.bench;
