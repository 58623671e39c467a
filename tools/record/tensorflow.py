"""Records what TensorFlow computes, differentiates, refuses and prints, for test/golden/tf.test.ts.

Run with TensorFlow 2.21 on an x86 Linux machine, without a GPU:

    python tools/record/tensorflow.py test/golden

It writes tf-convolution.json, tf-functions.json, tf-tape.json and tf-errors.json there. A call is a name and arguments in
Python's order, keyword arguments last; a tensor among them is {"dtype", "value"}, or {"dtype", "shape", "seed"} for
pseudo-random numbers that the test draws again: whole ones from -4 to 4, or with "real" ones from -1 to 1.

TensorFlow's CPU kernels come in two kinds. The default ones (oneDNN) end the process on some bad arguments, answer others
with an AbortedError, and give uninitialised memory for kernels larger than the input. Each call that must fail is
therefore made in a process of its own, with both kinds, and the plain kernels speak where the default ones don't.
"""

import json
import os
import re
import subprocess
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

# This folder has scripts that are named like the packages they record.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

MODULUS = 2147483647


def draws(seed, count, real=False):
    """Park and Miller's generator."""
    state = seed
    out = []
    for _ in range(count):
        state = state * 48271 % MODULUS
        out.append(state / MODULUS * 2 - 1 if real else state % 9 - 4)
    return out


def drawn(shape, seed, dtype="float32", real=False):
    return {"dtype": dtype, "shape": shape, "seed": seed, **({"real": True} if real else {})}


def t(value, dtype="float32"):
    return {"dtype": dtype, "value": value}


def spoken(value):
    """JSON has no infinity: it stands there as a word."""
    if isinstance(value, list):
        return [spoken(item) for item in value]
    return float(value) if isinstance(value, str) else value


def build(argument):
    """A recorded argument as Python's."""
    if isinstance(argument, dict) and "dtype" in argument and "seed" in argument:
        numbers = draws(argument["seed"], int(np.prod(argument["shape"])), argument.get("real", False))
        return tf.constant(np.array(numbers).reshape(argument["shape"]), argument["dtype"])
    if isinstance(argument, dict) and "value" in argument:
        return tf.constant(spoken(argument["value"]), argument["dtype"])
    if isinstance(argument, dict) and "shape" in argument:
        return tf.ones(argument["shape"], argument["dtype"])
    if isinstance(argument, list):
        return [build(item) for item in argument]
    return argument


def function(name):
    found = tf
    for part in name.split("."):
        found = getattr(found, part)
    return found


def run(call):
    name, *args, kwargs = call
    return function(name)(*[build(a) for a in args], **{k: build(v) for k, v in kwargs.items()})


def numbers(x):
    """Elements as JSON has them; infinities and NaN as words."""
    flat = np.asarray(x).ravel()
    if flat.dtype.kind != "f":
        return [int(v) for v in flat]
    return [str(v) if not np.isfinite(v) else int(v) if v == int(v) and abs(v) < 1e15 else float(v) for v in flat]


def tensors(value):
    if isinstance(value, (tf.Tensor, tf.Variable)):
        return [value]
    if isinstance(value, (list, tuple)):
        return [x for item in value for x in tensors(item)]
    return []


def recorded(call, real=False):
    """The result of a call, and its gradients by all floating tensors under an upstream of seed 7."""
    name, *args, kwargs = call
    built = [build(a) for a in args]
    named = {k: build(v) for k, v in kwargs.items()}
    sources = [x for x in tensors(built) + tensors(list(named.values())) if x.dtype.is_floating]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        y = function(name)(*built, **named)
    out = {"call": call, "dtype": y.dtype.name, "shape": y.shape.as_list(), "y": numbers(y)}
    if sources and y.dtype.is_floating:
        upstream = tf.constant(np.array(draws(7, int(np.prod(y.shape)), real)).reshape(y.shape), y.dtype)
        try:
            gradients = tape.gradient(y, sources, output_gradients=upstream)
        except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError):
            print("no gradient on the CPU:", json.dumps(call), file=sys.stderr)
            return out
        out["gradients"] = [None if g is None else numbers(tf.convert_to_tensor(g)) for g in gradients]
    return out


