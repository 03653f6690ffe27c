"""Writes random_state.json: what numpy's legacy RandomState draws.

Run with numpy: python random_state.py
"""

import json
import pathlib

import numpy as np


def draws(seed):
    """Each kind from a fresh state, then several kinds in turn from one."""
    in_turn = np.random.RandomState(seed)
    return {
        "seed": seed,
        "words": np.random.RandomState(seed).randint(0, 2**32, 700, dtype=np.uint32).tolist()[-5:],
        "doubles": np.random.RandomState(seed).random_sample(4).tolist(),
        "normals": np.random.RandomState(seed).randn(9).tolist(),
        "permutation": np.random.RandomState(seed).permutation(37).tolist(),
        "choice": np.random.RandomState(seed).choice(1000, 12, replace=False).tolist(),
        "inTurn": {
            "normal": in_turn.randn(),
            "first": in_turn.choice(20, 5, replace=False).tolist(),
            "second": in_turn.choice(33, 4, replace=False).tolist(),
            "spare": in_turn.randn(),
            "permutation": in_turn.permutation(4).tolist(),
            "double": in_turn.random_sample(),
        },
    }


if __name__ == "__main__":
    golden = {"numpy": np.__version__, "draws": [draws(seed) for seed in (0, 1, 42, 2020, 2**31 - 1)]}
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(golden, indent=1) + "\n")
