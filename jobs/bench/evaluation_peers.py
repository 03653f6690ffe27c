#!/usr/bin/env python3
"""Times `gridscape evaluate` beside torch-fidelity and pytorch-fid; see README.md.

    python evaluation_peers.py --onnx random.onnx --pth random.pth --json evaluation.json

The two files are those of `notebooks/export_inception.py --random`. Needs torch, torchvision,
torch-fidelity, pytorch-fid, onnx and Pillow, and a Gridscape that runs.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
PEERS = ("torch-fidelity", "pytorch-fid")
CONTENDERS = ("gridscape", *PEERS)
DIMENSION = 2048
SIDE = 32
REFERENCE = 200
ROWS = 8_000
# Filters of 3x3, each halving the sides: 4x4x128 = 2048 features.
FILTERS = (32, 64, 128)


def small_weights():
    """(filters, biases) of the layers of the small network."""
    random = np.random.RandomState(1)
    channels, layers = 3, []
    for count in FILTERS:
        filters = random.standard_normal((count, channels, 3, 3)) * np.sqrt(2 / (9 * channels))
        layers.append((filters.astype(np.float32), (0.1 * random.standard_normal(count)).astype(np.float32)))
        channels = count
    return layers


def write_small_onnx(path):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants, last = [], [], "images"
    for i, (filters, bias) in enumerate(small_weights()):
        names = [f"filters{i}", f"bias{i}"]
        constants += [numpy_helper.from_array(part, name) for part, name in zip((filters, bias), names)]
        nodes.append(helper.make_node("Conv", [last, *names], [f"conv{i}"], strides=[2, 2], pads=[1] * 4))
        nodes.append(helper.make_node("Relu", [f"conv{i}"], [f"relu{i}"]))
        last = f"relu{i}"
    nodes.append(helper.make_node("Flatten", [last], ["features"]))
    shapes = {"images": ["n", 3, SIDE, SIDE], "features": ["n", DIMENSION]}
    images, features = (helper.make_tensor_value_info(k, TensorProto.FLOAT, v) for k, v in shapes.items())
    graph = helper.make_graph(nodes, "small", [images], [features], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path.write_bytes(model.SerializeToString())


def small_torch():
    """The same network; takes images scaled to [-1, 1]."""
    import torch

    layers = []
    for filters, bias in small_weights():
        conv = torch.nn.Conv2d(filters.shape[1], filters.shape[0], 3, stride=2, padding=1)
        conv.weight.data, conv.bias.data = torch.from_numpy(filters), torch.from_numpy(bias)
        layers += [conv, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Flatten())


def write_images(folder, count, seed):
    from PIL import Image

    if folder.exists() and len(os.listdir(folder)) >= count:
        return
    folder.mkdir(exist_ok=True)
    random = np.random.RandomState(seed)
    for number in range(count):
        coarse = random.uniform(0, 256, (5, 5, 3)).astype(np.uint8)
        Image.fromarray(coarse).resize((SIDE, SIDE), Image.BICUBIC).save(folder / f"{number:06d}.png")


def part_of(folder, count):
    """A folder of the first images of another."""
    part = folder.with_name(f"{folder.name}-{count}")
    if not part.exists():
        part.mkdir()
        for file in sorted(folder.iterdir())[:count]:
            os.link(file, part / file.name)
    return part


# What runs in a process of its own, so that its memory can be told.


def timed(seconds, key, work):
    def measured(*arguments, **named):
        start = time.perf_counter()
        try:
            return work(*arguments, **named)
        finally:
            seconds[key] = seconds.get(key, 0) + time.perf_counter() - start

    return measured


def torch_fidelity_worker(job, seconds):
    import torch_fidelity
    import torch_fidelity.metric_fid as metric
    import torch_fidelity.utils as utils
    from torch_fidelity.feature_extractor_base import FeatureExtractorBase

    class Small(FeatureExtractorBase):
        def __init__(self, name, features_list, **_):
            super().__init__(name, features_list)
            self.network = small_torch()

        @staticmethod
        def get_provided_features_list():
            return ("features",)

        @staticmethod
        def get_default_feature_layer_for_metric(_):
            return "features"

        @staticmethod
        def can_be_compiled():
            return False

        def forward(self, images):
            return (self.network((images.float() - 128) / 128),)

    torch_fidelity.register_feature_extractor("small", Small)
    extractor = (
        {"feature_extractor": "small"}
        if job["network"] == "small"
        else {"feature_extractor": "inception-v3-compat", "feature_extractor_weights_path": job["pth"]}
    )
    utils.get_featuresdict_from_dataset = timed(seconds, "features", utils.get_featuresdict_from_dataset)
    metric.fid_features_to_statistics = timed(seconds, "features", metric.fid_features_to_statistics)
    return torch_fidelity.calculate_metrics(
        input1=job["images"],
        input2=job["reference"],
        input2_cache_name="reference-" + job["network"],
        cache_root=job["cache"],
        fid=True,
        cuda=False,
        verbose=False,
        **extractor,
    )["frechet_inception_distance"]


def pytorch_fid_worker(job, seconds):
    import pytorch_fid.fid_score as tool
    import pytorch_fid.inception
    import torch

    class Small(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.network = small_torch()

        def forward(self, images):
            return [self.network(2 * images - 1)[:, :, None, None]]

    if job["network"] == "small":
        model = Small()
    else:
        pytorch_fid.inception.load_state_dict_from_url = lambda *_, **__: torch.load(job["pth"], weights_only=True)
        model = pytorch_fid.inception.InceptionV3([3])
    # As its command does: as many loaders as there are cores.
    loaders = len(os.sched_getaffinity(0))
    passes = timed(seconds, "features", tool.calculate_activation_statistics)
    mu, sigma = passes(sorted(pathlib.Path(job["images"]).iterdir()), model, 50, DIMENSION, "cpu", loaders)
    if job["reference_file"] is None:
        return None
    with np.load(job["reference_file"]) as file:
        return float(tool.calculate_frechet_distance(mu, sigma, file["mu"], file["sigma"]))


def distance_worker(peer, job, seconds):
    sides = [dict(np.load(file)) for file in job["files"]]
    if peer == "pytorch-fid":
        from pytorch_fid.fid_score import calculate_frechet_distance as distance

        (mu1, sigma1), (mu2, sigma2) = ((side["mu"], side["sigma"]) for side in sides)
        return float(timed(seconds, "frechet", distance)(mu1, sigma1, mu2, sigma2))
    from torch_fidelity.metric_fid import fid_statistics_to_metric

    found = timed(seconds, "frechet", fid_statistics_to_metric)(*sides, False)
    return found["frechet_inception_distance"]


def worker(job):
    import torch

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    seconds = {}
    peer = job["peer"]
    if "files" in job:
        value = distance_worker(peer, job, seconds)
    elif peer == "torch-fidelity":
        value = torch_fidelity_worker(job, seconds)
    else:
        value = pytorch_fid_worker(job, seconds)
    pathlib.Path(job["out"]).write_text(json.dumps({"value": value, "seconds": seconds}))


# The driver.


def measure(command, cores):
    """Seconds, seconds of processors and peak resident MiB of a process that may use so many cores."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(cores), OPENBLAS_NUM_THREADS=str(cores), MKL_NUM_THREADS=str(cores))
    start = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, range(cores)),
    )
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"Cannot measure: {' '.join(map(str, command))}\n{text}")
    return {
        "wall": time.perf_counter() - start,
        "processor": usage.ru_utime + usage.ru_stime,
        "peakMiB": usage.ru_maxrss / 1024,
    }