def convolutions():
    cases = []

    def add(name, x, w, *args, dtype="float32", real=False, **kwargs):
        call = ["nn." + name, drawn(x, 11, dtype, real), drawn(w, 12, dtype, real), *args, kwargs]
        cases.append(recorded(call, real))

    add("conv2d", [1, 3, 3, 1], [3, 3, 1, 1], [1, 1, 1, 1], "VALID")
    add("conv2d", [2, 5, 4, 2], [3, 2, 2, 3], 1, "VALID")
    add("conv2d", [2, 5, 4, 2], [3, 2, 2, 3], 1, "SAME")
    add("conv2d", [2, 5, 4, 2], [2, 3, 2, 3], [2, 1], "SAME")
    add("conv2d", [1, 6, 5, 2], [3, 3, 2, 2], [1, 2, 2, 1], "SAME")
    add("conv2d", [1, 7, 6, 1], [3, 2, 1, 2], 3, "VALID")
    add("conv2d", [1, 5, 5, 1], [1, 1, 1, 2], 3, "SAME")
    add("conv2d", [1, 4, 4, 1], [2, 2, 1, 1], 3, "SAME")
    add("conv2d", [1, 7, 6, 2], [3, 2, 2, 2], 1, "VALID", dilations=2)
    add("conv2d", [1, 7, 6, 1], [3, 2, 1, 2], 1, "SAME", dilations=[2, 3])
    add("conv2d", [1, 8, 7, 1], [2, 3, 1, 2], 2, "VALID", dilations=[1, 2, 2, 1])
    add("conv2d", [1, 5, 4, 4], [3, 2, 2, 4], 1, "VALID")
    add("conv2d", [2, 4, 4, 3], [2, 2, 1, 6], 2, "SAME")
    add("conv2d", [1, 4, 3, 2], [3, 3, 2, 2], 1, [[0, 0], [1, 2], [0, 1], [0, 0]])
    add("conv2d", [1, 5, 3, 1], [2, 2, 1, 1], 2, [[0, 0], [3, 0], [1, 4], [0, 0]])
    add("conv2d", [1, 2, 5, 4], [3, 2, 2, 3], 1, "VALID", data_format="NCHW")
    add("conv2d", [1, 2, 5, 4], [3, 2, 2, 3], [1, 1, 2, 2], "SAME", data_format="NCHW")
    add("conv2d", [1, 1, 4, 4], [3, 3, 1, 1], 1, [[0, 0], [0, 0], [1, 0], [0, 2]], data_format="NCHW")
    add("conv2d", [2, 1, 4, 4, 1], [2, 2, 1, 2], 1, "VALID")
    add("conv2d", [1, 5, 4, 2], [3, 2, 2, 2], 1, "SAME", dtype="float64", real=True)
    add("conv2d", [1, 4, 4, 1], [2, 2, 1, 1], None, "VALID", dtype="int32")
    add("conv1d", [2, 6, 2], [3, 2, 3], 1, "VALID")
    add("conv1d", [2, 6, 2], [2, 2, 3], 2, "SAME")
    add("conv1d", [1, 8, 2], [3, 2, 1], [1, 1, 1], "SAME", dilations=2)
    add("conv1d", [1, 8, 4], [3, 2, 2], 1, "VALID")
    add("conv1d", [1, 2, 6], [3, 2, 2], 1, "VALID", data_format="NCW")
    add("conv1d", [1, 6, 1], [4, 1, 2], 1, "SAME", dtype="float64", real=True)
    add("conv3d", [1, 3, 4, 3, 2], [2, 2, 2, 2, 2], [1, 1, 1, 1, 1], "VALID")
    add("conv3d", [1, 3, 4, 3, 1], [2, 3, 2, 1, 2], [1, 2, 1, 2, 1], "SAME")
    add("conv3d", [1, 4, 3, 3, 1], [2, 2, 2, 1, 1], [1, 1, 1, 1, 1], "VALID", dilations=[1, 2, 1, 2, 1])
    add("conv3d", [1, 2, 3, 3, 2], [2, 2, 2, 2, 1], [1, 1, 1, 1, 1], "VALID", data_format="NCDHW")
    add("conv3d", [1, 2, 3, 2, 1], [2, 2, 1, 1, 2], [1, 1, 1, 1, 1], "SAME", dtype="float64", real=True)
    add("convolution", [1, 5, 4, 1], [3, 2, 1, 2])
    add("convolution", [1, 5, 4, 1], [3, 2, 1, 2], 2, "SAME")
    add("convolution", [1, 6, 5, 1], [3, 2, 1, 2], None, "SAME", dilations=2)
    add("convolution", [1, 6, 1], [3, 1, 2], [2], "VALID")
    add("convolution", [1, 3, 3, 3, 1], [2, 2, 2, 1, 1], padding="SAME", data_format="NDHWC")
    add("conv2d_transpose", [1, 1, 1, 1], [3, 3, 1, 1], [3, 3], [1, 1, 1, 1], "VALID")
    add("conv2d_transpose", [2, 2, 3, 2], [3, 2, 3, 2], [4, 4], 1, "VALID")
    add("conv2d_transpose", [2, 2, 3, 2], [3, 2, 3, 2], [3, 6], 2)
    add("conv2d_transpose", [2, 2, 3, 2], [3, 2, 3, 2], [2, 4, 6, 3], 2, "SAME")
    add("conv2d_transpose", [1, 2, 3, 2], [3, 2, 3, 2], [1, 2, 3, 3], 1, "SAME")
    add("conv2d_transpose", [1, 2, 2, 1], [2, 2, 1, 1], [1, 7, 6, 1], 3, "VALID")
    add("conv2d_transpose", [1, 2, 3, 2], [3, 2, 3, 2], [1, 6, 5, 3], 1, "VALID", dilations=2)
    add("conv2d_transpose", [1, 3, 3, 2], [3, 3, 1, 2], [1, 3, 3, 1], 1, [[0, 0], [1, 1], [1, 1], [0, 0]])
    add("conv2d_transpose", [1, 2, 2, 4], [2, 2, 1, 4], [1, 3, 3, 2], 1, "VALID")
    add("conv2d_transpose", [1, 2, 2, 2], [2, 2, 1, 2], [3, 3], 1, "VALID", data_format="NCHW")
    add("conv2d_transpose", [1, 2, 2, 1], [2, 3, 1, 1], [1, 3, 4, 1], 1, "VALID", dtype="float64", real=True)
    add("conv1d_transpose", [1, 3, 2], [3, 2, 2], [1, 5, 2], 1, "VALID")
    add("conv1d_transpose", [1, 3, 2], [3, 2, 2], [1, 5, 2], 2)
    add("conv1d_transpose", [1, 2, 3], [3, 2, 2], [1, 2, 5], 1, "VALID", "NCW")
    add("conv3d_transpose", [1, 2, 2, 1, 1], [2, 2, 2, 2, 1], [1, 3, 3, 2, 2], 1, "VALID")
    add("conv3d_transpose", [1, 2, 2, 1, 1], [2, 2, 2, 1, 1], [1, 4, 3, 2, 1], 2)
    for args in [
        [[1, 5, 4, 2], drawn([3, 2, 2, 2], 12), drawn([1, 3, 2, 2], 13), [1, 2, 2, 1], "SAME"],
        [[1, 5, 4, 4], drawn([3, 2, 2, 2], 12), drawn([1, 3, 3, 2], 13), [1, 1, 1, 1], "VALID"],
    ]:
        cases.append(recorded(["compat.v1.nn.conv2d_backprop_input", *args, {}]))
    for args in [
        [drawn([1, 5, 4, 2], 11), [3, 2, 2, 2], drawn([1, 3, 2, 2], 13), [1, 2, 2, 1], "SAME"],
        [drawn([1, 5, 4, 4], 11), [3, 2, 2, 2], drawn([1, 3, 3, 2], 13), [1, 1, 1, 1], "VALID"],
    ]:
        cases.append(recorded(["compat.v1.nn.conv2d_backprop_filter", *args, {}]))
    return cases


