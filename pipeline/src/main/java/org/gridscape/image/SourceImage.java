package org.gridscape.image;

/**
 * An image as its source delivers it.
 *
 * @param pixels the decoded pixels, at the source's own size
 * @param label the class, or -1 where none is known
 */
public record SourceImage(SourcePixels pixels, int label) {}
