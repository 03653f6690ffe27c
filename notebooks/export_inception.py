#!/usr/bin/env python3
"""Writes the Inception network of the FID as an ONNX file.

    python export_inception.py --weights pt_inception-2015-12-05-6726825d.pth --out inception.onnx
    python export_inception.py --random 1 --out random.onnx --pth random.pth

The weights are those of TensorFlow's graph of 2015-12-05 as torch-fidelity, pytorch-fid and
torchmetrics load them: a file of PyTorch whose SHA-256 begins with 6726825d. With --random they are
drawn from a seed instead, for tests of tools against each other; --pth writes them in the same
form, so that every tool can load them.

Input:
    images    float [n, 3, 299, 299], resized and scaled to [-1, 1] by the caller
Outputs:
    features  float [n, 2048], the last pool
    logits    float [n, 1008], without bias
    spatial   float [n, 2023], the first 7 channels of mixed_6/conv, [row][column][channel]

It differs from torchvision's Inception v3 as TensorFlow's graph does: averages do not count
padding, the last block pools its input by maximum, there are 1008 classes.

The graph is built node by node and batch normalisation is folded into the convolutions (in double,
rounded once), so the file's bytes depend on the weights alone. Needs numpy and onnx; torch only to
read or write its format.
"""

import argparse
import hashlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WEIGHTS_FILE = "pt_inception-2015-12-05-6726825d.pth"
HASH_PREFIX = "6726825d"
CLASSES = 1008
SPATIAL_CHANNELS = 7
BATCH_NORM_EPSILON = 0.001
OPSET = 13
IR_VERSION = 8


class Layers:
    """Called for each layer in the order of the network; values are whatever a subclass makes."""

    def conv(self, name, source, outputs, kernel=1, stride=1, pad=0):
        """Convolution without bias, batch normalisation and ReLU; sizes are (rows, columns)."""
        raise NotImplementedError

    def pool(self, kind, source, stride, pad):
        """3x3, kind AveragePool or MaxPool."""
        raise NotImplementedError

    def concat(self, sources):
        raise NotImplementedError


