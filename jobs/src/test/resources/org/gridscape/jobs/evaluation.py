#!/usr/bin/env python3
"""Makes generated.npz and reference.npz, small sets of images, and evaluation.json: what others say of them.

    python evaluation.py            needs numpy, scipy, onnx, torch, torch-fidelity, pytorch-fid and prdc

The network is tiny-network.onnx of the pipeline's tests, computed by PyTorch. Images come to it by
torch-fidelity's resize. The figures of its features are those of the packages themselves: FID of
pytorch-fid, KID, Inception Score, precision and recall of torch-fidelity, density and coverage of prdc.
"""

import json
import pathlib

import numpy as np
import onnx
import prdc
import torch
from onnx import numpy_helper
from pytorch_fid.fid_score import calculate_frechet_distance
from torch_fidelity import metric_isc, metric_kid, metric_prc
from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x

FOLDER = pathlib.Path(__file__).parent
NETWORK = FOLDER.parents[6] / "pipeline/src/test/resources/org/gridscape/features/tiny-network.onnx"
SIDE = 15
HEIGHT, WIDTH = 9, 12
GENERATED, REFERENCE = 40, 50
SEED = 2020
SUBSETS, SUBSET_SIZE = 20, 30
SPLITS = 4


def images(random, count, contrast):
    """[count, height, width, 3]: waves of a random phase, with grain."""
    _, y, x, c = np.indices((count, HEIGHT, WIDTH, 3))
    phase = random.uniform(0, 6, (count, 1, 1, 3))
    scale = random.uniform(0.2, 1.2, (count, 1, 1, 1))
    grain = random.standard_normal(x.shape) * 15
    waves = np.sin(phase + scale * x + c) * np.cos(scale * y)
    return np.clip(128 + contrast * waves + grain, 0, 255).astype(np.uint8)


def network(pixels):
    """Features and logits of images."""
    held = {part.name: torch.tensor(numpy_helper.to_array(part)) for part in onnx.load(NETWORK).graph.initializer}
    planes = torch.from_numpy(pixels).permute(0, 3, 1, 2).float()
    resized = interpolate_bilinear_2d_like_tensorflow1x(planes, size=(SIDE, SIDE), align_corners=False)
    layer = torch.conv2d((resized - 128) / 128, held["kernel"], held["bias"], stride=2)
    features = torch.relu(layer).mean((2, 3))
    return features, features @ held["classes"]


def moments(features):
    values = features.double().numpy()
    return values.mean(0), np.cov(values, rowvar=False)


def main():
    random = np.random.RandomState(3)
    sets = {"generated": images(random, GENERATED, 80), "reference": images(random, REFERENCE, 95)}
    for name, pixels in sets.items():
        np.savez_compressed(FOLDER / f"{name}.npz", arr_0=pixels)
    (generated, logits), (reference, _) = (network(pixels) for pixels in sets.values())
    # In double, as ours: the network's own rounding is what is left.
    doubles = generated.double(), reference.double()
    figures = {
        "frechet_inception_distance": float(
            calculate_frechet_distance(*moments(generated), *moments(reference))
        ),
        **metric_kid.kid_features_to_metric(
            *doubles, kid_subsets=SUBSETS, kid_subset_size=SUBSET_SIZE, rng_seed=SEED, verbose=False
        ),
        **metric_isc.isc_features_to_metric(logits, SPLITS, True, SEED),
        **metric_prc.prc_features_to_metric(*doubles, verbose=False, save_cpu_ram=False),
    }
    found = prdc.compute_prdc(doubles[1].numpy(), doubles[0].numpy(), nearest_k=5)
    figures.update(density=float(found["density"]), coverage=float(found["coverage"]))
    (FOLDER / "evaluation.json").write_text(json.dumps(figures, indent=4) + "\n")


if __name__ == "__main__":
    main()
