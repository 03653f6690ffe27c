/** What the community's Python tools write and draw: arrays in files and legacy random numbers. */
package org.gridscape.numpy;
