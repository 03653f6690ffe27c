"""Compares the network that export_inception.py writes with the tools it stands for.

    python -m unittest notebooks/test_export_inception.py

Skips what is not installed: needs torch, onnxruntime, torch-fidelity and, for one test,
pytorch-fid. Two threads, about a minute.
"""

import hashlib
import importlib.util
import pathlib
import tempfile
import unittest

import numpy as np

import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import export_inception

MISSING = [
    name
    for name in ("torch", "onnxruntime", "torch_fidelity")
    if importlib.util.find_spec(name) is None
]
SEED = 1


@unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}")
class ExportedInception(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import onnxruntime
        import torch

        torch.set_num_threads(2)
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.onnx = pathlib.Path(cls.folder.name, "random.onnx")
        cls.pth = pathlib.Path(cls.folder.name, "random.pth")
        cls.write(cls.onnx, cls.pth)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        cls.session = onnxruntime.InferenceSession(
            cls.onnx, options, providers=["CPUExecutionProvider"]
        )
        cls.pixels = torch.from_numpy(pictures(24))

    @staticmethod
    def write(onnx, pth):
        export_inception.main(["--random", str(SEED), "--out", str(onnx), "--pth", str(pth)])

    def run_onnx(self, inputs):
        names = ["features", "logits", "spatial"]
        return dict(zip(names, self.session.run(names, {"images": inputs.numpy()})))

    def assert_close(self, found, expected):
        """Within 1e-4 of the largest value."""
        self.assertEqual(found.shape, expected.shape)
        self.assertLess(np.abs(found - expected).max(), 1e-4 * np.abs(expected).max())

    def test_equals_torch_fidelity(self):
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
        from torch_fidelity.interpolate_compat_tensorflow import (
            interpolate_bilinear_2d_like_tensorflow1x,
        )

        network = FeatureExtractorInceptionV3(
            "inception", ["2048", "logits_unbiased"], feature_extractor_weights_path=str(self.pth)
        )
        first = {}
        network.Mixed_6d.branch1x1.register_forward_hook(
            lambda module, inputs, output: first.setdefault("mixed_6", output)
        )
        features, logits = network(self.pixels)
        resized = interpolate_bilinear_2d_like_tensorflow1x(
            self.pixels.float(), size=(299, 299), align_corners=False
        )
        found = self.run_onnx((resized - 128) / 128)
        self.assert_close(found["features"], features.numpy())
        self.assert_close(found["logits"], logits.numpy())
        spatial = first["mixed_6"][:, :7].permute(0, 2, 3, 1).flatten(1)
        self.assert_close(found["spatial"], spatial.numpy())

    @unittest.skipIf(importlib.util.find_spec("pytorch_fid") is None, "no pytorch-fid")
    def test_equals_pytorch_fid(self):
        import pytorch_fid.inception
        import torch

        loader = pytorch_fid.inception.load_state_dict_from_url
        pytorch_fid.inception.load_state_dict_from_url = lambda *_, **__: torch.load(self.pth)
        try:
            network = pytorch_fid.inception.InceptionV3([3]).eval()
        finally:
            pytorch_fid.inception.load_state_dict_from_url = loader
        unit = self.pixels.float() / 255
        with torch.no_grad():
            (features,) = network(unit)
        resized = torch.nn.functional.interpolate(
            unit, size=(299, 299), mode="bilinear", align_corners=False
        )
        found = self.run_onnx(2 * resized - 1)
        self.assert_close(found["features"], features[:, :, 0, 0].numpy())

    def test_random_features_vary(self):
        import torch

        resized = torch.nn.functional.interpolate(self.pixels.float(), size=(299, 299))
        features = self.run_onnx((resized - 128) / 128)["features"].astype(np.float64)
        spread = features.std(axis=0)
        self.assertGreater(spread.min(), 0)
        self.assertGreater(spread.mean(), 0.1 * np.abs(features.mean(axis=0)).mean())
        values = np.linalg.svd(features - features.mean(axis=0), compute_uv=False) ** 2
        # All directions that so many images can have but the last two.
        self.assertGreater(values[-3], 1e-4 * values[0])

    def test_same_seed_writes_same_bytes(self):
        again = pathlib.Path(self.folder.name, "again.onnx")
        export_inception.main(["--random", str(SEED), "--out", str(again)])
        self.assertEqual(digest(again), digest(self.onnx))

    def test_metadata_names_network_and_weights(self):
        metadata = self.session.get_modelmeta().custom_metadata_map
        self.assertEqual(metadata["name"], "inception-v3-random-1")
        self.assertEqual(metadata["weights"], "random 1")
        self.assertRegex(metadata["weights_sha256"], "^[0-9a-f]{64}$")

    def test_other_weights_are_refused(self):
        with self.assertRaises(SystemExit) as refused:
            export_inception.main(["--weights", str(self.pth), "--out", "none.onnx"])
        self.assertRegex(
            str(refused.exception),
            r"^Invalid weights: .*random\.pth has SHA-256 [0-9a-f]{64}"
            r" \(must begin with 6726825d, as pt_inception-2015-12-05-6726825d\.pth\)$",
        )


def pictures(count):
    """Bytes [count, 3, 32, 32]: soft blots of many contrasts with some noise."""
    random = np.random.RandomState(0)
    soft = np.kron(random.standard_normal((count, 3, 4, 4)), np.ones((8, 8)))
    rough = random.standard_normal((count, 3, 32, 32)) * 0.3
    contrast = random.uniform(20, 70, (count, 1, 1, 1))
    return (128 + contrast * (soft + rough)).clip(0, 255).astype(np.uint8)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    unittest.main()
