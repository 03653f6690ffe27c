"""Writes the arrays that NpzFileTest reads: python arrays.py FOLDER (numpy 2)."""

import sys
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
table = np.arange(12, dtype=np.float64).reshape(3, 4) / 8 - 0.5
arrays = {
    "f8": table,
    "f4": table.astype(np.float32),
    "fortran": np.asfortranarray(table),
    "cube": np.asfortranarray(np.arange(24, dtype=np.int32).reshape(2, 3, 4)),
    "big": table.astype(">f8"),
    "u1": np.arange(250, 256, dtype=np.uint8),
    "i2": np.array([-2, 300], dtype=np.int16),
    "i4": np.array([-1, 2**31 - 1], dtype=np.int32),
    "i8": np.array([-(2**63), 2**63 - 1]),
    "bool": np.array([True, False, True]),
    "single": np.array(42),
    "none": np.zeros((0, 5)),
    "text": np.array("pool3 \u00e9 \U0001f600"),
    "big_text": np.array("clean").astype(">U9"),
    "bytes": np.array(b"legacy"),
    "object": np.array({"a": 1}, dtype=object),
    "record": np.zeros(2, dtype=[("a", "<f4"), ("b", "<i8")]),
    "complex": np.zeros(2, dtype=complex),
}
np.savez(folder / "stored.npz", **arrays)
np.savez_compressed(folder / "deflated.npz", **arrays)


def versioned(name, version):
    import io
    import zipfile

    with zipfile.ZipFile(folder / name, "w") as archive:
        content = io.BytesIO()
        npy.write_array(content, table, version=version)
        archive.writestr("table.npy", content.getvalue())
        archive.writestr("notes.txt", "no array")


versioned("version2.npz", (2, 0))
versioned("version3.npz", (3, 0))
