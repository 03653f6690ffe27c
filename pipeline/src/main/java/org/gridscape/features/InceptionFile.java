package org.gridscape.features;

/** Where the network of the FID comes from; it is not shipped. */
final class InceptionFile {
  /** The file in which the community passes its weights on. */
  static final String WEIGHTS = "pt_inception-2015-12-05-6726825d.pth";

  /** How the SHA-256 of that file begins. */
  static final String WEIGHTS_HASH = "6726825d";

  private InceptionFile() {}

  /** How to make the ONNX file, as the end of a message. */
  static String howToMake(String file) {
    return "make it from %s, whose SHA-256 begins with %s: python notebooks/export_inception.py --weights %s --out %s"
        .formatted(WEIGHTS, WEIGHTS_HASH, WEIGHTS, file);
  }
}
