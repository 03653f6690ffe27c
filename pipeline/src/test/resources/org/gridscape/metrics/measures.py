"""Writes measures.json: what the community's tools give for features that both sides draw alike.

Run with numpy, scipy, torch, torch-fidelity 0.4.0, pytorch-fid 0.3.0 and prdc:
python measures.py

Features come from RandomState's uniform numbers by operations that every machine rounds alike, so
that no features need to be stored (DrawnFeatures.java does the same).
"""

import json
import math
import pathlib
import warnings

import numpy as np
import scipy
import scipy.linalg
import scipy.stats
import torch
from prdc import compute_prdc
from pytorch_fid.fid_score import calculate_frechet_distance
from torch_fidelity.metric_fid import fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric

torch.set_num_threads(1)


def rows(seed, n, d, scale, shift, decay=0.0):
    """Features that depend on their neighbours and shrink with their number."""
    u = np.random.RandomState(seed).random_sample((n, d, 2))
    z = u[..., 0] + u[..., 1] - 1.0
    mixed = scale * (z + 0.5 * np.roll(z, 1, axis=1)) / (1.0 + decay * np.arange(d)) + shift
    return mixed.astype(np.float32)


def grid(seed, n, d, values):
    """Features that are small whole numbers: many equal rows and equal distances."""
    return np.floor(np.random.RandomState(seed).random_sample((n, d)) * values).astype(np.float32)


