"""Records what NumPy's functions give, for test/golden/numpy.test.ts: the repr, which tells all, or the error.

Run with NumPy 2.4:  python tools/record/numpy.py > test/golden/numpy.json

A call is a function's name (".name": a method of the first argument; "[]": indexing), its arguments and its keyword
arguments. "$name" stands for one of ARRAYS, "@name" for a dtype, a list of these for a list.
"""

import json
import math
import os
import sys
import warnings

# This script is named like the package it records.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]

import numpy as np  # noqa: E402

warnings.simplefilter("ignore")
np.seterr(all="ignore")

ARRAYS = {
    "a": ([[0, 1, 2], [3, 4, 5]], "int64"),
    "f": ([[0.5, -1.25, 2.0], [3.5, 4.75, -5.125]], "float64"),
    "g": ([[1.5, 2.25, -3.0], [0.0, 7.5, 0.125]], "float32"),
    "i": ([[1, -2, 3], [40, 5, -6]], "int32"),
    "u": ([[1, 250, 3], [4, 0, 6]], "uint8"),
    "b": ([[True, False, True], [False, False, True]], "bool"),
    "v": ([3.0, -1.0, 2.0, 0.5], "float64"),
    "c": ([[[0, 1], [2, 3], [4, 5]], [[6, 7], [8, 9], [10, 11]]], "int64"),
    "n": ([1.0, math.nan, 3.0, math.inf, -math.inf], "float64"),
    "s": (7, "int64"),
    "e": ([], "float64"),
    "z": ([[], []], "float64"),
    "w": ([1, 2, 3], "float32"),
    "bools": ([True, True, False], "bool"),
    "eye": ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], "int32"),
    "one": ([[2.5]], "float32"),
}

