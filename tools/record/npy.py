"""Records npy files as np.save writes them, for test/golden/npy.test.ts.

Run with NumPy 2.4:  python tools/record/npy.py > test/golden/npy.json
"""

import base64
import io
import json
import os
import sys

# numpy.py beside this script is not the package.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]

import numpy as np  # noqa: E402

ARRAYS = [
    np.array([[1.5, -2.25], [0.0, 1e300]]), np.array([1.5, np.inf], "float32"), np.array([[-1], [2**31 - 1]], "int32"),
    np.array([2**63 - 1, -(2**63), 7]), np.array([0, 255], "uint8"), np.array([True, False, True]), np.array(2.5),
    np.zeros((0, 3)), np.arange(24.0).reshape(2, 3, 4), np.zeros((1, 2, 1, 1, 3), "float32"), np.array([], "int64"),
]  # fmt: skip


def saved(array, **options):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, **options)
    return base64.b64encode(file.getvalue()).decode()


def main():
    files = [
        {"dtype": str(x.dtype), "shape": list(x.shape), "text": [str(v) for v in x.ravel().tolist()], "npy": saved(x)}
        for x in ARRAYS
    ]
    refused = {
        "column-major": saved(np.asfortranarray(np.ones((2, 3)))),
        "big-endian": saved(np.ones(2, ">f8")),
        "float16": saved(np.ones(2, "float16")),
        "complex": saved(np.ones(2, "complex64")),
        "version 2": saved(np.ones(2), version=(2, 0)),
        "records": saved(np.zeros(2, [("a", "f4"), ("b", "i4")])),
        "objects": saved(np.array([None, 1]), allow_pickle=True),
    }
    print(json.dumps({"files": files, "refused": refused}))


main()
