"""Records npz files of NumPy and safetensors files of the reference implementation, for test/golden/files.test.ts.

Run with NumPy 2.4 and safetensors 0.8:  python tools/record/files.py > test/golden/files.json
"""

import base64
import io
import json
import os
import sys

# numpy.py beside this script is not the package.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]

import numpy as np  # noqa: E402
import safetensors.numpy  # noqa: E402

SETS = {
    "one": {"x": np.array([[1.5, -2.25], [0.0, 1e300]])},
    "all dtypes": {
        "b": np.array([True, False, True]), "a": np.array([1.5, -2], "float32"), "layer.0.weight": np.ones((2, 3)),
        "i": np.array([[-1], [2**31 - 1]], "int32"), "l": np.array([2**53, -7]), "u": np.array([0, 255, 3], "uint8"),
        "layer.0.bias": np.zeros(2, "float32"),
    },
    "empty and scalar": {"none": np.zeros((0, 3), "float32"), "scalar": np.array(2.5)},
    "names": {"é": np.array([1.0]), "z": np.array([2.0]), "Z": np.array([3.0]), "a b/c": np.array([4.0])},
    "nothing": {},
}  # fmt: skip


def text(data):
    return base64.b64encode(data).decode()


def npz(arrays, save):
    file = io.BytesIO()
    save(file, **arrays)
    return text(file.getvalue())


def recorded(name, arrays):
    contents = {
        key: {"dtype": str(x.dtype), "shape": list(x.shape), "values": x.astype("float64").ravel().tolist()}
        for key, x in arrays.items()
    }
    return {
        "name": name,
        "arrays": contents,
        "npz": npz(arrays, np.savez),
        "compressed": npz(arrays, np.savez_compressed),
        "safetensors": text(safetensors.numpy.save(arrays)),
    }


def main():
    narrow = {
        "f16": np.array([1.5, -2, 6e-8, 65504, np.inf], "float16"),
        "i8": np.array([-128, 127], "int8"), "i16": np.array([-(2**15), 7], "int16"),
        "u16": np.array([65535, 1], "uint16"),
    }  # fmt: skip
    print(
        json.dumps(
            {
                "sets": [recorded(name, arrays) for name, arrays in SETS.items()],
                "metadata": text(safetensors.numpy.save({"a": np.array([1.0])}, {"format": "np", "made": "é"})),
                "narrow": text(safetensors.numpy.save(narrow)),
                "unknown": text(safetensors.numpy.save({"a": np.array([1], "uint64")})),
            }
        )
    )


main()
