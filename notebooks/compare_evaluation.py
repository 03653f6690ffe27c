#!/usr/bin/env python3
"""Compares `gridscape evaluate` with pytorch-fid, torch-fidelity and clean-fid on the same images.

    python export_inception.py --random 1 --out random.onnx --pth random.pth
    python compare_evaluation.py --onnx random.onnx --pth random.pth

All see the same two seeded sets of PNG files, two thirds of them of 64x64 pixels and the others of
mixed sizes, through the same network (the two files that export_inception.py writes of one seed),
each peer under the protocol that is its own. Also compared: statistics files that one tool writes
and the other reads.

Prints every figure with its deviation and ends with exit code 1 if one deviates by more than is
allowed (TOLERANCES). Needs torch, torchvision, pytorch-fid, torch-fidelity and clean-fid, and a
Gridscape that runs.
"""

import argparse
import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
SEED = 2020
SUBSETS = 100
SIZES = [(64, 64), (64, 64), (64, 64), (64, 64), (48, 72), (320, 301)]
# Relative deviations. Networks in single precision agree to about 1e-6, which the kernel distance,
# a difference of large means, multiplies. Precision and recall are counts: one image may flip.
TOLERANCES = {"fid": 1e-4, "kid": 1e-3, "is": 1e-4}
FLIPPED_IMAGES = 1

PRECISION_KEYS = ("precision", "recall")
FID = "frechet_inception_distance"
KEYS = {
    FID: "fid",
    "kernel_inception_distance_mean": "kid",
    "kernel_inception_distance_std": "kid",
    "inception_score_mean": "is",
    "inception_score_std": "is",
}


def image(random, height, width, contrast):
    """Smooth colours and some grain, so that features vary between images."""
    coarse = random.standard_normal((4, 4, 3)) * contrast
    planes = [
        np.asarray(Image.fromarray(coarse[:, :, c].astype(np.float32)).resize((width, height), Image.BICUBIC))
        for c in range(3)
    ]
    grain = random.standard_normal((height, width, 3)) * 8
    return np.clip(128 + np.stack(planes, 2) + grain, 0, 255).astype(np.uint8)


def write_images(folder, count, seed, contrasts):
    folder.mkdir(parents=True)
    random = np.random.RandomState(seed)
    for number in range(count):
        height, width = SIZES[number % len(SIZES)]
        pixels = image(random, height, width, random.uniform(*contrasts))
        Image.fromarray(pixels).save(folder / f"{number:05d}.png")