def functions():
    x = drawn([2, 3], 21, "float64", True)
    y = drawn([2, 3], 22, "float64", True)
    row = drawn([3], 23, "float64", True)
    ints = t([[7, -7, 5], [-5, 0, 2]], "int32")
    ties = t([-1.0, 0.0, 1.0, 2.0, 2.5, 6.0, 7.0], "float64")
    positive = t([0.25, 1.0, 3.5], "float64")
    calls = []
    for name in ["abs", "negative", "sign", "square", "exp", "math.expm1", "sin", "cos", "tanh", "sigmoid", "math.erf"]:
        calls.append([name, x, {}])
    for name in ["math.log", "math.log1p", "sqrt", "math.rsqrt", "math.reciprocal"]:
        calls.append([name, positive, {}])
    for name in ["floor", "math.ceil", "round", "nn.relu", "nn.relu6", "abs", "sign", "math.is_finite"]:
        calls.append([name, ties, {}])
    for name in ["abs", "negative", "sign", "square", "nn.relu", "round"]:
        calls.append([name, ints, {}])
    for name in ["add", "subtract", "multiply", "divide", "maximum", "minimum", "math.squared_difference"]:
        calls += [[name, x, y, {}], [name, x, row, {}], [name, row, x, {}]]
    for name in ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]:
        calls.append([name, t([1.0, 2.0, 3.0]), t([3.0, 2.0, 1.0]), {}])
    for name in ["maximum", "minimum"]:
        calls += [[name, ties, t([1.0], "float64"), {}], [name, t([2.0], "float64"), ties, {}]]
    three = t([3, 3, -3], "int32")
    for name in ["add", "subtract", "multiply", "divide", "maximum", "minimum", "math.floordiv", "math.floormod"]:
        calls.append([name, ints, three, {}])
    for name in ["math.floordiv", "math.floormod"]:
        calls.append([name, t([7.5, -7.5, 7.5, -7.5], "float64"), t([2.0, 2.0, -2.0, -2.0], "float64"), {}])
    calls += [
        ["pow", positive, t(2.5, "float64"), {}],
        ["pow", t([-2.0, 0.0, 3.0], "float64"), t(2.0, "float64"), {}],
        ["pow", t(-2.0, "float64"), t([1.0, 2.0, 3.0], "float64"), {}],
        ["pow", t(0.0, "float64"), t([1.0, 2.0], "float64"), {}],
        ["pow", t([2, 3], "int32"), t([3, 2], "int32"), {}],
        ["math.divide_no_nan", t([1.0, 2.0], "float64"), t([0.0, 4.0], "float64"), {}],
        ["math.multiply_no_nan", t(["Infinity", 2.0]), t([0.0, 4.0]), {}],
        ["logical_and", t([True, True, False], "bool"), t([True, False, False], "bool"), {}],
        ["logical_or", t([True, True, False], "bool"), t([True, False, False], "bool"), {}],
        ["logical_not", t([True, False], "bool"), {}],
        ["clip_by_value", ties, t(0.0, "float64"), t(2.0, "float64"), {}],
        ["where", t([[True], [False]], "bool"), x, row, {}],
        ["add_n", [x, y, x], {}],
        ["matmul", x, drawn([3, 2], 24, "float64", True), {}],
        ["matmul", x, y, {"transpose_b": True}],
        ["matmul", x, y, {"transpose_a": True}],
        ["matmul", drawn([2, 2, 3], 25, "float64", True), drawn([3, 2], 24, "float64", True), {}],
        ["matmul", drawn([2, 3], 25, "int32"), drawn([3, 2], 24, "int32"), {}],
    ]
    block = drawn([2, 3, 2], 26, "float64", True)
    for name in ["reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod"]:
        calls += [
            [name, block, {}],
            [name, block, 1, {}],
            [name, block, [0, -1], {"keepdims": True}],
            [name, t([[2.0, 1.0], [2.0, 0.0]], "float64"), 0, {}],
            [name, ints, {"axis": 0}],
            [name, block, [], {}],
        ]
    for name in ["reduce_max", "reduce_min", "reduce_sum", "reduce_mean", "reduce_prod"]:
        calls.append([name, {"dtype": "float32", "shape": [0]}, {}])
    calls += [
        ["reduce_sum", t([200, 100], "uint8"), {}],
        ["reduce_mean", t([200, 100], "uint8"), {}],
        ["reduce_mean", t([-1, -2, -4], "int32"), {}],
        ["math.reduce_variance", block, {}],
        ["math.reduce_std", block, 1, {"keepdims": True}],
        ["reduce_any", t([[True, False], [False, False]], "bool"), 1, {}],
        ["reduce_all", t([[True, True], [False, True]], "bool"), 0, {}],
        ["argmax", t([[1.0, 3.0, 3.0], [4.0, 0.0, 4.0]]), 1, {}],
        ["argmax", t([[1.0, 3.0, 3.0], [4.0, 0.0, 4.0]]), {}],
        ["argmin", t([[1.0, 3.0, 3.0], [4.0, 0.0, 4.0]]), -1, {"output_type": "int32"}],
        ["nn.softmax", block, {}],
        ["nn.softmax", block, 0, {}],
        ["nn.log_softmax", block, {"axis": 1}],
        ["cast", t([1.75, -1.75], "float64"), "int32", {}],
        ["cast", t([1.75, 0.0], "float64"), "bool", {}],
        ["cast", t([1.5, 2.5], "float64"), "float32", {}],
        ["cast", t([1, 0], "int32"), "float64", {}],
        ["identity", x, {}],
        ["stop_gradient", x, {}],
        ["reshape", x, [3, -1], {}],
        ["reshape", x, 6, {}],
        ["reshape", t([3.0]), [], {}],
        ["reshape", {"dtype": "float32", "shape": [0, 3]}, [-1, 0], {}],
        ["transpose", block, {}],
        ["transpose", block, [0, -1, 1], {}],
        ["reverse", block, [0, -1], {}],
        ["reverse", block, [], {}],
        ["pad", x, [[1, 0], [2, 1]], {}],
        ["pad", x, [[1, 0], [0, 1]], "CONSTANT", 9.0, {}],
        ["pad", x, [[1, 0], [2, 1]], {"mode": "REFLECT"}],
        ["pad", x, [[2, 1], [3, 0]], "symmetric", {}],
        ["concat", [x, drawn([1, 3], 27, "float64", True), y], 0, {}],
        ["concat", [x, y], -1, {}],
        ["stack", [x, y], {}],
        ["stack", [x, y], -1, {}],
        ["stack", [1.0, 2.0, 3.0], {}],
        ["squeeze", drawn([1, 2, 1], 28), {}],
        ["squeeze", drawn([1, 2, 1], 28), [-1], {}],
        ["expand_dims", x, 1, {}],
        ["expand_dims", x, {"axis": -1}],
        ["tile", x, [2, 1], {}],
        ["broadcast_to", row, [2, 3], {}],
        ["zeros", [2, 3], {}],
        ["zeros", 3, "int32", {}],
        ["ones", [2], {"dtype": "bool"}],
        ["zeros_like", ints, {}],
        ["ones_like", x, {"dtype": "int64"}],
        ["fill", [2, 1], t(9, "int64"), {}],
        ["fill", [2], t(1.5), {}],
        ["range", 3, {}],
        ["range", 2, 7, {}],
        ["range", 5, 0, -2, {}],
        ["range", 0, 1, 0.1, {}],
        ["range", 3, {"dtype": "float64"}],
        ["eye", 2, {}],
        ["eye", 2, 3, {"dtype": "int32"}],
        ["shape", x, {}],
        ["shape", x, {"out_type": "int64"}],
        ["size", x, {}],
        ["rank", x, {}],
        ["constant", 3.0, {"shape": [2, 2]}],
        ["constant", [1.0, 2.0, 3.0, 4.0], "float64", [2, 2], {}],
        ["constant", [True, False], {}],
        ["convert_to_tensor", ints, {}],
        ["nn.bias_add", drawn([1, 2, 2, 3], 29), drawn([3], 30), {}],
        ["nn.bias_add", drawn([1, 3, 2, 2], 29), drawn([3], 30), "NCHW", {}],
        ["nn.bias_add", drawn([1, 3, 2], 29), drawn([3], 30), {"data_format": "NCW"}],
    ]
    return [recorded(call, real=True) for call in calls]