def trunk(net, images):
    """The last 8x8 layer and the layer of which the spatial features are."""
    x = net.conv("Conv2d_1a_3x3", images, 32, 3, stride=2)
    x = net.conv("Conv2d_2a_3x3", x, 32, 3)
    x = net.conv("Conv2d_2b_3x3", x, 64, 3, pad=1)
    x = net.pool("MaxPool", x, 2, 0)
    x = net.conv("Conv2d_3b_1x1", x, 80)
    x = net.conv("Conv2d_4a_3x3", x, 192, 3)
    x = net.pool("MaxPool", x, 2, 0)
    for block, pooled in (("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)):
        x = block_35(net, block, x, pooled)
    x = reduction_17(net, "Mixed_6a", x)
    spatial = None
    for block, narrow in (("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192)):
        first, x = block_17(net, block, x, narrow)
        if block == "Mixed_6d":
            spatial = first
    x = reduction_8(net, "Mixed_7a", x)
    x = block_8(net, "Mixed_7b", x, "AveragePool")
    x = block_8(net, "Mixed_7c", x, "MaxPool")
    return x, spatial


def chain(net, block, x, *steps):
    """Convolutions one after the other; a step is (name, outputs, kernel, stride, pad)."""
    for name, *shape in steps:
        x = net.conv(f"{block}.{name}", x, *shape)
    return x


def block_35(net, block, x, pooled):
    return net.concat(
        [
            chain(net, block, x, ("branch1x1", 64)),
            chain(net, block, x, ("branch5x5_1", 48), ("branch5x5_2", 64, 5, 1, 2)),
            chain(
                net,
                block,
                x,
                ("branch3x3dbl_1", 64),
                ("branch3x3dbl_2", 96, 3, 1, 1),
                ("branch3x3dbl_3", 96, 3, 1, 1),
            ),
            chain(net, block, net.pool("AveragePool", x, 1, 1), ("branch_pool", pooled)),
        ]
    )


def reduction_17(net, block, x):
    return net.concat(
        [
            chain(net, block, x, ("branch3x3", 384, 3, 2)),
            chain(
                net,
                block,
                x,
                ("branch3x3dbl_1", 64),
                ("branch3x3dbl_2", 96, 3, 1, 1),
                ("branch3x3dbl_3", 96, 3, 2),
            ),
            net.pool("MaxPool", x, 2, 0),
        ]
    )


def block_17(net, block, x, narrow):
    """Also gives the output of its first branch."""
    row, column = ((1, 7), 1, (0, 3)), ((7, 1), 1, (3, 0))
    first = chain(net, block, x, ("branch1x1", 192))
    branches = [
        first,
        chain(
            net,
            block,
            x,
            ("branch7x7_1", narrow),
            ("branch7x7_2", narrow, *row),
            ("branch7x7_3", 192, *column),
        ),
        chain(
            net,
            block,
            x,
            ("branch7x7dbl_1", narrow),
            ("branch7x7dbl_2", narrow, *column),
            ("branch7x7dbl_3", narrow, *row),
            ("branch7x7dbl_4", narrow, *column),
            ("branch7x7dbl_5", 192, *row),
        ),
        chain(net, block, net.pool("AveragePool", x, 1, 1), ("branch_pool", 192)),
    ]
    return first, net.concat(branches)


def reduction_8(net, block, x):
    return net.concat(
        [
            chain(net, block, x, ("branch3x3_1", 192), ("branch3x3_2", 320, 3, 2)),
            chain(
                net,
                block,
                x,
                ("branch7x7x3_1", 192),
                ("branch7x7x3_2", 192, (1, 7), 1, (0, 3)),
                ("branch7x7x3_3", 192, (7, 1), 1, (3, 0)),
                ("branch7x7x3_4", 192, 3, 2),
            ),
            net.pool("MaxPool", x, 2, 0),
        ]
    )


def block_8(net, block, x, pool):
    row, column = ((1, 3), 1, (0, 1)), ((3, 1), 1, (1, 0))
    single = chain(net, block, x, ("branch3x3_1", 384))
    double = chain(net, block, x, ("branch3x3dbl_1", 448), ("branch3x3dbl_2", 384, 3, 1, 1))
    return net.concat(
        [
            chain(net, block, x, ("branch1x1", 320)),
            chain(net, block, single, ("branch3x3_2a", 384, *row)),
            chain(net, block, single, ("branch3x3_2b", 384, *column)),
            chain(net, block, double, ("branch3x3dbl_3a", 384, *row)),
            chain(net, block, double, ("branch3x3dbl_3b", 384, *column)),
            chain(net, block, net.pool(pool, x, 1, 1), ("branch_pool", 192)),
        ]
    )


def pair(size):
    return (size, size) if isinstance(size, int) else size


class RandomLayers(Layers):
    """Draws weights as it goes; a value is its count of channels.

    A filter's weights sum to zero (but the first layer's) and have the scale that keeps the
    variance of a unit through ReLU, whose output of a standard normal variable has the variance
    (1 - 1/pi)/2. So activations keep their size, and those of two images do not grow alike with
    depth, as they would with weights that see the mean of ReLU's output.
    """

    def __init__(self, seed):
        self.random = np.random.RandomState(seed)
        self.weights = {}

    def conv(self, name, source, outputs, kernel=1, stride=1, pad=0):
        weight = self.random.standard_normal((outputs, source) + pair(kernel))
        if self.weights:
            weight -= weight.mean(axis=(1, 2, 3), keepdims=True)
        weight /= np.sqrt(weight[0].size * (1 - 1 / np.pi) / 2)
        self.put(f"{name}.conv.weight", weight)
        self.put(f"{name}.bn.weight", self.random.uniform(0.8, 1.2, outputs))
        self.put(f"{name}.bn.bias", 0.1 * self.random.standard_normal(outputs))
        self.put(f"{name}.bn.running_mean", 0.1 * self.random.standard_normal(outputs))
        self.put(f"{name}.bn.running_var", self.random.uniform(0.8, 1.2, outputs))
        return outputs

    def pool(self, kind, source, stride, pad):
        return source

    def concat(self, sources):
        return sum(sources)

    def classifier(self, features):
        weight = self.random.standard_normal((CLASSES, features))
        weight -= weight.mean(axis=1, keepdims=True)
        self.put("fc.weight", weight / 4)
        self.put("fc.bias", 0.1 * self.random.standard_normal(CLASSES))

    def put(self, name, values):
        self.weights[name] = values.astype(np.float32)


class OnnxLayers(Layers):
    """Adds nodes; a value is a name in the graph. Takes each weight once."""

    def __init__(self, weights):
        self.weights = dict(weights)
        self.nodes = []
        self.constants = []

    def take(self, name, shape=None):
        if name not in self.weights:
            raise SystemExit(f"Cannot export the network: the weights have no {name}")
        values = self.weights.pop(name)
        if shape is not None and values.shape != shape:
            raise SystemExit(
                f"Cannot export the network: {name} has shape {values.shape} (must be {shape})"
            )
        return values

    def constant(self, name, values):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind, sources, name, **attributes):
        self.nodes.append(helper.make_node(kind, sources, [name], name=name, **attributes))
        return name

    def conv(self, name, source, outputs, kernel=1, stride=1, pad=0):
        rows, columns = pair(pad)
        weight = self.take(f"{name}.conv.weight").astype(np.float64)
        if weight.shape[0] != outputs or weight.shape[2:] != pair(kernel):
            raise SystemExit(
                f"Cannot export the network: {name}.conv.weight has shape {weight.shape}"
                f" (must be {outputs} filters of {pair(kernel)})"
            )
        gamma, beta, mean, variance = (
            self.take(f"{name}.bn.{part}", (outputs,)).astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
        filters = (weight * scale[:, None, None, None]).astype(np.float32)
        bias = (beta - mean * scale).astype(np.float32)
        sources = [source, self.constant(f"{name}.weight", filters), self.constant(f"{name}.bias", bias)]
        self.node(
            "Conv",
            sources,
            f"{name}.conv",
            kernel_shape=pair(kernel),
            strides=pair(stride),
            pads=[rows, columns, rows, columns],
        )
        return self.node("Relu", [f"{name}.conv"], name)

    def pool(self, kind, source, stride, pad):
        # An average that does not count padding is ONNX's default.
        return self.node(
            kind,
            [source],
            f"{source}.{kind}_{stride}",
            kernel_shape=pair(3),
            strides=pair(stride),
            pads=[pad] * 4,
        )

    def concat(self, sources):
        return self.node("Concat", sources, f"{sources[0].split('.')[0]}", axis=1)


def network(weights, name, source, source_hash):
    """The ONNX model."""
    layers = OnnxLayers(weights)
    last, mixed_6 = trunk(layers, "images")
    layers.node("GlobalAveragePool", [last], "pool_3")
    layers.node("Flatten", ["pool_3"], "features", axis=1)
    classifier = layers.constant("fc.weight_transposed", layers.take("fc.weight", (CLASSES, 2048)).T)
    layers.take("fc.bias", (CLASSES,))
    layers.node("MatMul", ["features", classifier], "logits")
    start, end, axis = (
        layers.constant(f"spatial.{key}", np.array([value], np.int64))
        for key, value in (("start", 0), ("end", SPATIAL_CHANNELS), ("axis", 1))
    )
    layers.node("Slice", [mixed_6, start, end, axis], "spatial.channels")
    layers.node("Transpose", ["spatial.channels"], "spatial.places", perm=[0, 2, 3, 1])
    layers.node("Flatten", ["spatial.places"], "spatial", axis=1)
    left = [key for key in layers.weights if not key.endswith("num_batches_tracked")]
    if left:
        raise SystemExit(f"Cannot export the network: unknown weights {', '.join(sorted(left)[:3])}")
    graph = helper.make_graph(
        layers.nodes,
        "inception-v3-2015-12-05",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["n", 3, 299, 299])],
        [
            helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 2048]),
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", CLASSES]),
            helper.make_tensor_value_info("spatial", TensorProto.FLOAT, ["n", 17 * 17 * SPATIAL_CHANNELS]),
        ],
        layers.constants,
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="gridscape",
    )
    helper.set_model_props(
        model, {"name": name, "weights": source, "weights_sha256": source_hash}
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def random_weights(seed):
    """A state dict of numpy arrays, by name."""
    layers = RandomLayers(seed)
    last, _ = trunk(layers, 3)
    layers.classifier(last)
    return layers.weights


def weights_hash(weights):
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(weights[name]).tobytes())
    return digest.hexdigest()


