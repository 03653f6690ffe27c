"""Writes the statistics that StatisticsFileTest reads: python statistics.py FOLDER (numpy 2)."""

import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
random = np.random.RandomState(7)
rows = random.randn(40, 5) @ random.randn(5, 5) + 3
layer = random.randn(40, 3) + 1
first, second = rows[:15], rows[15:]


def moments(values, ddof=1):
    return {"mu": values.mean(axis=0), "sigma": np.cov(values, rowvar=False, ddof=ddof)}


# As pytorch-fid and TTUR write them, as EDM does, as ADM does in its reference batches.
np.savez_compressed(folder / "whole.npz", **moments(rows))
whole = moments(rows)
np.savez(
    folder / "floats.npz",
    mu=whole["mu"].astype(np.float32),
    sigma=np.asfortranarray(whole["sigma"].astype(np.float32)),
)
np.savez(
    folder / "batch.npz",
    arr_0=np.zeros((40, 2, 2, 3), np.uint8),
    **whole,
    mu_s=layer.mean(axis=0),
    sigma_s=np.cov(layer, rowvar=False),
)
known = {"extractor": np.array("small"), "protocol": np.array("clean")}
np.savez(folder / "first.npz", **moments(first), n=15, dataset=np.array("first"), **known)
np.savez(
    folder / "second.npz",
    **moments(second, ddof=0),
    n=25,
    ddof=0,
    dataset=np.array("second"),
    extractor_sha256=np.array("ab"),
    **known,
)