class Bench:
    def __init__(self, options, work):
        self.options = options
        self.work = work
        work.mkdir(exist_ok=True)
        self.out = work / "out.json"
        self.small = work / "small.onnx"
        write_small_onnx(self.small)
        self.reference = work / "reference"
        write_images(self.reference, REFERENCE, 2)
        self.images = work / "images"
        write_images(self.images, max(options.counts + [options.small, options.inception]), 1)

    def network(self, network):
        """Options of gridscape that name a network."""
        return ("--extractor", self.small) if network == "small" else ("--weights", self.options.onnx)

    def peer(self, job, cores):
        file = self.work / "job.json"
        file.write_text(json.dumps(dict(job, out=str(self.out))))
        return measure((sys.executable, __file__, "--worker", file), cores)

    def features(self, contender, network, count, cores):
        """Figures of the distance of so many images to a reference known before."""
        images = part_of(self.images, count)
        if contender == "gridscape":
            statistics_file = self.reference_file(network)
            process = measure(
                (
                    self.options.gridscape, "evaluate", "calc", images, statistics_file,
                    *self.network(network), "--measures", "fid", "--work", self.work / "evaluations",
                    "--master", f"local[{cores}]", "--json", self.out,
                ),
                cores,
            )  # fmt: skip
            found = json.loads(self.out.read_text())
            seconds, value = found["seconds"]["generatedFeatures"], found["frechet_inception_distance"]
        else:
            reference_file = self.reference_file(network)
            job = {
                "peer": contender,
                "network": network,
                "pth": str(self.options.pth),
                "images": str(images),
                "reference": str(self.reference),
                "reference_file": str(reference_file),
                "cache": str(self.work / "cache"),
            }
            if contender == "torch-fidelity" and not (self.work / f"cached-{network}").exists():
                self.peer(dict(job, images=str(self.reference)), 2)
                (self.work / f"cached-{network}").touch()
            process = self.peer(job, cores)
            found = json.loads(self.out.read_text())
            seconds, value = found["seconds"]["features"], found["value"]
        return {
            **process,
            "features": seconds,
            "rest": process["wall"] - seconds,
            "imagesPerSecond": count / process["wall"],
            "imagesPerSecondOfFeatures": count / seconds,
            "fid": value,
        }

    def reference_file(self, network):
        file = self.work / f"reference-{network}.npz"
        if not file.exists():
            command = (self.options.gridscape, "evaluate", "stats", self.reference, "--out", file)
            measure((*command, *self.network(network), "--work", self.work / "evaluations"), 2)
        return file

    def frechet(self, contender, _, count, cores):
        """Figures of the distance between statistics of so many random rows each side."""
        files = [self.work / f"rows-{seed}-{count}.npz" for seed in (1, 2)]
        for seed, file in enumerate(files, 1):
            if not file.exists():
                rows = np.random.RandomState(seed).standard_normal((count, DIMENSION)).astype(np.float32)
                mixed = np.abs(rows @ np.random.RandomState(9).standard_normal((DIMENSION, DIMENSION)).astype(np.float32) / 40)
                np.savez(file, mu=mixed.mean(0, dtype=np.float64), sigma=np.cov(mixed.astype(np.float64), rowvar=False))
        if contender == "gridscape":
            process = measure((self.options.gridscape, "evaluate", "compare", *files, "--json", self.out), cores)
            found = json.loads(self.out.read_text())
            seconds, value = found["seconds"]["frechet"], found["frechet_inception_distance"]
        else:
            process = self.peer({"peer": contender, "files": [str(file) for file in files]}, cores)
            found = json.loads(self.out.read_text())
            seconds, value = found["seconds"]["frechet"], found["value"]
        return {**process, "frechet": seconds, "fid": value}

    def row(self, title, kind, network, count, cores, rounds):
        """Contenders take turns; who begins changes from round to round."""
        turns = {contender: [] for contender in CONTENDERS}
        for turn in range(rounds):
            order = CONTENDERS[turn % len(CONTENDERS) :] + CONTENDERS[: turn % len(CONTENDERS)]
            for contender in order:
                turns[contender].append(kind(contender, network, count, cores))
        row = {"title": title, "network": network, "count": count, "cores": cores, "rounds": rounds}
        row["load"] = os.getloadavg()[0]
        for contender, figures in turns.items():
            row[contender] = {
                key: {
                    "median": statistics.median(figure[key] for figure in figures),
                    "min": min(figure[key] for figure in figures),
                    "max": max(figure[key] for figure in figures),
                }
                for key in figures[0]
            }
            shown = ", ".join(
                f"{key} {value['median']:.4g} ({value['min']:.4g} to {value['max']:.4g})"
                for key, value in row[contender].items()
            )
            print(f"{title}, {count}, {cores} cores, {contender}: {shown}", flush=True)
        return row

    def rows(self):
        options = self.options
        for cores in options.cores:
            if "frechet" in options.only:
                yield self.row("frechet", self.frechet, "", ROWS, cores, options.rounds)
            if "small" in options.only:
                yield self.row("small", self.features, "small", options.small, cores, options.rounds)
            if "inception" in options.only:
                yield self.row("inception", self.features, "inception", options.inception, cores, options.rounds)
        if "memory" in options.only:
            for count in options.counts:
                yield self.row("memory", self.features, "small", count, max(options.cores), 1)