def fid(n1, n2, d, scale, shift, decay):
    first = rows(11, n1, d, 1.0, 0.25, decay).astype(np.float64)
    second = rows(12, n2, d, scale, shift, decay).astype(np.float64)
    stats = [
        {"mu": x.mean(axis=0), "sigma": np.atleast_2d(np.cov(x, rowvar=False))}
        for x in (first, second)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            by_root = float(
                calculate_frechet_distance(
                    stats[0]["mu"], stats[0]["sigma"], stats[1]["mu"], stats[1]["sigma"]
                )
            )
        except ValueError as error:
            print("pytorch-fid refuses", n1, n2, d, error)
            by_root = math.nan
    return {
        "n1": n1,
        "n2": n2,
        "d": d,
        "scale": scale,
        "shift": shift,
        "decay": decay,
        "pytorchFid": by_root if math.isfinite(by_root) else None,
        "torchFidelity": fid_statistics_to_metric(stats[0], stats[1], False)[
            "frechet_inception_distance"
        ],
        "nuclear": nuclear(first, second),
    }


def nuclear(x, y):
    """The distance with its root term as a sum of singular values, which squares nothing."""
    cx, cy = x - x.mean(axis=0), y - y.mean(axis=0)
    inner = cx @ cy.T / math.sqrt((len(x) - 1) * (len(y) - 1))
    shift = x.mean(axis=0) - y.mean(axis=0)
    return float(
        shift @ shift
        + (cx**2).sum() / (len(x) - 1)
        + (cy**2).sum() / (len(y) - 1)
        - 2 * np.linalg.svd(inner, compute_uv=False).sum()
    )


def kid(n1, n2, d, subsets, size, shift):
    result = kid_features_to_metric(
        torch.from_numpy(rows(21, n1, d, 1.0, 0.5).astype(np.float64)),
        torch.from_numpy(rows(22, n2, d, 1.2, shift).astype(np.float64)),
        kid_subsets=subsets,
        kid_subset_size=size,
        rng_seed=2020,
        verbose=False,
    )
    return {
        "n1": n1,
        "n2": n2,
        "d": d,
        "subsets": subsets,
        "size": size,
        "shift": shift,
        "mean": result["kernel_inception_distance_mean"],
        "deviation": result["kernel_inception_distance_std"],
    }


def isc(n, classes, splits, scale):
    result = isc_features_to_metric(
        torch.from_numpy(rows(31, n, classes, scale, 0.5)), splits, True, 2020
    )
    return {
        "n": n,
        "classes": classes,
        "splits": splits,
        "scale": scale,
        "mean": result["inception_score_mean"],
        "deviation": result["inception_score_std"],
    }


def neighbours(generated, reference, described):
    generated, reference = generated.astype(np.float64), reference.astype(np.float64)
    overlap = prc_features_to_metric(
        torch.from_numpy(generated),
        torch.from_numpy(reference),
        prc_neighborhood=3,
        prc_batch_size=10000,
        save_cpu_ram=False,
        verbose=False,
    )
    dense = compute_prdc(reference, generated, 5)
    return described | {
        "precision": overlap["precision"],
        "recall": overlap["recall"],
        "fScore": overlap["f_score"],
        "density": float(dense["density"]),
        "coverage": float(dense["coverage"]),
    }


def drawn_neighbours(n1, n2, d, scale, shift):
    return neighbours(
        rows(41, n1, d, scale, shift),
        rows(42, n2, d, 1.0, 0.0),
        {"n1": n1, "n2": n2, "d": d, "scale": scale, "shift": shift},
    )


def grid_neighbours(n1, n2, d, values1, values2):
    return neighbours(
        grid(43, n1, d, values1),
        grid(44, n2, d, values2),
        {"n1": n1, "n2": n2, "d": d, "values1": values1, "values2": values2},
    )


def mind(n1, n2, d, projections, shift):
    first = rows(51, n1, d, 1.0, 0.0).astype(np.float64)
    second = rows(52, n2, d, 1.1, shift).astype(np.float64)
    directions = np.random.RandomState(2020).randn(projections, d)
    directions /= np.sqrt((directions**2).sum(axis=1, keepdims=True))
    repeated = math.lcm(n1, n2)
    one = np.sort((first @ directions.T).repeat(repeated // n1, axis=0), axis=0)
    other = np.sort((second @ directions.T).repeat(repeated // n2, axis=0), axis=0)
    return {
        "n1": n1,
        "n2": n2,
        "d": d,
        "projections": projections,
        "shift": shift,
        "value": float(3 * d * ((one - other) ** 2).mean()),
    }


def line():
    sizes = [500, 700, 1100, 2000, 5000]
    distances = [31.2, 27.1, 22.9, 19.8, 17.2]
    fitted = scipy.stats.linregress([1 / n for n in sizes], distances)
    half = scipy.stats.t.ppf(0.975, len(sizes) - 2) * fitted.intercept_stderr
    return {
        "sizes": sizes,
        "distances": distances,
        "intercept": fitted.intercept,
        "slope": fitted.slope,
        "rSquared": fitted.rvalue**2,
        "lower": fitted.intercept - half,
        "upper": fitted.intercept + half,
    }


def jackknife():
    """The delete-block jackknife of the standard deviation, blocks of 5 of 40 numbers."""
    values = np.random.RandomState(61).random_sample(40)
    left_out = [float(np.delete(values, range(b, b + 5)).std()) for b in range(0, 40, 5)]
    blocks = len(left_out)
    spread = math.sqrt((blocks - 1) / blocks * sum((x - np.mean(left_out)) ** 2 for x in left_out))
    half = scipy.stats.t.ppf(0.975, blocks - 1) * spread
    return {
        "value": float(values.std()),
        "leftOut": left_out,
        "standardError": spread,
        "bias": float((blocks - 1) * (np.mean(left_out) - values.std())),
        "lower": float(values.std() - half),
        "upper": float(values.std() + half),
    }


if __name__ == "__main__":
    grid_sizes = [2**k for k in range(1, 7)]
    golden = {
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "torch": torch.__version__},
        "fullRank": [
            fid(500, 400, 16, 1.1, 0.3, 0.0),
            fid(800, 1000, 64, 0.7, 0.25, 0.02),
            fid(400, 600, 200, 1.0, 0.25, 0.0),
            fid(3000, 200, 3, 5.0, -4.0, 0.0),
            fid(300, 500, 1, 1.3, 0.5, 0.0),
        ],
        "deficient": [
            fid(64, 96, 100, 1.1, 0.3, 0.0),
            fid(40, 500, 64, 1.1, 0.3, 0.0),
            fid(500, 40, 64, 1.1, 0.3, 0.01),
            fid(128, 128, 256, 1.0, 0.25, 0.0),
            fid(64, 64, 64, 1.0, 0.3, 0.0),
        ],
        "small": [fid(n, n, c, 1.0, 0.25, 0.0) for n in grid_sizes for c in grid_sizes],
        "kid": [
            kid(300, 250, 32, 10, 100, 0.5),
            kid(120, 500, 8, 100, 50, 0.7),
            kid(60, 60, 200, 3, 60, 0.55),
        ],
        "isc": [isc(500, 20, 10, 6.0), isc(97, 7, 3, 2.0), isc(1000, 100, 1, 40.0)],
        "neighbours": [
            drawn_neighbours(200, 180, 16, 1.0, 0.1),
            drawn_neighbours(300, 500, 4, 0.8, 0.0),
            drawn_neighbours(1100, 700, 48, 1.05, 0.05),
            drawn_neighbours(50, 60, 8, 3.0, 0.5),
        ],
        "grids": [
            grid_neighbours(200, 150, 2, 6, 5),
            grid_neighbours(300, 400, 3, 4, 6),
            grid_neighbours(100, 90, 5, 2, 3),
            grid_neighbours(500, 500, 8, 3, 3),
        ],
        "mind": [mind(60, 60, 8, 50, 0.4), mind(45, 100, 20, 30, 0.0), mind(700, 7, 3, 10, 1.0)],
        "line": line(),
        "jackknife": jackknife(),
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(golden, indent=1) + "\n")