TWO = ["add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "equal", "less", "greater_equal"]
ONE = ["abs", "negative", "exp", "log", "sqrt", "tanh", "square", "round"]
REDUCED = ["sum", "prod", "mean", "max", "min", "any", "all", "argmax", "argmin"]


def calls():
    yield from creation()
    yield from arithmetic()
    yield from reductions()
    yield from moves()
    yield from padding()
    yield from products()
    yield from indexing()
    yield from comparisons()


def creation():
    for value in ([[1, 2], [3, 4]], [1, 2.5], [True, 2], [True, False], [], [[], []], 3, 2.5, True, [[1, 2], [3]],
                  [1, [2]], [[1, 2], 3], ["$a", [1, 2]], ["$v", "$v"], ["$g", "$a"], ["$s", 1.5], ["$s", 2], None,
                  [[[1]]], [[1, 2], [3, "$s"]], [[[1, 2], [3]], [[1, 2], [3, 4]]]):  # fmt: skip
        if value is not None:
            yield "array", [value], {}
    for dtype in ("float32", "float64", "int32", "int64", "uint8", "bool"):
        yield "array", [[0, 1, 2.75], "@" + dtype], {}
        yield "asarray", ["$f"], {"dtype": "@" + dtype}
        yield "zeros", [[2, 1]], {"dtype": dtype}
        yield "dtype", [dtype], {}
    yield from [
        ("array", [[300]], {"dtype": "uint8"}), ("array", [[-1]], {"dtype": "uint8"}),
        ("array", [[2**40]], {"dtype": "int32"}), ("array", [[1]], {"dtype": "foo"}), ("array", [[1, 2]], {"ndmin": 3}),
        ("array", ["$s"], {}), ("zeros", [3], {}), ("zeros", [[]], {}), ("zeros", [-1], {}), ("zeros", [[2, 1.5]], {}),
        ("ones", [[2, 2], "int"], {}), ("full", [[2, 2], 7], {}), ("full", [[2, 2], [1.5, 2]], {}),
        ("full", [2, [1, 2, 3]], {}), ("full", [[2], 1, "float32"], {}), ("zeros_like", ["$b"], {}),
        ("ones_like", ["$f"], {"shape": [2]}), ("full_like", ["$a", 2.75], {}), ("arange", [5], {}),
        ("arange", [2, 9], {}), ("arange", [2, 9, 3], {}), ("arange", [9, 2, -3], {}), ("arange", [0, 1, 0.1], {}),
        ("arange", [0.5, 3], {}), ("arange", [5, 1], {}), ("arange", [3], {"dtype": "float32"}),
        ("arange", [0, 3, 0], {}), ("arange", [], {}), ("arange", [], {"stop": 3, "start": 1}),
        ("arange", [0, 0.7, 0.1], {}), ("arange", [1, 2, 0.3], {}), ("arange", [-3, 3, 1.5], {}),
        ("linspace", [0, 1], {"num": 5}), ("linspace", [0, 1, 1], {}), ("linspace", [0, 1, 0], {}),
        ("linspace", [2, -3, 7], {}), ("linspace", [0, 10, 4], {"dtype": "int"}), ("linspace", [-2, 3, 5, False], {}),
        ("linspace", [-3, 0, 4], {"dtype": "int64", "endpoint": False}), ("linspace", [0, 1, -1], {}),
        ("linspace", [1, 1, 3], {}), ("linspace", [0, 10, 4, False, True], {}), ("eye", [2], {}), ("eye", [2, 4, 1], {}),
        ("eye", [3], {"k": -1, "dtype": "int64"}), ("eye", [-1], {}), ("identity", [2], {}), ("float64", [3], {}),
        ("int64", [2.5], {}), ("float32", [0.1], {}), ("bool", [2], {}), ("uint8", [[1, 2]], {}),
    ]  # fmt: skip


def arithmetic():
    for index, name in enumerate(TWO):
        for j, (x, y) in enumerate((x, y) for x in "afgiub" for y in "afgiub"):
            if (j + index) % 9 == 0 and (name != "power" or y not in "iu") and (name, x) != ("power", "b"):
                yield name, ["$" + x, "$" + y], {}
        for x in "agub":
            if name != "power" or x in "ag":
                yield name, ["$" + x, 2], {}
                if (name, x) != ("power", "g"):
                    yield name, [1.5, "$" + x], {}
        yield name, ["$a", "$w"], {}
        yield name, ["$a", "$v"], {}
        yield name, [3, 2], {}
    for name in ONE:
        # In float32, NumPy's last digit is one off here and there; of small integers it makes float16 and int8.
        for x in "afi" if name in ("exp", "log", "tanh") else "afgi" if name in ("sqrt", "round", "square") else "afgiub":
            yield name, ["$" + x], {}
        yield name, [2.5], {}
    yield from [
        ("add", ["$u", 300], {}), ("multiply", ["$u", -1], {}), ("greater_equal", ["$u", 300], {}),
        ("equal", ["$u", -1], {}), ("subtract", ["$u", 2], {}), ("power", ["$a", -1], {}), ("power", [2, -1], {}),
        ("power", [2.5, -1], {}), ("power", ["$a", "$i"], {}), ("round", [[1.25, 1.35, -0.5, 2.675]], {"decimals": 1}),
        ("round", [[15, 25, -15]], {"decimals": -1}), ("round", [155.5, -1], {}), ("round", ["$g", 2], {}),
        ("round", [2.5, 0.5], {}), (".rsub", ["$a", 1], {}), (".rdiv", ["$a", 1], {}), (".neg", ["$f"], {}),
        (".pow", ["$a", 2], {}), (".add", ["$s", 1], {}), (".mul", ["$w", "$s"], {}), (".eq", ["$a", 2], {}),
        (".lt", ["$a", "$f"], {}), ("where", ["$b", 1, 0], {}), ("where", ["$b", 1.5, 0], {}),
        ("where", ["$b", "$g", 0], {}), ("where", ["$b", "$a", "$g"], {}), ("where", ["$a", "$u", "$i"], {}),
        ("where", ["$b", 1], {}), ("where", ["$b"], {}), ("where", [[True, False], [1, 2], [1, 2, 3]], {}),
        ("maximum", ["$n", 2], {}),
    ]  # fmt: skip


def reductions():
    for name in REDUCED:
        for x in "fgiub":
            if (name, x) not in (("sum", "u"), ("prod", "u")):
                yield name, ["$" + x], {"axis": 0}
        yield name, ["$a"], {}
        yield name, ["$c", 1], {}
        yield name, ["$a", -1], {"keepdims": True}
        yield name, ["$a", 2], {}
        yield name, ["$a", 1.5], {}
        yield name, ["$e"], {}
        yield name, ["$z"], {"axis": 0}
        yield name, ["$z"], {"axis": 1}
        yield name, ["$n"], {}
        yield name, ["$s"], {}
        if not name.startswith("arg"):
            yield name, ["$c", [0, 2]], {}
            yield name, ["$a", [0, 0]], {}
            yield "." + name, ["$a", 1], {}
    yield from [
        ("sum", ["$a"], {"dtype": "float32"}), ("mean", ["$a"], {"dtype": "@float32"}), ("sum", ["$f"], {"dtype": "int"}),
        ("argmax", [[1, 3, 3]], {}), ("argmin", ["$a"], {"keepdims": True}), ("sum", ["$a", None], {}),
        ("sum", ["$a", None, None, None, True], {}), ("sum", ["$a"], {"foo": 1}),
    ]  # fmt: skip


def moves():
    for name in ("flip", "fliplr", "flipud", "rot90", "transpose", "ravel", "squeeze"):
        for x in ("a", "c", "w", "s", "z"):
            yield name, ["$" + x], {}
    yield from [
        ("flip", ["$a"], {"axis": 1}), ("flip", ["$c", [0, 2]], {}), ("flip", ["$a", 2], {}), ("flip", ["$a", [0, 0]], {}),
        ("rot90", ["$a", 2], {}), ("rot90", ["$a", -1], {}), ("rot90", ["$a", 7], {}), ("rot90", ["$a"], {"k": 4}),
        ("rot90", ["$c"], {"k": 1, "axes": [1, 2]}), ("rot90", ["$c", 3, [2, 0]], {}), ("rot90", ["$a", 1, [0, 0]], {}),
        ("rot90", ["$a", 1, [0, 5]], {}), ("rot90", ["$a", 1, [0]], {}), ("reshape", ["$a", [3, 2]], {}),
        ("reshape", ["$a", -1], {}), ("reshape", ["$a", [3, -1]], {}), ("reshape", ["$a", [4, 2]], {}),
        ("reshape", ["$a", [-1, -1]], {}), ("reshape", ["$a", [4, -1]], {}), ("reshape", ["$z", [-1, 3]], {}),
        ("reshape", ["$one", []], {}), ("reshape", ["$a", [2, 1.5]], {}), (".reshape", ["$a", 3, 2], {}),
        (".reshape", ["$a", [6]], {}), ("transpose", ["$c", [1, 2, 0]], {}), ("transpose", ["$c", [0, 1]], {}),
        ("transpose", ["$c", [0, 0, 1]], {}), ("transpose", ["$c", [0, 1, 3]], {}), (".transpose", ["$c", 2, 0, 1], {}),
        ("concatenate", [["$a", "$f"]], {}), ("concatenate", [["$a", "$i"], 1], {}),
        ("concatenate", [["$a", "$b"]], {"axis": None}), ("concatenate", [[]], {}), ("concatenate", [["$a", "$v"]], {}),
        ("concatenate", [["$a", "$one"]], {}), ("concatenate", [["$a", "$a"], 2], {}), ("concatenate", [[1, 2]], {}),
        ("concatenate", ["$a"], {}), ("concatenate", [["$u", "$u", "$b"], -1], {}), ("stack", [["$a", "$f"]], {}),
        ("stack", [["$w", "$w"]], {"axis": -1}), ("stack", [["$w", "$v"]], {}), ("stack", [[]], {}),
        ("stack", [["$w"], 3], {}), ("stack", [[1, 2]], {}), ("expand_dims", ["$w", 0], {}),
        ("expand_dims", ["$w", [0, 2]], {}), ("expand_dims", ["$w", 2], {}), ("squeeze", ["$one", 0], {}),
        ("squeeze", ["$a", 0], {}), ("swapaxes", ["$c", 0, 2], {}), ("swapaxes", ["$c", 0, 3], {}),
        ("moveaxis", ["$c", 0, 2], {}), ("moveaxis", ["$c", -1, 0], {}), ("broadcast_to", ["$w", [2, 3]], {}),
        ("broadcast_to", ["$w", [3, 2]], {}), (".astype", ["$f", "int64"], {}), (".astype", ["$f", "@bool"], {}),
        (".astype", ["$a", "@uint8"], {}), (".astype", ["$a", "foo"], {}), (".flatten", ["$c"], {}), (".copy", ["$a"], {}),
        (".item", ["$a", 1, 2], {}), (".item", ["$a", -1], {}), (".item", ["$a", 9], {}), (".item", ["$a"], {}),
        (".item", ["$one"], {}), (".item", ["$b", 0], {}), (".tolist", ["$b"], {}), (".tolist", ["$c"], {}), (".tolist", ["$s"], {}),
        (".round", ["$f", 1], {}), (".squeeze", ["$one"], {}), (".swapaxes", ["$a", 0, 1], {}),
    ]  # fmt: skip


def padding():
    for mode in ("constant", "edge", "reflect", "symmetric", "wrap"):
        yield "pad", ["$a", 1, mode], {}
        yield "pad", ["$w", [5, 4], mode], {}
        yield "pad", ["$i", [[0, 3], [1, 0]]], {"mode": mode}
        yield "pad", ["$one", [[2], [1]], mode], {}
        yield "pad", ["$e", 1, mode], {}
        yield "pad", ["$b", [[1, 2]], mode], {}
    yield from [
        ("pad", ["$a", 1], {"constant_values": 9}), ("pad", ["$a", 1], {"constant_values": [[1, 2], [3, 4]]}),
        ("pad", ["$f", [1, 0]], {"constant_values": 2.5}), ("pad", ["$a", 1], {"constant_values": 1.75}),
        ("pad", ["$u", 1], {"constant_values": 300}), ("pad", ["$a", -1], {}), ("pad", ["$a", 1.5], {}),
        ("pad", ["$a", [1, 2, 3]], {}), ("pad", ["$a", [[1, 2], [3, 4], [5, 6]]], {}), ("pad", ["$a", 1, "foo"], {}),
        ("pad", ["$a", 1, "edge"], {"constant_values": 2}), ("pad", ["$s", 1], {}), ("pad", ["$a"], {}),
    ]  # fmt: skip


def products():
    for name in ("dot", "matmul"):
        for x, y in ("aw", "wi", "ww", "ac", "ca", "as", "ww", "av", "gg", "cc", "bb", "fe"):
            yield name, ["$" + x, "$" + y], {}
        yield name, ["$a", "$eye"], {}
        yield name, ["$b", "$eye"], {}
        yield name, ["$bools", "$bools"], {}
        yield name, [[[True, False], [True, True]], [[True, True], [False, True]]], {}
        yield name, ["$eye", "$c"], {}
        yield name, ["$c", [[1, 2, 3], [4, 5, 6]]], {}
    yield from [
        (".dot", ["$a", "$w"], {}), (".matmul", ["$a", "$w"], {}), ("tensordot", ["$a", "$i"], {}),
        ("tensordot", ["$a", "$eye", 1], {}), ("tensordot", ["$a", "$f", [[0], [0]]], {}),
        ("tensordot", ["$c", "$a", [[1, 0], [1, 0]]], {}), ("tensordot", ["$a", "$a"], {"axes": [1, 1]}),
        ("tensordot", ["$a", "$w", 0], {}), ("tensordot", ["$a", "$a", 1], {}), ("tensordot", ["$a", "$a", [[0], [2]]], {}),
        ("tensordot", ["$a", "$a", 3], {}), ("tensordot", ["$a", "$a", [[0, 1], [0]]], {}),
        ("tensordot", ["$c", "$c", [[-1], [2]]], {}), ("einsum", ["ij,kj->ik", "$a", "$f"], {}),
        ("einsum", ["ij->ji", "$a"], {}), ("einsum", ["ii", "$eye"], {}), ("einsum", ["ii->i", "$eye"], {}),
        ("einsum", ["ijk->k", "$c"], {}), ("einsum", ["ij,j", "$a", "$w"], {}), ("einsum", ["i,j->ij", "$w", "$v"], {}),
        ("einsum", ["...j,j->...", "$c", [1, -1]], {}), ("einsum", ["...ij,...kj", "$c", "$c"], {}),
        ("einsum", ["ij...->j...", "$c"], {}), ("einsum", ["ij,jk,k->i", "$a", "$eye", "$w"], {}),
        ("einsum", ["ij,ij->ij", "$a", [[2]]], {}), ("einsum", ["b i, b j -> i j", "$a", "$i"], {}),
        ("einsum", ["ba", "$a"], {}), ("einsum", ["iij->j", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]], {}),
        ("einsum", ["i,i", "$bools", "$bools"], {}), ("einsum", ["ij,jk", "$a", "$a"], {}), ("einsum", ["ij->k", "$a"], {}),
        ("einsum", ["ijk", "$a"], {}), ("einsum", ["i,j", "$w"], {}), ("einsum", ["ij->ii", "$a"], {}),
        ("einsum", ["i%j", "$a"], {}), ("einsum", ["ij->i->j", "$a"], {}),
    ]  # fmt: skip


