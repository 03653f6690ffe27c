#!/usr/bin/env python3
"""Makes resize.txt: what the originals of the four protocols make of small images.

    python resize.py            needs numpy, pillow, torch, torch-fidelity and clean-fid

A line is: image, height, width, protocol, side, CRC-32 and sum of the network's input [3, side,
side], then every 997th of its values (every 9th where there are fewer than 2000); values count as
big-endian 32-bit floats. The images are made by the same formulas in ProtocolTest.
"""

import pathlib
import zlib

import numpy as np
import torch
import torch.nn.functional as F
from cleanfid.resize import make_resizer
from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x

FOLDER = pathlib.Path(__file__).parent
SIDES = (13, 32, 64, 299)


def checkerboard(c, y, x):
    return ((x + y + c) % 2) * 255


def stripes(c, y, x):
    return (y * 17 + x * x * 7 + c * 91 + y * x) % 256


def noise(c, y, x):
    value = (c * 1009 + y) * 2003 + x
    value = (value * 1103515245 + 12345) % 2**31
    return (value >> 16) % 256


IMAGES = [
    (checkerboard, 32, 32),
    (stripes, 5, 7),
    (stripes, 40, 23),
    (noise, 64, 64),
    (noise, 1, 3),
    (noise, 350, 301),
]


def tf_legacy(image, side):
    pixels = torch.from_numpy(image)[None].float()
    resized = interpolate_bilinear_2d_like_tensorflow1x(pixels, size=(side, side), align_corners=False)
    return ((resized - 128) / 128)[0].numpy()


def pytorch_legacy(image, side):
    pixels = torch.from_numpy(image)[None].to(torch.get_default_dtype()).div(255)
    resized = F.interpolate(pixels, size=(side, side), mode="bilinear", align_corners=False)
    return (2 * resized - 1)[0].numpy()


def clean(image, side):
    resize = make_resizer("PIL", False, "bicubic", (side, side))
    resized = torch.from_numpy(resize(image.transpose(1, 2, 0)).transpose(2, 0, 1))
    return ((resized - 128) / 128).numpy()


def antialias_bilinear(image, side):
    pixels = torch.from_numpy(image)[None].float()
    resized = F.interpolate(
        pixels, size=(side, side), mode="bilinear", align_corners=False, antialias=True
    )
    return ((resized - 128) / 128)[0].numpy()


def main():
    torch.set_num_threads(1)
    lines = []
    for make, height, width in IMAGES:
        image = make(*np.indices((3, height, width))).astype(np.uint8)
        for protocol in (tf_legacy, pytorch_legacy, clean, antialias_bilinear):
            for side in SIDES:
                values = np.ascontiguousarray(protocol(image, side), dtype=np.float32)
                flat = values.ravel()
                kept = flat[:: 9 if flat.size < 2000 else 997]
                lines.append(
                    f"{make.__name__} {height} {width} {protocol.__name__.replace('_', '-')} {side} "
                    f"{zlib.crc32(flat.astype('>f4').tobytes()):08x} "
                    f"{flat.astype(np.float64).sum():.17g} {kept.astype('>f4').tobytes().hex()}"
                )
    (FOLDER / "resize.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
