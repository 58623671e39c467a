"""The arrays that text.py prints, each as its elements or as a formula that test/golden/text.test.ts computes too."""

import itertools
import math
from math import inf, nan

MODULUS = 2147483647
SPECIAL = [nan, inf, -0.0, -inf, 0.0]


def draws(seed):
    """Park and Miller's generator: fractions in (0, 1), exact in any language with doubles."""
    state = seed * 7919 + 1
    while True:
        state = state * 16807 % MODULUS
        yield state / MODULUS


def decoded(x):
    """An element as JSON has it: strings for nan, inf and integers past 2^53."""
    if isinstance(x, str):
        return float(x) if x.lstrip("-") in ("nan", "inf") else int(x)
    return x


def encoded(x):
    if isinstance(x, float) and not math.isfinite(x):
        return repr(x)
    return str(x) if isinstance(x, int) and abs(x) > 2**53 else x


def elements(spec):
    """Row-major elements of an array, as Python numbers, before they are converted to its dtype."""
    size, dtype = math.prod(spec["shape"]), spec["dtype"]
    if "data" in spec:
        return [decoded(x) for x in spec["data"]]
    if "ramp" in spec:
        scale, offset = spec["ramp"]
        raw = [i * scale + offset for i in range(size)]
    else:
        rule = spec["random"]
        spread, shift, quantum, every = (rule.get(k, 0) for k in ("spread", "shift", "quantum", "special"))
        draw, raw = draws(rule["seed"]), []
        for i in range(size):
            x = (next(draw) - 0.5) * 2.0 ** (shift + math.floor((next(draw) - 0.5) * spread))
            if quantum:
                x = math.floor(x / quantum) * quantum
            if every and i % every == every - 1:
                x = SPECIAL[(i // every + rule["seed"]) % 5]
            raw.append(x)
    if dtype == "bool":
        return [x > 0 for x in raw]
    if dtype == "uint8":
        return [math.floor(abs(x)) % 256 for x in raw]
    return [math.floor(x) for x in raw] if dtype in ("int32", "int64") else raw


def array(spec):
    import numpy as np

    with np.errstate(over="ignore"):
        return np.array(elements(spec), dtype=spec["dtype"]).reshape(spec["shape"])


def listed(dtype, data, shape=None):
    return {"shape": [len(data)] if shape is None else shape, "dtype": dtype, "data": [encoded(x) for x in data]}


def ramp(dtype, shape, scale, offset=0):
    return {"shape": shape, "dtype": dtype, "ramp": [scale, offset]}


def random(dtype, shape, seed=0, **rule):
    return {"shape": shape, "dtype": dtype, "random": {"seed": seed, **rule}}


LISTS = [
    [1.0], [1.0, 2.0], [1.5, 2.25], [0.1], [0.1, 0.2, 0.30000000000000004], [-1.0, 1.0], [-0.0], [0.0, -0.0], [0.0],
    [1e-4, 1.0], [9.9e-5, 0.01], [1e-5], [1e8], [99999999.0], [1e6], [999999.0], [1234567.0, 1.0], [12345678.0],
    [1.0, 1000.0], [1.0, 1001.0], [0.001, 1.0], [0.001, 1.0001], [1.0, 999.5], [3e-45], [5e-324, 1.0],
    [1.7976931348623157e308], [3.4028234663852886e38, 1.1754943508222875e-38], [1e30, 1e-30], [1e300, 1e-300],
    [nan], [inf], [-inf], [nan, inf], [nan, 1.0], [inf, 1.5], [-inf, 1.5], [inf, -inf, nan], [nan, 1e10], [nan, 1e-10],
    [nan, 0.0], [-inf, 0.0], [nan, 123456.0], [-inf, 1e20, 0.5], [1.0, nan, -inf, 2.5e-7], [nan, 12.5, -3.0],
    [0.5, 1.5, 2.5, 3.5], [0.00005, 0.00015, 0.00025], [0.12345, 0.12355, 2.00005], [1.00005, 2.99995], [0.99995],
    [9.99995, 0.00005], [1 / 3, 2 / 3], [math.pi, -math.e], [100.0, 0.01], [1e16, 1.0], [123456789.123], [16777217.0],
    [0.03125, 0.09375], [2.0**-44, 2.0**-40], [9007199254740993.0], [1e23], [9.5367431640625e-07], [8388608.5],
    [1e5, 1e-2, -3.0], [0.1, 0.12, 0.123, 0.1234, 0.12345678901234], [-1.5, 22.25, -333.125], [1e-8, 1e-9, 1.0],
    [1e-10, 0.0], [4.9e-9, 5.1e-9, 1.0], [123.456, 0.0], [1.0, 10.0, 100.0, 1000.0], [1e10, 1e11], [2e9, 3.0], [-1e-20],
    [1e100, 1.0], [1e-100, 1e100], [6.5, nan], [99999.95, 0.5], [0.99999999, 1.0], [0.999999999, 1.0], [999.99999999],
]  # fmt: skip

INTS = {
    "int32": [[0], [-1, 10, 100], [2147483647, -2147483648], [7, -7], [1, 1000000]],
    "int64": [[0], [-1, 22], [9223372036854775807, -9223372036854775808], [9007199254740993], [-5, 3, 12345678901]],
    "uint8": [[0], [255, 0, 17], [1, 2]],
    "bool": [[True], [False], [True, True], [True, False, False]],
}

EMPTY = [[0], [0, 3], [3, 0], [2, 0, 4], [0, 0], [1, 2, 3, 0]]


def arrays():
    """The arrays that every framework prints with its default options."""
    for data, dtype in itertools.product(LISTS, ("float32", "float64")):
        yield listed(dtype, data)
    for dtype, lists in INTS.items():
        for data in lists:
            yield listed(dtype, data)
            yield listed(dtype, data[:1], [])
    for data in ([6.5], [0.1], [-0.0], [nan], [-inf], [1e-5], [1e-4], [1e16], [1e7], [123456.78], [999999.9], [1e6],
                 [3.0], [16777216.0], [5e-324], [1e20], [1 / 3], [-2.0], [1e15]):  # fmt: skip
        yield listed("float32", data, [])
        yield listed("float64", data, [])
    for shape in EMPTY:
        yield listed("float32", [], shape)
    for dtype in ("float32", "float64", "int32", "int64", "uint8", "bool"):
        yield listed(dtype, [], [0])
        yield listed(dtype, [], [2, 0, 4])
        yield random(dtype, [2, 3], spread=4, shift=4)
        yield random(dtype, [2, 2, 3], spread=2, shift=7)
        yield ramp(dtype, [2, 1, 2, 2], 0.5, -1.0)
        yield ramp(dtype, [1, 1, 1, 1, 2], 3.0)
    yield from wrapped()
    yield from summarised()


def wrapped():
    """Rows that don't fit on a line."""
    for dtype, length in (("float32", 30), ("float64", 45), ("int64", 200), ("int32", 37), ("bool", 33), ("uint8", 90)):
        yield random(dtype, [length], seed=length, spread=4, shift=6)
    for length in range(9, 27):
        yield ramp("float32", [length], 0.5)
    for length in range(16, 28):
        yield ramp("int64", [length], 1.0)
        yield ramp("int32", [length], 1.0)
    yield ramp("float64", [24], 0.37, -5.0)
    yield ramp("float32", [3, 17], 1.25, -9.0)
    yield ramp("float64", [2, 25], 1 / 3)
    yield random("float32", [2, 3, 14], spread=9, special=11)
    yield random("float64", [1, 2, 2, 13], spread=30, special=9)


def summarised():
    """More than a thousand elements."""
    for shape in ([1000], [1001], [2000], [40, 30], [2, 600], [600, 2], [7, 6, 30], [3, 3, 3, 40], [2, 9, 8, 9],
                  [1, 1, 1, 1001], [11, 10, 10, 1], [2, 2, 2, 2, 100], [6, 7, 30]):  # fmt: skip
        yield ramp("float32", shape, 0.37, -5.0)
        yield ramp("float64", shape, 0.25, -7.0)
        if len(shape) > 1:
            yield ramp("int64", shape, 1.0, -3.0)
    yield random("float32", [33, 33], spread=40, special=4)
    yield random("float64", [5000], spread=20, special=3)
    yield random("bool", [1200])
    yield random("uint8", [9, 9, 20], shift=9)
    yield random("int32", [50, 21], shift=12)


FAMILIES = [
    ([1], {"spread": 200}), ([3], {"spread": 6}), ([5], {"spread": 60}), ([6], {"spread": 24, "special": 4}),
    ([4], {"spread": 12, "shift": 22}), ([4], {"spread": 8, "shift": -14}), ([3, 4], {"spread": 10, "quantum": 0.125}),
    ([3, 5], {"shift": 9, "quantum": 1.0, "special": 6}), ([2, 2, 3], {"spread": 28, "special": 5}),
    ([40], {"shift": 4}),
    ([25], {"spread": 14, "special": 9}), ([2, 1, 3, 2], {"shift": 30, "spread": 8, "quantum": 1.0}),
    ([], {"spread": 120}), ([3], {"spread": 2, "shift": 10, "quantum": 0.0625}), ([20], {"quantum": 0.03125}),
    ([35, 30], {"spread": 4, "shift": 2}), ([9, 8, 17], {"spread": 22, "special": 5}), ([4], {"spread": 200}),
]  # fmt: skip

INT_FAMILIES = [
    ([30], {"spread": 24, "shift": 10}), ([3, 4], {"shift": 8}), ([40, 30], {"shift": 16}), ([100], {"shift": 5}),
]


def families():
    """Random arrays, of which each framework prints several seeds."""
    for (shape, rule), dtype in itertools.product(FAMILIES, ("float32", "float64")):
        yield random(dtype, shape, **rule)
    for (shape, rule), dtype in itertools.product(INT_FAMILIES, ("int32", "int64", "uint8", "bool")):
        yield random(dtype, shape, **rule)


SUBJECTS = [
    listed("float64", [math.pi, -1e-3, 123.456789, 0.5]),
    listed("float32", [1e-9, 1.0, 2.5]),
    listed("float64", [nan, -inf, 1234.5, 0.1]),
    listed("float64", [1e10, -2.5, 0.0]),
    listed("float32", [1.0, 2.0, -3.0]),
    listed("float64", [0.15, 2.5, 1e-7, 3.5]),
    listed("int64", [1, -22, 333]),
    listed("bool", [True, False]),
    listed("float64", [], [0, 2]),
    listed("float64", [1 / 3], []),
    ramp("float32", [12, 9], 0.37, -5.0),
    ramp("int64", [30], 7.0, 0.0),
]
