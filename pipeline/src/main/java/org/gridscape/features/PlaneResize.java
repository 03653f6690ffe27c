package org.gridscape.features;

/**
 * Resizes planes of one size to a square, row by row. What depends on the sizes alone is computed
 * once. Not thread-safe.
 */
interface PlaneResize {

  /**
   * Resizes one plane.
   *
   * @param pixels holds the plane, row after row of unsigned bytes
   * @param from where it begins
   * @param out receives side x side values, row after row
   */
  void apply(byte[] pixels, int from, float[] out);
}
