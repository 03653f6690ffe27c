#!/usr/bin/env python3
"""Makes small images of every kind, and colours.txt: what PIL's convert("RGB") reads of them.

    python colours.py            needs numpy and pillow

A line is: file, height, width, then the pixels [3, height, width] in hexadecimals. Of grey images
with 16 bits PIL makes white wherever a sample is above 255: they are not in the file.
"""

import pathlib
import zlib

import numpy as np
from PIL import Image

FOLDER = pathlib.Path(__file__).parent
HEIGHT, WIDTH = 6, 9


def ramp(channels, top=255):
    y, x, c = np.indices((HEIGHT, WIDTH, channels))
    return (y * 53 + x * 29 + c * 101 + x * y * 7) % (top + 1)


def png(name, depth, colour, samples, extra=()):
    """A PNG of that bit depth and colour type, written chunk by chunk as PIL cannot."""

    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = WIDTH.to_bytes(4, "big") + HEIGHT.to_bytes(4, "big") + bytes([depth, colour, 0, 0, 0])
    rows = b""
    for row in samples.reshape(HEIGHT, -1):
        if depth == 16:
            packed = row.astype(">u2").tobytes()
        else:
            bits = "".join(f"{value:0{depth}b}" for value in row)
            bits += "0" * (-len(bits) % 8)
            packed = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        rows += b"\0" + packed
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    for kind, data in extra:
        content += chunk(kind, data)
    content += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    (FOLDER / name).write_bytes(content)


def smooth():
    """A picture with soft and hard edges, as photographs have."""
    y, x = np.indices((32, 48))
    waves = [np.sin(x / 5 + c) * np.cos(y / (4 + c)) for c in range(3)]
    picture = 127 + 90 * np.stack(waves, -1)
    picture[10:20, 15:30] = (220, 40, 60)
    return picture.clip(0, 255).astype(np.uint8)


def main():
    palette = bytes((i * 37 + c * 90) % 256 for i in range(16) for c in range(3))
    alpha = bytes((i * 50) % 256 for i in range(16))
    png("rgb.png", 8, 2, ramp(3))
    png("rgba.png", 8, 6, ramp(4))
    png("rgb-16.png", 16, 2, ramp(3) * 257 + 190 - ramp(3) % 190)
    png("rgba-16.png", 16, 6, ramp(4) * 200 + 77)
    png("rgb-key.png", 8, 2, ramp(3), [(b"tRNS", bytes(6))])
    png("grey.png", 8, 0, ramp(1))
    png("grey-1.png", 1, 0, ramp(1, 1))
    png("grey-2.png", 2, 0, ramp(1, 3))
    png("grey-4.png", 4, 0, ramp(1, 15))
    png("grey-key.png", 8, 0, ramp(1), [(b"tRNS", bytes([0, 29]))])
    png("grey-alpha.png", 8, 4, ramp(2))
    png("grey-alpha-16.png", 16, 4, ramp(2) * 200 + 77)
    png("palette.png", 4, 3, ramp(1, 15), [(b"PLTE", palette)])
    png("palette-alpha.png", 4, 3, ramp(1, 15), [(b"PLTE", palette), (b"tRNS", alpha)])
    png("grey-16.png", 16, 0, ramp(1) * 200 + 77)
    Image.fromarray(ramp(3).astype(np.uint8)).save(FOLDER / "rgb.bmp")
    photo = Image.fromarray(smooth())
    photo.save(FOLDER / "photo-444.jpg", quality=85, subsampling=0)
    photo.save(FOLDER / "photo-420.jpg", quality=85, subsampling=2)
    photo.convert("L").save(FOLDER / "photo-grey.jpg", quality=85)
    lines = []
    for file in sorted(FOLDER.glob("*.png")) + sorted(FOLDER.glob("*.jpg")) + [FOLDER / "rgb.bmp"]:
        if file.name != "grey-16.png":
            pixels = np.asarray(Image.open(file).convert("RGB"))
            height, width, _ = pixels.shape
            values = pixels.transpose(2, 0, 1).tobytes().hex()
            lines.append(f"{file.name} {height} {width} {values}")
    (FOLDER / "colours.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
