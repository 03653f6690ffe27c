/**
 * Data enters here: sources of images, their decoding, and the two forms in which images are held,
 * packed bytes at rest ({@link org.gridscape.image.ImageBlock}) and floats in a pixel range under
 * computation ({@link org.gridscape.image.ImageBatch}).
 */
package org.gridscape.image;