class Gridscape:
    def __init__(self, command, onnx, work):
        self.command = command
        self.onnx = onnx
        self.work = work

    def run(self, *words):
        done = subprocess.run([self.command, "evaluate", *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"Cannot evaluate: {' '.join(map(str, words))}\n{done.stdout}{done.stderr}")

    def figures(self, name, *words):
        """Runs a command and reads its JSON."""
        file = self.work / f"{name}.json"
        self.run(*words, "--json", file)
        return json.loads(file.read_text())

    def features(self, protocol):
        """Options of a command that takes features."""
        return (
            "--weights", self.onnx, "--protocol", protocol,
            "--work", self.work / "evaluations", "--master", "local[2]",
        )  # fmt: skip

    def calc(self, protocol, generated, reference, measures, subset):
        return self.figures(
            protocol, "calc", generated, reference, *self.features(protocol),
            "--measures", measures, "--kid-subsets", SUBSETS, "--kid-subset-size", subset, "--seed", SEED,
        )  # fmt: skip

    def stats(self, protocol, images, out):
        self.run("stats", images, "--out", out, *self.features(protocol))


class PytorchFid:
    """pytorch-fid with weights of a file in place of those it would download."""

    def __init__(self, pth):
        import pytorch_fid.fid_score
        import pytorch_fid.inception
        import torch

        pytorch_fid.inception.load_state_dict_from_url = lambda *_, **__: torch.load(pth, weights_only=True)
        self.tool = pytorch_fid.fid_score
        self.inception = pytorch_fid.inception.InceptionV3
        self.model = self.inception([3])

    def statistics(self, path):
        return self.tool.compute_statistics_of_path(str(path), self.model, 1, 2048, "cpu", 0)

    def distance(self, first, second):
        return float(self.tool.calculate_frechet_distance(*first, *second))

    def bare(self):
        """The network alone: takes images as it needs them."""
        return self.inception([3], resize_input=False, normalize_input=False).eval()


def torch_fidelity(pth, generated, reference, subset):
    import torch_fidelity

    return torch_fidelity.calculate_metrics(
        input1=str(generated),
        input2=str(reference),
        cuda=False,
        isc=True,
        fid=True,
        kid=True,
        prc=True,
        feature_extractor="inception-v3-compat",
        feature_extractor_weights_path=str(pth),
        kid_subsets=SUBSETS,
        kid_subset_size=subset,
        rng_seed=SEED,
        batch_size=1,
        save_cpu_ram=True,
        cache=False,
        verbose=False,
    )


def clean_fid(network, generated, reference):
    import torch
    from cleanfid import fid

    class Scaled(torch.nn.Module):
        def forward(self, images):
            return network((images - 128) / 128)[0].flatten(1)

    return fid.compute_fid(
        str(generated),
        str(reference),
        mode="clean",
        custom_feat_extractor=Scaled(),
        batch_size=16,
        num_workers=0,
        device=torch.device("cpu"),
        verbose=False,
    )


class Table:
    def __init__(self):
        self.rows = []

    def add(self, peer, key, ours, theirs, allowed, relative=True):
        deviation = abs(ours - theirs) / (abs(theirs) if relative else 1)
        self.rows.append(
            {
                "peer": peer,
                "figure": key,
                "gridscape": ours,
                "of_peer": theirs,
                "deviation": deviation,
                "allowed": allowed,
                "relative": relative,
                "within": bool(deviation <= allowed),
            }
        )
        print(self.line(self.rows[-1]), flush=True)

    @staticmethod
    def line(row):
        kind = "relative" if row["relative"] else "absolute"
        return (
            f"{row['peer']:<42} {row['figure']:<32} {row['gridscape']:>14.8g} {row['of_peer']:>14.8g}"
            f" {row['deviation']:>9.2g} (must be <= {row['allowed']:.2g} {kind})"
            f"{'' if row['within'] else '  DIFFERS'}"
        )

    def within(self):
        return all(row["within"] for row in self.rows)


def quietly(work, *arguments):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return work(*arguments)


def compare(options, work):
    generated, reference = work / "generated", work / "reference"
    write_images(generated, options.images, 1, (20, 60))
    write_images(reference, options.images, 2, (30, 90))
    subset = min(100, options.images // 2)
    ours = Gridscape(options.gridscape, options.onnx, work)
    table = Table()

    peer = PytorchFid(options.pth)
    theirs = [quietly(peer.statistics, side) for side in (generated, reference)]
    distance = quietly(peer.distance, *theirs)
    found = ours.calc("pytorch-legacy", generated, reference, "fid", subset)
    table.add("pytorch-fid, pytorch-legacy", FID, found[FID], distance, TOLERANCES["fid"])
    files = [work / "first.npz", work / "second.npz"]
    for file, (mu, sigma) in zip(files, theirs):
        np.savez_compressed(file, mu=mu, sigma=sigma)
    found = ours.figures("compare", "compare", *files)
    table.add("pytorch-fid's files, compared", FID, found[FID], distance, TOLERANCES["fid"])
    ours.stats("pytorch-legacy", reference, work / "ours.npz")
    mixed = quietly(peer.distance, theirs[0], quietly(peer.statistics, work / "ours.npz"))
    table.add("pytorch-fid with gridscape's file", FID, mixed, distance, TOLERANCES["fid"])

    found = ours.calc("tf-legacy", generated, reference, "fid,kid,is,prc", subset)
    metrics = quietly(torch_fidelity, options.pth, generated, reference, subset)
    for key, tolerance in KEYS.items():
        table.add("torch-fidelity, tf-legacy", key, found[key], metrics[key], TOLERANCES[tolerance])
    for key in PRECISION_KEYS:
        allowed = (FLIPPED_IMAGES + 0.5) / options.images
        table.add("torch-fidelity, tf-legacy", key, found[key], metrics[key], allowed, relative=False)

    found = ours.calc("clean", generated, reference, "fid", subset)
    distance = quietly(clean_fid, peer.bare(), generated, reference)
    table.add("clean-fid, clean", FID, found[FID], float(distance), TOLERANCES["fid"])
    return table


def parse(arguments):
    parser = argparse.ArgumentParser(description="Compares gridscape evaluate with its peers.")
    parser.add_argument("--onnx", metavar="FILE", required=True, help="random network of export_inception.py")
    parser.add_argument("--pth", metavar="FILE", required=True, help="the same weights, its --pth")
    parser.add_argument("--gridscape", metavar="COMMAND", default=str(HERE.parent / "jobs" / "bin" / "gridscape"))
    parser.add_argument("--images", metavar="N", type=int, default=240, help="of each set (default: 240)")
    parser.add_argument("--threads", metavar="N", type=int, default=2, help="of PyTorch (default: 2)")
    parser.add_argument("--json", metavar="FILE", help="write the table as JSON too")
    options = parser.parse_args(arguments)
    if options.images < 12:
        parser.error(f"Invalid --images: {options.images} (must be >= 12)")
    return options


def main(arguments):
    options = parse(arguments)
    import torch

    torch.set_num_threads(options.threads)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as work:
        table = compare(options, pathlib.Path(work))
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(table.rows, indent=4))
    return 0 if table.within() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
