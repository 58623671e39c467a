"""Records what SciPy's convolutions give, for test/golden/scipy.test.ts.

Run with SciPy 1.17 and NumPy 2.4:  python tools/record/scipy.py > test/golden/scipy.json
"""

import json
import math
import os
import sys
import warnings

# This script is named like the package it records.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]

import numpy as np  # noqa: E402
from scipy import signal  # noqa: E402

warnings.simplefilter("ignore")

# NumPy's short names: float64, int64, float32, int32, uint8, bool.
DTYPES = ["f8", "i8", "f4", "i4", "u1", "b1"]
MODES = ["full", "same", "valid"]
BOUNDARIES = [("fill", 0), ("fill", 3), ("wrap", 0), ("symm", 0)]
PLANES = [
    ([4, 5], [3, 3]), ([4, 4], [2, 2]), ([4, 5], [2, 3]), ([5, 4], [3, 4]), ([3, 4], [1, 1]), ([1, 5], [1, 3]),
    ([2, 3], [4, 5]), ([3, 2], [3, 2]), ([1, 1], [3, 4]), ([2, 5], [1, 6]), ([4, 3], [4, 1]),
    ([1, 2], [4, 7]),
]  # fmt: skip
LINES = [
    ([7], [3]), ([6], [2]), ([3], [5]), ([2], [6]), ([1], [1]), ([4], [1]), ([1], [3]), ([4, 5], [3, 2]),
    ([3, 3], [2, 4]), ([2, 2], [3, 3]), ([4, 1], [2, 1]), ([1, 4], [3, 1]), ([3, 4, 3], [2, 3, 2]),
    ([2, 2, 2], [3, 2, 4]), ([1, 3, 2], [2, 1, 1]),
]  # fmt: skip
ALONG = [
    ([3, 4], [3, 2], 1), ([3, 4], [1, 2], 1), ([1, 4], [3, 2], -1), ([4, 3], [2, 3], 0), ([2, 3, 4], [2, 2, 3], [1, 2]),
    ([2, 3, 4], [1, 3, 2], [2]), ([3, 1], [1, 2], None), ([2, 3, 4, 3], [2, 3, 2, 2], [2, 3]), ([2, 4], [3, 4], 0),
    ([4], [1], None), ([3, 2, 2], [2, 1, 2], [0, -1]),
]  # fmt: skip


def filled(shape, dtype, seed):
    """Small numbers by a formula that the test computes too; quarters in the floating dtypes."""
    i = np.arange(math.prod(shape), dtype=np.int64)
    x = (i * i + 3 * i * seed + 7 * seed) % 11 - 5
    if dtype in ("u1", "b1"):
        x = np.abs(x)
    if dtype == "b1":
        x = x > 2
    if dtype in ("f4", "f8"):
        x = x / 4
    return x.astype(dtype).reshape(shape)


def outcome(call):
    """Dtype, shape and elements of a result, or the class and text of an error."""
    try:
        y = call()
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    # Rounding noise of transforms is not what is recorded; all results are multiples of 1/16.
    exact = np.round(y * 16) / 16 if y.dtype.kind == "f" else y.astype(np.int64)
    return [y.dtype.str[1:], list(y.shape), [int(v) if v == int(v) else v for v in exact.ravel().tolist()]]


def case(function, shapes, seed, *arguments):
    """One call: function, shapes, dtypes, seed, arguments, outcome. The dtypes go through all pairs in turn."""
    a, b = DTYPES[seed % 6], DTYPES[seed // 6 % 6]
    x, w = filled(shapes[0], a, seed), filled(shapes[1], b, seed + 1)
    return [function, *shapes, a, b, seed, list(arguments), *outcome(lambda: getattr(signal, function)(x, w, *arguments))]


def cases():
    seed = 0
    for function in ("convolve2d", "correlate2d"):
        for shapes in PLANES:
            for mode in MODES:
                for boundary, fill in BOUNDARIES[:: 1 if mode != "valid" else 3]:
                    yield case(function, shapes, seed, mode, boundary, fill)
                    seed += 5
    for function in ("convolve", "correlate"):
        for shapes in LINES:
            for mode in MODES:
                yield case(function, shapes, seed, mode, "direct")
                # Of truth values a transform gives noise that is not zero, hence true: not recorded.
                if seed % 36 != 35:
                    yield case(function, shapes, seed, mode, "fft")
                seed += 5
    for function in ("fftconvolve", "oaconvolve"):
        for mode in MODES:
            for shapes in LINES[:: 1 if function == "fftconvolve" else 4]:
                yield case(function, shapes, seed, mode)
                seed += 5
            for *shapes, axes in ALONG:
                yield case(function, shapes, seed, mode, axes)
                seed += 5


def methods():
    """What choose_conv_method takes, for ones of these shapes and dtypes."""
    shapes = [
        ([3], [2]), ([10000], [10000]), ([100000], [50]), ([500], [500]), ([2000], [1000]), ([1000], [2000]),
        ([30], [900]), ([200, 200], [30, 30]), ([20, 20], [3, 3]), ([64, 64], [9, 9]), ([100, 100], [5, 5]),
        ([12, 12, 12], [5, 5, 5]), ([8, 8, 8], [2, 2, 2]),
    ]  # fmt: skip
    for x, w in shapes:
        for mode in MODES:
            yield {"shapes": [x, w], "mode": mode, "method": signal.choose_conv_method(np.ones(x), np.ones(w), mode)}


def lags():
    for n in range(1, 7):
        for k in range(1, 7):
            for mode in MODES:
                yield [n, k, mode, signal.correlation_lags(n, k, mode).tolist()]


def rows(name, items):
    body = ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
    return f'"{name}": [\n{body}\n]'


print("{" + ",\n".join([rows("cases", cases()), rows("methods", methods()), rows("lags", lags())]) + "}")