def indexing():
    for text in ("0", "-1", "5", "-3", "0, 1", "...", "..., 0", "0, ...", "0, 1, ...", ":", "::-1", ":, ::-2", "1:, :2",
                 "::-1, ::-1", ":, 1:0", "5:", ":, -1:-9:-1", ":, 2::-1", ":, :-1", "None", ":, None, 0", "0, 0, 0",
                 "::0", "..., ...", "1.5", ":, 1:3:2", "0:1, ...", "-5:5", ":, np.newaxis", ", ", "1:2:3:4"):  # fmt: skip
        yield "[]", ["$a", text], {}
    for text in ("0", "1, 2, 0", "..., 0", ":, ::-2, ::-1", "1, ..., ::-1", ":, :, 5", ":, -3"):
        yield "[]", ["$c", text], {}
    yield "[]", ["$s", "..."], {}
    yield "[]", ["$s", "0"], {}
    yield "[]", ["$f", "0, 1"], {}
    yield "[]", ["$b", "0, 1"], {}


def comparisons():
    yield from [
        ("allclose", [[1, 2], [1, 2.00001]], {}), ("allclose", [[1, 2], [1, 2.1]], {}),
        ("allclose", [[1, 2], [1, 2.1]], {"atol": 0.2}), ("allclose", [[1, 2], [1, 2, 3]], {}),
        ("allclose", ["$n", "$n"], {}), ("allclose", ["$n", "$n"], {"equal_nan": True}), ("allclose", ["$e", "$e"], {}),
        ("isclose", ["$f", "$g"], {}), ("isclose", ["$n", "$n"], {}), ("isclose", [100, [100.0001, 101]], {"rtol": 1e-5}),
        ("array_equal", ["$a", "$a"], {}), ("array_equal", ["$a", [1]], {}), ("array_equal", ["$n", "$n"], {}),
        ("array_equal", ["$n", "$n"], {"equal_nan": True}), ("array_equal", [1, 1.0], {}),
    ]  # fmt: skip
    close = "testing.assert_allclose"
    yield from [
        (close, [[1, 2], [1, 2.000000001]], {}), (close, [[1, 2, 3], [1, 2, 4]], {}),
        (close, [[1.5, 2, 3], [1, 2, 4.5]], {"rtol": 1e-3, "atol": 1e-2}), (close, [[[1, 2], [3, 4]], [[1, 2], [3, 4.0001]]], {}),
        (close, [[1, 2], [1, 2, 3]], {}), (close, [["$n"], ["$n"]], {}), (close, ["$n", [1, 2, 3, 4, 5]], {}),
        (close, [[1.5, 2], [1, "$s"]], {"err_msg": "hello"}), (close, [1, 2], {"verbose": False}), (close, [1, 0], {}),
        (close, ["$bools", [True, False, False]], {}), (close, [[1, 2], 2], {}), (close, ["$g", "$w"], {"rtol": 0.5}),
        (close, [[[0] * 9] * 9, [[1] * 9] * 9], {}), (close, ["$u", [[2, 250, 0], [0, 0, 7]]], {}),
        (close, ["$n", "$n"], {"equal_nan": False}), (close, [[0.00012345678, 1], [0.0001234567, 1]], {"rtol": 1e-12}),
        ("testing.assert_array_equal", [[1, 2], [1, 3]], {}), ("testing.assert_array_equal", ["$n", "$n"], {}),
    ]  # fmt: skip