def numbers(text):
    return [int(word) for word in text.split(",")]


def parse(arguments):
    parser = argparse.ArgumentParser(description="Times gridscape evaluate beside its peers.")
    parser.add_argument("--onnx", metavar="FILE", help="random network of export_inception.py")
    parser.add_argument("--pth", metavar="FILE", help="the same weights, its --pth")
    parser.add_argument("--gridscape", metavar="COMMAND", default=str(HERE.parent / "bin" / "gridscape"))
    parser.add_argument("--only", metavar="NAME,...", default="frechet,small,inception,memory")
    parser.add_argument("--cores", metavar="N,...", type=numbers, default=[1, 2])
    parser.add_argument("--rounds", metavar="N", type=int, default=3)
    parser.add_argument("--inception", metavar="N", type=int, default=500, help="images (default: 500)")
    parser.add_argument("--small", metavar="N", type=int, default=10_000, help="images (default: 10000)")
    parser.add_argument("--counts", metavar="N,...", type=numbers, default=[2_000, 10_000, 40_000])
    parser.add_argument("--json", metavar="FILE", help="write the rows as JSON")
    parser.add_argument("--work", metavar="DIR", help="keeps images and references for another run")
    parser.add_argument("--worker", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if "inception" in options.only and not options.worker and not (options.onnx and options.pth):
        parser.error("inception needs --onnx and --pth")
    return options


def main(arguments):
    options = parse(arguments)
    if options.worker:
        worker(json.loads(pathlib.Path(options.worker).read_text()))
        return
    with tempfile.TemporaryDirectory() as temporary:
        rows = []
        for row in Bench(options, pathlib.Path(options.work or temporary)).rows():
            rows.append(row)
            if options.json:
                pathlib.Path(options.json).write_text(json.dumps(rows, indent=4))


if __name__ == "__main__":
    main(sys.argv[1:])
