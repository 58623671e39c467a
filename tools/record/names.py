"""Records the public names of the frameworks' modules, from which docs/ tell what is not there.

    python tools/record/names.py torch np signal > (merged into tools/docs/names.json)
    python tools/record/names.py tf

Each run replaces the doors that it names.
"""

import inspect
import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent / "docs" / "names.json"
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != str(HERE)]

MODULES = {
    "torch": [
        *("torch", "torch.Tensor", "torch.Generator", "torch.autograd", "torch.autograd.functional", "torch.func"),
        *("torch.nn", "torch.nn.functional", "torch.nn.grad", "torch.nn.init", "torch.nn.utils"),
        *("torch.optim", "torch.optim.lr_scheduler"),
    ],
    "tf": ["tf", "tf.math", "tf.nn", "tf.random", "tf.linalg", "tf.GradientTape", "tf.Variable"],
    "np": ["np", "np.ndarray", "np.random", "np.random.Generator", "np.random.RandomState", "np.linalg", "np.testing"],
    "signal": ["signal"],
}


def root(door):
    if door == "torch":
        import torch

        return torch
    if door == "tf":
        import tensorflow

        return tensorflow
    if door == "np":
        import numpy

        return numpy
    from scipy import signal

    return signal


def names(owner):
    """Functions and classes of a module by its own list, where it has one; methods of a class without operators."""
    listed = getattr(owner, "__all__", None) if inspect.ismodule(owner) else None
    for name in sorted(listed or dir(owner)):
        value = getattr(owner, name, None)
        if name.startswith("_") or inspect.ismodule(value) or (inspect.isclass(value) and issubclass(value, Exception)):
            continue
        if callable(value) or inspect.isclass(owner):
            yield name


def main(*doors):
    found = json.loads(TARGET.read_text()) if TARGET.exists() else {}
    for door in doors:
        found[door] = {}
        for path in MODULES[door]:
            owner = root(door)
            for part in path.split(".")[1:]:
                owner = getattr(owner, part)
            found[door][path] = list(names(owner))
    lines = [
        f"{json.dumps(door)}: {{\n" + ",\n".join(f"{json.dumps(m)}: {json.dumps(found[door][m])}" for m in found[door]) + "\n}"
        for door in sorted(found)
    ]
    TARGET.write_text("{" + ",\n".join(lines) + "}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