def shown(value):
    """Results of a scenario: numbers under their shape, None, and lists of such."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return [shown(item) for item in value]
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    return {"shape": value.shape.as_list(), "dtype": value.dtype.name, "value": numbers(value)}


def scenarios():
    """What tapes do. The test has a function of the same name for each."""
    c = tf.constant
    out = {}

    def scenario(f):
        out[f.__name__] = shown(f())

    @scenario
    def unwatched():
        a = c(2.0)
        with tf.GradientTape() as g:
            y = a * a
        return g.gradient(y, a)

    @scenario
    def after_the_tape():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
        return g.gradient(y * y, a)

    @scenario
    def itself():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
        return g.gradient(a, a)

    @scenario
    def nested_structure():
        a, b = c(2.0), c(3.0)
        with tf.GradientTape() as g:
            g.watch({"a": [a], "b": b})
            y = a * b
        return g.gradient(y, {"a": [a], "b": b})

    @scenario
    def integers():
        a = c(2)
        with tf.GradientTape() as g:
            g.watch(a)
            y = tf.cast(a, tf.float32) * 2.0
        return g.gradient(y, a)

    @scenario
    def integer_target():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = tf.cast(a, tf.int32) * 2
        return g.gradient(y, a)

    @scenario
    def several_targets():
        a, b = c(2.0), c(3.0)
        with tf.GradientTape() as g:
            g.watch([a, b])
            y, z = a * a, a * b
        return g.gradient([y, z], [a, b])

    @scenario
    def same_target_twice():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
        return g.gradient([y, y], [a, a])

    @scenario
    def no_sources():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
        return g.gradient(y, [])

    @scenario
    def no_targets():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
        return g.gradient([], a)

    @scenario
    def output_gradients():
        a = c([2.0, 3.0])
        with tf.GradientTape(persistent=True) as g:
            g.watch(a)
            y = a * a
            z = a * 3.0
        up = c([1.0, 10.0])
        return [
            g.gradient(y, a, output_gradients=up),
            g.gradient(y, a, [up]),
            g.gradient([y, z], a, output_gradients=[up, c([5.0, 7.0])]),
        ]

    @scenario
    def unconnected():
        a, b, i = c([2.0, 3.0]), c([[1.0]]), c([[1]])
        with tf.GradientTape(persistent=True) as g:
            g.watch([a, b])
            y = a * a
        zero = tf.UnconnectedGradients.ZERO
        return [
            g.gradient(y, [a, b, i]),
            g.gradient(y, [a, b, i], unconnected_gradients="zero"),
            g.gradient(y, b, unconnected_gradients=zero),
            g.jacobian(y, [a, b]),
            g.jacobian(y, b, unconnected_gradients="zero"),
        ]

    @scenario
    def variables():
        v, w = tf.Variable(3.0), tf.Variable(3.0, trainable=False)
        with tf.GradientTape() as g:
            y = v * v + w * w
        return [g.gradient(y, [v, w])]

    @scenario
    def variable_not_accessed():
        v = tf.Variable(3.0)
        with tf.GradientTape(watch_accessed_variables=False) as g:
            y = v * v
        with tf.GradientTape(watch_accessed_variables=False) as h:
            h.watch(v)
            z = v * v
        return [g.gradient(y, v), h.gradient(z, v)]

    @scenario
    def variable_value():
        v = tf.Variable(3.0)
        with tf.GradientTape() as g:
            u = v.value()
            y = u * v
        return g.gradient(y, [v, u])

    @scenario
    def variable_assigned():
        v, a = tf.Variable(3.0), c(2.0)
        with tf.GradientTape(persistent=True) as g:
            g.watch(a)
            y = v * v
            v.assign(a * 5.0)
            z = v * v * v
            v.assign_add(1.0)
            w = v * v
        return [g.gradient(y, [v, a]), g.gradient(z, [v, a]), g.gradient(w, v), v]

    @scenario
    def variable_target():
        v = tf.Variable(3.0)
        with tf.GradientTape() as g:
            v * 1.0
        return g.gradient(v, v)

    @scenario
    def second_order():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            with tf.GradientTape() as h:
                h.watch(a)
                y = a * a * a
            d = h.gradient(y, a)
        return [d, g.gradient(d, a)]

    @scenario
    def third_order():
        v = tf.Variable(2.0)
        with tf.GradientTape() as f:
            with tf.GradientTape() as g:
                with tf.GradientTape() as h:
                    y = v * v * v * v
                d = h.gradient(y, v)
            e = g.gradient(d, v)
        return [d, e, f.gradient(e, v)]

    @scenario
    def second_order_convolution():
        x = build(drawn([1, 4, 3, 2], 31))
        w = build(drawn([2, 2, 2, 2], 32))
        with tf.GradientTape() as g:
            g.watch([x, w])
            with tf.GradientTape() as h:
                h.watch([x, w])
                y = tf.nn.conv2d(x, w, 1, "SAME")
                loss = tf.reduce_sum(y * y)
            dx, dw = h.gradient(loss, [x, w])
            s = tf.reduce_sum(dx * dx) + tf.reduce_sum(dw * x[0, 0, 0, 0])
        return [dx, dw, g.gradient(s, [x, w])]

    @scenario
    def inside_its_own_block():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            d = g.gradient(a * a * a, a)
        return d

    @scenario
    def persistent_inside():
        a = c(2.0)
        with tf.GradientTape(persistent=True) as g:
            g.watch(a)
            y = a * a * a
            d = g.gradient(y, a)
        return [d, g.gradient(d, a), g.gradient(y, a)]

    @scenario
    def persistent_outside():
        a = c(2.0)
        with tf.GradientTape(persistent=True) as g:
            g.watch(a)
            y = a * a * a
        d = g.gradient(y, a)
        return [d, g.gradient(d, a)]

    @scenario
    def inner_tape_sees_less():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
            with tf.GradientTape() as h:
                h.watch(a)
                z = y * a
            d = h.gradient(z, [a, y])
        return [d, g.gradient(z, [a, y])]

    @scenario
    def inner_watches_intermediate():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
            with tf.GradientTape() as h:
                h.watch([a, y])
                z = y * y * a
            d = h.gradient(z, [a, y])
        return [d, g.gradient([z, d[0]], [a, y])]

    @scenario
    def stop_recording():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
            with g.stop_recording():
                z = y * y
            w = z + y
        return g.gradient(w, a)

    @scenario
    def stop_recording_for_gradient():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
            with g.stop_recording():
                d = g.gradient(y, a)
        return d

    @scenario
    def reset():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
            g.reset()
            g.watch(a)
            z = y * a
        return g.gradient(z, [a, y])

    @scenario
    def entered_again():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
        with g:
            z = y * y
        return g.gradient(z, a)

    @scenario
    def between_the_blocks():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
        u = y * 3.0
        with g:
            z = u + y
        return g.gradient(z, a)

    @scenario
    def intermediate():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
            z = y * y
        return g.gradient(z, [a, y])

    @scenario
    def watched_late():
        a = c(2.0)
        with tf.GradientTape() as g:
            y = a * a
            g.watch(a)
            z = y + a
        return g.gradient(z, a)

    @scenario
    def watched_intermediate():
        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            y = a * a
            g.watch(y)
            z = y * y
        return g.gradient(z, [a, y])

    @scenario
    def watched_intermediate_only():
        a = c(2.0)
        with tf.GradientTape() as g:
            y = a * a
            g.watch(y)
            z = y * y
        return g.gradient(z, [a, y])

    @scenario
    def one_tape_after_another():
        a = c(2.0)
        with tf.GradientTape(persistent=True) as g:
            g.watch(a)
            y = a * a
        with tf.GradientTape() as h:
            h.watch([a, y])
            z = y * a
        return [h.gradient(z, [a, y]), g.gradient(y, a), g.gradient(z, a), g.gradient(y, y)]

    @scenario
    def stop_gradient():
        a = c(2.0)
        with tf.GradientTape(persistent=True) as g:
            g.watch(a)
            y = a * tf.stop_gradient(a)
            z = tf.stop_gradient(a)
        return [g.gradient(y, a), g.gradient(z, a)]

    @scenario
    def jacobian():
        a = c([2.0, 3.0])
        with tf.GradientTape(persistent=True) as g:
            g.watch(a)
            y = a * a
            z = tf.reduce_sum(a * a)
            w = tf.reshape(a, [2, 1]) * a
        return [g.jacobian(y, a), g.jacobian(z, a), g.jacobian(w, [a])]

    @scenario
    def hessian():
        a = c([2.0, 3.0])
        with tf.GradientTape() as g:
            g.watch(a)
            with tf.GradientTape() as h:
                h.watch(a)
                y = tf.reduce_sum(a * a * a) * a[0]
            d = h.gradient(y, a)
        return g.jacobian(d, a)

    @scenario
    def custom_gradient():
        @tf.custom_gradient
        def f(x, y):
            return x * y, lambda up: (up * 10.0, up * y)

        a, b = c([2.0, 3.0]), c([4.0, 5.0])
        with tf.GradientTape() as g:
            g.watch([a, b])
            y = f(a, b)
        return [y, g.gradient(y, [a, b])]

    @scenario
    def custom_gradient_of_two():
        @tf.custom_gradient
        def f(x):
            return (x * 2.0, x * 3.0), lambda u, v: u * 10.0 + v

        a = c([2.0, 3.0])
        with tf.GradientTape() as g:
            g.watch(a)
            y, z = f(a)
            w = y + z * 4.0
        return [y, z, g.gradient(w, a)]

    @scenario
    def custom_gradient_of_gradient():
        @tf.custom_gradient
        def cube(x):
            return x * x * x, lambda up: up * 5.0 * x * x

        a = c(2.0)
        with tf.GradientTape() as g:
            g.watch(a)
            with tf.GradientTape() as h:
                h.watch(a)
                y = cube(a)
            d = h.gradient(y, a)
        return [d, g.gradient(d, a)]

    @scenario
    def error_inside():
        a = c(2.0)
        try:
            with tf.GradientTape() as g:
                g.watch(a)
                y = a * a
                raise KeyError
        except KeyError:
            pass
        return g.gradient(y, a)

    return out


def texts():
    """str and repr of what the test makes under the same name."""
    c = tf.constant
    v = tf.Variable([1.0, 2.0], name="w")
    values = {
        "scalar": c(3.5),
        "thirds": c(1.0) / c(3.0),
        "vector": c([1.0, 2.5]),
        "matrix": c([[1.0, -2.0], [0.5, 1e10]]),
        "double": c([1.0, 2.0], tf.float64),
        "integers": c([1, -20], tf.int32),
        "long": c([1, 2], tf.int64),
        "byte": c(7, tf.uint8),
        "bools": c([True, False]),
        "truth": c(True),
        "empty": tf.zeros([0, 2]),
        "block": tf.reshape(tf.range(8.0), [2, 2, 2]),
        "many": tf.zeros([1001]),
        "variable": tf.Variable(3.0),
        "named": v,
        "assigned": v.assign([5.0, 6.0]),
        "read": v.value(),
        "shape": c([[1.0, 2.0, 3.0]]).shape,
        "no shape": c(1.0).shape,
        "one size": c([1.0]).shape,
        "dtype": tf.float32,
        "bool": tf.bool,
        "list": [c([1.0]), c(2), None],
        "zero": tf.UnconnectedGradients.ZERO,
    }
    return {name: [str(value), repr(value)] for name, value in values.items()}


def bad_calls():
    """Calls that must be refused: function, then arguments as for any call."""

    def ones(*shape, dtype="float32"):
        return {"dtype": dtype, "shape": list(shape)}

    x, w = ones(1, 5, 5, 3), ones(3, 3, 3, 4)
    double = ones(2, dtype="float64")
    conv = [
        [ones(1, 5, 5, 3), ones(3, 3, 2, 4), 1, "VALID", {}],
        [ones(1, 5, 5, 4), ones(3, 3, 2, 3), 1, "VALID", {}],
        [x, ones(3, 3, 3, 4, dtype="float64"), 1, "VALID", {}],
        [ones(1, 5, 5, 3, dtype="int64"), ones(3, 3, 3, 4, dtype="int64"), 1, "VALID", {}],
        [ones(1, 5, 5, 3, dtype="bool"), ones(3, 3, 3, 4, dtype="bool"), 1, "VALID", {}],
        [ones(5, 5, 3), w, 1, "VALID", {}],
        [x, ones(3, 3, 3), 1, "VALID", {}],
        [x, w, 1, "valid", {}],
        [x, w, 1, "FULL", {}],
        [x, w, 1, 1, {}],
        [x, w, 1, None, {}],
        [x, w, 1, "EXPLICIT", {}],
        [x, w, 1, [[1, 1], [1, 1]], {}],
        [x, w, 1, [0, 1, 1, 0], {}],
        [x, w, 1, [[0, 0], [1, 1, 1], [1, 1], [0, 0]], {}],
        [x, w, 1, [[1, 0], [1, 1], [1, 1], [0, 0]], {}],
        [x, w, 1, [[0, 0], [-1, 1], [1, 1], [0, 0]], {}],
        [x, w, 0, "VALID", {}],
        [x, w, -1, "VALID", {}],
        [x, w, "a", "VALID", {}],
        [x, w, [2, 1, 1], "VALID", {}],
        [x, w, [2, 1, 1, 1, 1], "VALID", {}],
        [x, w, [2, 1, 1, 1], "VALID", {}],
        [x, w, [1, 1, 1, 2], "VALID", {}],
        [x, w, 1, "VALID", {"dilations": 0}],
        [x, w, 1, "VALID", {"dilations": [1, 1, 1]}],
        [x, w, 1, "VALID", {"dilations": [2, 1, 1, 1]}],
        [x, w, 1, "VALID", {"data_format": "NWHC"}],
        [ones(1, 2, 2, 3), ones(0, 3, 3, 4), 1, "VALID", {}],
        [ones(1, 1, 5, 3), w, 1, "VALID", {}],
        [x, w, {}],
        [x, w, 1, "VALID", {"foo": 1}],
    ]
    small, g = ones(1, 7, 7, 2), ones(3, 3, 3, 2)
    transposed = [
        [small, g, [1, 8, 9, 3], 1, "VALID", {}],
        [small, g, [1, 9, 8, 3], 1, "VALID", {}],
        [small, g, [8, 9], 1, "VALID", {}],
        [small, g, [9, 9, 3], 1, "VALID", {}],
        [small, g, [], 1, "VALID", {}],
        [small, g, [1, 1, 9, 9, 3], 1, "VALID", {}],
        [small, ones(3, 3, 3, 4), [1, 9, 9, 3], 1, "VALID", {}],
        [small, g, [1, 9, 9, 4], 1, "VALID", {}],
        [small, g, [2, 9, 9, 3], 1, "VALID", {}],
        [small, ones(3, 3, 3, 2, dtype="float64"), [1, 9, 9, 3], 1, "VALID", {}],
        [small, g, t([1.0, 9.0, 9.0, 3.0]), 1, "VALID", {}],
        [small, g, t([1, 9, 9, 3], "int64"), 1, "VALID", {}],
        [small, g, None, 1, "VALID", {}],
        [small, g, 9, 1, "VALID", {}],
        [small, g, [1, -1, 9, 3], 1, "VALID", {}],
        [small, ones(3, 3, 2), [1, 9, 9, 3], 1, "VALID", {}],
        [small, g, [1, 9, 9, 3], 1, "valid", {}],
        [small, g, [1, 9, 9, 3], 0, "VALID", {}],
        [small, g, [1, 9, 9, 3], [2, 1, 1, 1], "VALID", {}],
        [small, g, [1, 9, 9, 3], {}],
        [small, g, [1, 9, 9, 3], 1, "VALID", {"data_format": "FOO"}],
    ]
    volume, cube = ones(1, 5, 5, 5, 3), ones(3, 3, 3, 3, 4)
    line, tap = ones(1, 5, 3), ones(3, 3, 4)
    return (
        [["nn.conv2d", *call] for call in conv]
        + [["nn.conv2d_transpose", *call] for call in transposed]
        + [
            ["nn.conv1d", ones(1, 5, 3), ones(3, 2, 4), 1, "VALID", {}],
            ["nn.conv1d", line, tap, 1, [[0, 0], [1, 1], [0, 0]], {}],
            ["nn.conv1d", line, tap, [1, 2], "SAME", {}],
            ["nn.conv1d", line, tap, 1, "SAME", {"data_format": "CWN"}],
            ["nn.conv1d", line, tap, 0, "SAME", {}],
            ["nn.conv1d", line, tap, {"strides": 1, "padding": "VALID"}],
            ["nn.conv3d", volume, cube, 1, "VALID", {}],
            ["nn.conv3d", volume, cube, [1, 1, 1], "VALID", {}],
            ["nn.conv3d", volume, cube, [1, 1, 1, 1, 1], "VALID", {"dilations": 2}],
            ["nn.conv3d", volume, cube, [1, 1, 1, 1, 1], [[0, 0], [1, 1], [1, 1], [1, 1], [0, 0]], {}],
            ["nn.conv3d", ones(1, 5, 5, 5, 4), ones(3, 3, 3, 2, 4), [1, 1, 1, 1, 1], "VALID", {}],
            ["nn.conv3d", volume, cube, [1, 1, 1, 1, 1], "VALID", {"data_format": "NHWC"}],
            ["nn.conv3d", volume, cube, [2, 1, 1, 1, 1], "VALID", {}],
            ["nn.conv3d", volume, cube, [1, 0, 1, 1, 1], "VALID", {}],
            ["nn.convolution", ones(1, 5, 5, 5, 5, 3), ones(3, 3, 3, 3, 3, 4), {}],
            ["nn.convolution", ones(1, 7, 7, 3), w, {"dilations": 2, "strides": 2}],
            ["nn.convolution", x, w, {"strides": [1, 1, 1]}],
            ["nn.convolution", x, w, {"padding": "FULL"}],
            ["nn.conv1d_transpose", ones(1, 7, 2), ones(3, 3, 2), [1, 8, 3], 1, "VALID", {}],
            ["nn.conv1d_transpose", ones(1, 7, 2), ones(3, 3, 2), [9, 3], 1, "VALID", {}],
            ["nn.conv3d_transpose", ones(1, 2, 2, 2, 2), ones(3, 3, 3, 3, 2), [1, 4, 5, 4, 3], 1, "VALID", {}],
            ["nn.conv3d_transpose", ones(1, 2, 2, 2, 2), ones(3, 3, 3, 3, 4), [1, 4, 4, 4, 3], 1, "VALID", {}],
            ["nn.conv3d_transpose", ones(1, 2, 2, 2, 2), ones(3, 3, 3, 3, 2), [4, 4], 1, "VALID", {}],
            ["constant", [True, 2], {}],
            ["constant", [[1, 2], [3]], {}],
            ["constant", None, {}],
            ["constant", [1.5], "int32", {}],
            ["constant", ones(2), "float64", {}],
            ["constant", [1.0, 2.0, 3.0], {"shape": [2, 2]}],
            ["constant", 1.5, "foo", {}],
            ["convert_to_tensor", ones(2), "float64", {}],
            ["zeros", [-1], {}],
            ["zeros", [2.5], {}],
            ["zeros", None, {}],
            ["zeros", [1], "foo", {}],
            ["zeros", [[2]], {}],
            ["fill", [-2], 1.5, {}],
            ["fill", [2], [1.5, 2.5], {}],
            ["range", 0, 5, 0, {}],
            ["range", 5, 0, {}],
            ["cast", ones(2), "foo", {}],
            ["reshape", ones(2, 3), [4], {}],
            ["reshape", ones(2, 3), [-1, 4], {}],
            ["reshape", ones(2, 3), [-1, -1], {}],
            ["reshape", ones(2, 3), [-2, 3], {}],
            ["reshape", ones(2, 3), [6.5], {}],
            ["reshape", ones(2, 3), t([6.0]), {}],
            ["reshape", ones(2, 3), None, {}],
            ["transpose", ones(2, 3, 4), [0, 2], {}],
            ["transpose", ones(2, 3, 4), [0, 2, 2], {}],
            ["transpose", ones(2, 3, 4), [0, 2, 3], {}],
            ["transpose", ones(2, 3, 4), [0, -4, 1], {}],
            ["reverse", ones(2, 2), 0, {}],
            ["reverse", ones(2, 2), [2], {}],
            ["reverse", ones(2, 2), [1, -1], {}],
            ["pad", ones(2, 2), [[-1, 0], [0, 1]], {}],
            ["pad", ones(2, 2), [[1, 0]], {}],
            ["pad", ones(2, 2), [[1, 0, 1], [1, 0, 1]], {}],
            ["pad", ones(2, 2), [[1, 0], [0, 1]], "EDGE", {}],
            ["pad", ones(2, 2), [[2, 0], [0, 1]], "REFLECT", {}],
            ["pad", ones(2, 2), [[3, 0], [0, 1]], "SYMMETRIC", {}],
            ["concat", [ones(2, 3), ones(2, 4)], 0, {}],
            ["concat", [ones(2, 3), ones(2)], 0, {}],
            ["concat", [ones(2, 3), ones(2, 3)], 2, {}],
            ["concat", [ones(2, 3), ones(2, 3, dtype="float64")], 0, {}],
            ["concat", [1.5, 2.5], 0, {}],
            ["stack", [ones(2, 3), ones(2, 4)], {}],
            ["stack", [ones(2, 3), ones(2, 3)], 3, {}],
            ["squeeze", ones(1, 2, 1), 1, {}],
            ["squeeze", ones(1, 2, 1), 3, {}],
            ["expand_dims", ones(2, 3), 3, {}],
            ["expand_dims", ones(2, 3), {}],
            ["tile", ones(2), [2, 1], {}],
            ["tile", ones(2), [-2], {}],
            ["broadcast_to", ones(2), [2, 3], {}],
            ["reduce_sum", ones(2, 3), 2, {}],
            ["reduce_sum", ones(2, 3), [0, 0], {}],
            ["reduce_sum", ones(2, 3), 0.5, {}],
            ["reduce_sum", ones(2, dtype="bool"), {}],
            ["reduce_max", ones(2, dtype="bool"), {}],
            ["argmax", ones(2, 2), 2, {}],
            ["add", ones(2), double, {}],
            ["add", ones(2), ones(3), {}],
            ["add", ones(2, dtype="int32"), 1.5, {}],
            ["add", ones(2, dtype="bool"), ones(2, dtype="bool"), {}],
            ["add", ones(2), None, {}],
            ["divide", ones(2, dtype="int32"), ones(2), {}],
            ["pow", ones(2, dtype="int32"), t(-1, "int32"), {}],
            ["math.floordiv", ones(2, dtype="int32"), t(0, "int32"), {}],
            ["maximum", ones(2), ones(2, dtype="int32"), {}],
            ["equal", ones(2), ones(3), {}],
            ["negative", ones(2, dtype="uint8"), {}],
            ["abs", ones(2, dtype="bool"), {}],
            ["exp", ones(2, dtype="int32"), {}],
            ["floor", ones(2, dtype="int32"), {}],
            ["nn.relu", ones(2, dtype="bool"), {}],
            ["where", [1, 0], ones(2), ones(2), {}],
            ["where", t([True], "bool"), ones(2), double, {}],
            ["where", t([True, False, True], "bool"), ones(2), ones(2), {}],
            ["logical_and", [1], [0], {}],
            ["add_n", [ones(2), ones(3)], {}],
            ["matmul", ones(2, 3), ones(2, 4), {}],
            ["matmul", ones(3), ones(3, 4), {}],
            ["matmul", ones(2, 3), ones(3), {}],
            ["matmul", ones(5, 2, 3), ones(4, 3, 4), {}],
            ["matmul", ones(2, 3), ones(3, 4, dtype="float64"), {}],
            ["nn.bias_add", x, ones(4), {}],
            ["nn.bias_add", x, ones(3, 1), {}],
            ["nn.bias_add", ones(3), ones(3), {}],
            ["nn.bias_add", x, ones(3), "FOO", {}],
            ["nn.bias_add", x, double, {}],
        ]
    )


def outcome(call):
    """The error of a call made in a process of its own: class and message; a signal's number; or "no error"."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            run(call)
            result = ["no error", ""]
        except Exception as error:
            result = [type(error).__name__, str(error)]
        os.write(writer, json.dumps(result).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(text) if status == 0 else ["crash", str(status)]


def message(text):
    """A message without what stands around it."""
    text = re.sub(r"^\{\{function_node .*?\}\} ", "", text)
    text = re.sub(r"\n\t; NodeDef.*", "", text, flags=re.S)
    text = re.sub(r"( \[Op:\w+\])?( name: .*)?$", "", text, flags=re.S)
    return text.replace("_MklNative", "").replace("_Mkl", "").strip()


def errors():
    calls = bad_calls()
    plain_kernels = subprocess.run(
        [sys.executable, __file__, "--errors"],
        env={**os.environ, "TF_ENABLE_ONEDNN_OPTS": "0"},
        capture_output=True,
        check=True,
    )
    out = []
    for call, usual, fallback in zip(calls, map(outcome, calls), json.loads(plain_kernels.stdout)):
        unusable = usual[0] in ("crash", "AbortedError", "no error")
        name, text = fallback if unusable else usual
        out.append([call, name, message(text)])
    return out


def write(folder, name, value):
    lines = json.dumps(value, separators=(",", ":"))
    with open(os.path.join(folder, f"tf-{name}.json"), "w") as file:
        file.write(lines.replace('},{"call"', '},\n{"call"').replace('],[["', '],\n[["') + "\n")


def main():
    if sys.argv[1] == "--errors":
        print(json.dumps([outcome(call) for call in bad_calls()]))
        return
    folder = sys.argv[1]
    write(folder, "errors", {"tensorflow": tf.__version__, "errors": errors()})
    write(folder, "convolution", {"tensorflow": tf.__version__, "cases": convolutions()})
    write(folder, "functions", {"tensorflow": tf.__version__, "cases": functions()})
    write(folder, "tape", {"tensorflow": tf.__version__, "scenarios": scenarios(), "texts": texts()})


if __name__ == "__main__":
    main()