def read_weights(path):
    """The state dict of the community's file, and its SHA-256."""
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if not found.startswith(HASH_PREFIX):
        raise SystemExit(
            f"Invalid weights: {path} has SHA-256 {found} (must begin with {HASH_PREFIX},"
            f" as {WEIGHTS_FILE})"
        )
    import torch

    state = torch.load(path, map_location="cpu", weights_only=True)
    return {name: values.numpy() for name, values in state.items()}, found


def write_pth(weights, path):
    import torch

    torch.save({name: torch.from_numpy(values) for name, values in weights.items()}, path)


def parse(arguments):
    parser = argparse.ArgumentParser(description="Writes the Inception network of the FID as ONNX.")
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--weights", metavar="FILE", help=f"{WEIGHTS_FILE}, wherever it lies")
    choice.add_argument("--random", metavar="SEED", type=int, help="weights of this seed, for tests")
    parser.add_argument("--out", metavar="FILE", required=True, help="ONNX file to write")
    parser.add_argument("--pth", metavar="FILE", help="also write random weights in PyTorch's format")
    options = parser.parse_args(arguments)
    if options.pth and options.random is None:
        parser.error("--pth goes with --random")
    return options


def main(arguments):
    options = parse(arguments)
    if options.random is None:
        weights, found = read_weights(options.weights)
        model = network(weights, "inception-v3-2015-12-05", WEIGHTS_FILE, found)
    else:
        weights = random_weights(options.random)
        name = f"inception-v3-random-{options.random}"
        model = network(weights, name, f"random {options.random}", weights_hash(weights))
        if options.pth:
            write_pth(weights, options.pth)
    content = model.SerializeToString(deterministic=True)
    with open(options.out, "wb") as file:
        file.write(content)
    print(f"{options.out}: {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main(sys.argv[1:])