def decoded(x):
    """An argument as Python's value."""
    if isinstance(x, str) and x[:1] == "$":
        value, dtype = ARRAYS[x[1:]]
        return np.array(value, dtype=dtype)
    if isinstance(x, str) and x[:1] == "@":
        return getattr(np, x[1:])
    if isinstance(x, list):
        return [decoded(item) for item in x]
    return x


METHODS = {"add": "__add__", "mul": "__mul__", "neg": "__neg__", "pow": "__pow__", "rsub": "__rsub__",
           "rdiv": "__rtruediv__", "matmul": "__matmul__", "eq": "__eq__", "lt": "__lt__"}  # fmt: skip


def shaped(x):
    """Lists that NumPy needs as tuples."""
    return tuple(x) if isinstance(x, list) and all(isinstance(item, int) for item in x) else x


def run(name, arguments, keywords):
    values = [decoded(x) for x in arguments]
    named = {key: shaped(decoded(x)) for key, x in keywords.items()}
    if name == "[]":
        return eval(f"x[{values[1]}]", {"x": values[0], "np": np})
    if name.startswith("."):
        method = getattr(values[0], METHODS.get(name[1:], name[1:]))
        return method(*[shaped(x) for x in values[1:]], **named)
    function = np
    for part in name.split("."):
        function = getattr(function, part)
    takes_axes = name in (*REDUCED, "flip", "expand_dims")
    return function(*[shaped(x) if i > 0 and takes_axes else x for i, x in enumerate(values)], **named)


def encoded(x):
    if isinstance(x, float) and not math.isfinite(x):
        return repr(x)
    if isinstance(x, list):
        return [encoded(item) for item in x]
    return int(x) if isinstance(x, float) and x == int(x) and str(x) != "-0.0" else x


def outcome(name, arguments, keywords):
    """repr of a result, or class and text of the error."""
    try:
        return [repr(run(name, arguments, keywords))]
    except SyntaxError:
        return ["IndexError", ""]
    except Exception as error:
        return [type(error).__name__, str(error)]


def main():
    arrays = {name: {"data": encoded(value), "dtype": dtype} for name, (value, dtype) in ARRAYS.items()}
    lines = [json.dumps([*call, *outcome(*call)], separators=(",", ":")) for call in calls()]
    body = ",\n".join(lines)
    print(f'{{"arrays": {json.dumps(arrays)},\n"calls": [\n{body}\n]}}')


main()
