"""Writes the images that ImageFormatsTest reads: python images.py FOLDER (numpy 2, Pillow 12)."""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
y, x = np.mgrid[0:5, 0:7]
colour = np.stack([20 * x + 3 * y, 30 * y + x, 255 - 10 * x - 20 * y], axis=2).astype(np.uint8)
grey = colour[:, :, 0]
alpha = np.dstack([colour, np.where(x < 4, 255, 0).astype(np.uint8)])

Image.fromarray(colour).save(folder / "colour.ppm")
Image.fromarray(grey).save(folder / "grey.pgm")
Image.fromarray(colour).save(folder / "colour.tif", compression="tiff_lzw")
Image.fromarray(grey).save(folder / "grey.tiff", compression="raw")
Image.fromarray(alpha).save(folder / "alpha.tif", compression="tiff_deflate")
Image.fromarray(colour).save(folder / "colour.webp", lossless=True)
Image.fromarray(alpha).save(folder / "alpha.webp", lossless=True, exact=True)
Image.fromarray(np.full((16, 16, 3), (200, 100, 50), np.uint8)).save(folder / "lossy.webp", quality=90)
Image.fromarray((grey / 255.0).astype(np.float32)).save(folder / "floats.tif")
(folder / "plain.pgm").write_text("P2\n# a comment\n3 2\n15\n0 5 10\n15 1 2\n")
(folder / "deep.pgm").write_bytes(b"P5 2 1 65535\n" + bytes([0xFF, 0xFF, 0x33, 0x33]))
