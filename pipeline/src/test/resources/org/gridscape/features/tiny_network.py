#!/usr/bin/env python3
"""Makes tiny-network.onnx, its relatives and tiny-network.txt, what Python gets out of them.

    python tiny_network.py            needs numpy, onnx, torch and onnxruntime

The network: a strided convolution of 6 channels and ReLU; its global average are the 6 features, 4
logits are a product of them, the spatial output is the whole layer of 6x7x7. The golden values are
PyTorch's; ONNX Runtime must agree with them here already.
"""

import pathlib

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent
SIDE = 15
IMAGES = 5


def weights():
    random = np.random.RandomState(5)
    return (
        random.standard_normal((6, 3, 3, 3)).astype(np.float32) / 3,
        random.standard_normal(6).astype(np.float32),
        random.standard_normal((6, 4)).astype(np.float32),
    )


def pixels():
    """Bytes [n, channels, side, side], as the test in Java makes them."""
    n, c, y, x = np.indices((IMAGES, 3, SIDE, SIDE))
    return ((n * 37 + c * 91 + y * 17 + x * x * 7 + n * y * x) % 256).astype(np.uint8)


def model(nodes, shape, outputs, kind=TensorProto.FLOAT, constants=True, metadata=None):
    kernel, bias, classes = weights()
    kernel = kernel[:, : shape[1]] if isinstance(shape[1], int) else kernel
    held = {"kernel": kernel, "bias": bias, "classes": classes}
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("images", kind, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(values, name) for name, values in held.items()] if constants else [],
    )
    made = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=8,
        producer_name="gridscape",
    )
    helper.set_model_props(made, metadata or {})
    return made


CONVOLUTION = [
    helper.make_node("Conv", ["images", "kernel", "bias"], ["layer"], strides=[2, 2]),
    helper.make_node("Relu", ["layer"], ["positive"]),
    helper.make_node("GlobalAveragePool", ["positive"], ["pool"]),
]
HEADS = CONVOLUTION + [
    helper.make_node("Flatten", ["pool"], ["features"]),
    helper.make_node("MatMul", ["features", "classes"], ["logits"]),
    helper.make_node("Identity", ["positive"], ["spatial"]),
]
ANY = ["n", 3, SIDE, SIDE]


def write(name, made):
    (FOLDER / name).write_bytes(made.SerializeToString(deterministic=True))


def main():
    write(
        "tiny-network.onnx",
        model(HEADS, ANY, ["features", "logits", "spatial"], metadata={"name": "tiny"}),
    )
    write("foreign.onnx", model(CONVOLUTION, ANY, ["pool"]))
    write("grey.onnx", model(CONVOLUTION, ["n", 1, SIDE, SIDE], ["pool"]))
    write("fixed-batch.onnx", model(CONVOLUTION, [1, 3, SIDE, SIDE], ["pool"]))
    write("oblong.onnx", model(CONVOLUTION, ["n", 3, SIDE, SIDE + 2], ["pool"]))
    write("two-outputs.onnx", model(CONVOLUTION, ANY, ["pool", "positive"]))
    flat = [helper.make_node("ReduceMean", ["images"], ["mean"], axes=[1], keepdims=0)]
    write("flat.onnx", model(flat, ["n", 12], ["mean"], constants=False))
    cast = [helper.make_node("Cast", ["images"], ["floats"], to=TensorProto.FLOAT)]
    write("bytes.onnx", model(cast, ANY, ["floats"], TensorProto.UINT8, constants=False))
    overall = [helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0)]
    write("no-rows.onnx", model(overall, ANY, ["mean"], constants=False))
    external()
    golden()


def external():
    """The same network with its weights in a file beside it, which is not kept."""
    made = model(HEADS, ANY, ["features", "logits", "spatial"])
    onnx.save_model(
        made,
        FOLDER / "external.onnx",
        save_as_external_data=True,
        location="external.weights",
        size_threshold=0,
    )
    (FOLDER / "external.weights").unlink()


def golden():
    kernel, bias, classes = (torch.from_numpy(values) for values in weights())
    images = (torch.from_numpy(pixels()).float() - 128) / 128
    layer = torch.relu(torch.nn.functional.conv2d(images, kernel, bias, stride=2))
    features = layer.mean((2, 3))
    expected = {"features": features, "logits": features @ classes, "spatial": layer.flatten(1)}
    session = onnxruntime.InferenceSession(
        FOLDER / "tiny-network.onnx", providers=["CPUExecutionProvider"]
    )
    found = session.run(list(expected), {"images": images.numpy()})
    lines = []
    for (name, values), rows in zip(expected.items(), found):
        rows = rows.reshape(IMAGES, -1)
        np.testing.assert_allclose(rows, values.numpy(), rtol=1e-5, atol=1e-6)
        # Every 29th value of the large output is enough.
        kept = values[:, :: 29 if name == "spatial" else 1]
        lines.append(f"{name} {values.shape[1]} " + " ".join(f"{v:.9g}" for v in kept.flatten().tolist()))
    (FOLDER / "tiny-network.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
