"""Records what PyTorch computes, prints and refuses, for the tests of adjoint/torch.

Run with PyTorch 2.15 (and NumPy) on an x86 machine with AVX2:

    python tools/record/torch_door.py test/golden

It writes torch-errors.json (of torch_door_refusals.txt), torch-conv.json and torch-promotion.json there. What the door
prints is in cells (cells.py).

Convolutions are on integers from -3 to 3 that a linear congruential generator makes on both sides (`Stream`), so that
every result is exact whatever the order of sums, and is kept as a hash of its shape and elements (`digest`).
"""

import contextlib
import json
import os
import pathlib
import random
import re
import sys
import warnings

HERE = pathlib.Path(__file__).resolve().parent

# This folder has scripts that are named like packages.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != str(HERE)]

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

warnings.simplefilter("ignore")
torch.Tensor.rsub = lambda x, other: other - x
torch.Tensor.rdiv = lambda x, other: other / x


def sections(name):
    """Lines by the [heading] they stand under, without comments."""
    found = {}
    for line in HERE.joinpath(name).read_text().split("\n"):
        if line.startswith("[") and line.endswith("]"):
            found[line[1:-1]] = current = []
        elif line and not line.startswith("#"):
            current.append(line)
    return found


def first_line(error):
    return re.sub(r"(invalid combination of arguments).*", r"\1", str(error).split("\n")[0])


def run(source):
    scope = {"torch": torch, "F": F, "ones": torch.ones, "inf": float("inf"), "nan": float("nan")}
    exec(compile(source, "call", "exec"), scope)


def refusal(source):
    try:
        run(source)
    except Exception as error:
        return [source, type(error).__name__, first_line(error)]
    raise AssertionError(f"{source} was not refused")


class Stream:
    """Integers from -3 to 3."""

    def __init__(self, seed):
        self.state = seed

    def tensor(self, shape, dtype):
        size = 1
        for length in shape:
            size *= length
        values = []
        for _ in range(size):
            self.state = (self.state * 1664525 + 1013904223) % 2**32
            values.append((self.state >> 24) % 7 - 3)
        return torch.tensor(values, dtype=dtype).reshape(shape)


def digest(x):
    """31-fold and add, modulo 2^32, over shape and elements; in hexadecimal."""
    values = x.detach().reshape(-1).tolist()
    assert all(value == int(value) for value in values), "not exact"
    code = 17
    for number in [*x.shape, *values]:
        code = (code * 31 + int(number)) % 2**32
    return f"{code:x}"


DTYPES = {"f": torch.float32, "d": torch.float64, "l": torch.int64}


def per_axis(choose, rank):
    """One number, a list of one, or a list."""
    form = random.choice(["number", "number", "list", "list", "one"])
    values = tuple(choose() for _ in range(rank))
    return values[0] if form == "number" else values if form == "list" else values[:1]


def shapes(rank, transposed, unbatched):
    groups = random.choice([1, 1, 1, 2, 3])
    first, second = groups * random.randint(1, 2), random.randint(1, 3)
    largest = {1: 12, 2: 7, 3: 4}[rank]
    space = [random.randint(1, largest) for _ in range(rank)]
    taps = [random.randint(1, {1: 5, 2: 4, 3: 3}[rank]) for _ in range(rank)]
    batch = [] if unbatched else [0 if random.random() < 0.04 else random.randint(1, 3)]
    channels = first if transposed else second * groups
    return groups, [*batch, channels, *space], [first, second, *taps]


def options(rank, transposed, groups):
    chosen = {}
    if random.random() < 0.6:
        chosen["stride"] = per_axis(lambda: random.randint(1, 3), rank)
    if random.random() < 0.6:
        chosen["padding"] = per_axis(lambda: random.randint(0, 3), rank)
    if not transposed and random.random() < 0.2:
        chosen["padding"] = random.choice(["same", "same", "valid"])
        if chosen["padding"] == "same":
            chosen.pop("stride", None)
    if random.random() < 0.4:
        chosen["dilation"] = per_axis(lambda: random.randint(1, 3), rank)
    if transposed and random.random() < 0.5:
        chosen["output_padding"] = per_axis(lambda: random.randint(0, 2), rank)
    if groups > 1:
        chosen["groups"] = groups
    return chosen


def call_text(name, bias, chosen):
    """The call, now and then with all arguments by position."""
    order = ["stride", "padding", "dilation", "groups"]
    if "transpose" in name:
        order = ["stride", "padding", "output_padding", "groups", "dilation"]
    head = ["x", "w", "b"] if bias else ["x", "w"]
    if random.random() < 0.15:
        defaults = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1}
        positional = [repr(chosen.get(key, defaults[key])) for key in order]
        return f"{name}({', '.join(['x', 'w', 'b' if bias else 'None', *positional])})"
    keywords = [f"{key}={chosen[key]!r}" for key in order if key in chosen]
    return f"{name}({', '.join([*head, *keywords])})"


def convolution(name, seed):
    """
    A random call: source, shapes of x and w, length of b, dtype, and the digests of y, of its gradients, and of gradients
    of these.
    """
    transposed, rank = "transpose" in name, int(name[-2])
    dtype = random.choice("ffddddddl")
    groups, x_shape, w_shape = shapes(rank, transposed, random.random() < 0.15)
    bias, chosen = random.random() < 0.4, options(rank, transposed, groups)
    source = call_text(name, bias, chosen)
    stream = Stream(seed)
    x, w = stream.tensor(x_shape, DTYPES[dtype]), stream.tensor(w_shape, DTYPES[dtype])
    outputs = (w_shape[1] * groups if transposed else w_shape[0]) if bias else None
    b = stream.tensor([outputs], DTYPES[dtype]) if bias else None
    inputs = [t for t in (x, w, b) if t is not None]
    if dtype != "l":
        for t in inputs:
            t.requires_grad_()
    scope = {"x": x, "w": w, "b": b, name: getattr(F, name)}
    if x_shape[0] == 0:  # PyTorch doesn't check all arguments then
        eval(source, {**scope, "x": torch.zeros([1, *x_shape[1:]], dtype=x.dtype)})
    y = eval(source, scope)
    if 0 in y.shape[-rank:]:  # oneDNN lets these pass, in float32 alone
        raise RuntimeError("Output size is too small")
    digests = [digest(y)]
    if dtype != "l":
        g = stream.tensor(y.shape, DTYPES[dtype])
        second = random.random() < 0.35
        g.requires_grad_(second)
        gradients = torch.autograd.grad(y, inputs, g, create_graph=second)
        digests += [digest(t) for t in gradients]
        if second:
            v, u = stream.tensor(x.shape, DTYPES[dtype]), stream.tensor(w.shape, DTYPES[dtype])
            along = (gradients[0] * v).sum() + (gradients[1] * u).sum()
            digests += [digest(t) for t in torch.autograd.grad(along, [x, w, g])]
    return [source, x_shape, w_shape, outputs, dtype, " ".join(digests)]


def convolutions(count):
    """Random calls of all six functions; the position in the list is the seed."""
    made = []
    for name in ("conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"):
        wanted = len(made) + count
        while len(made) < wanted:
            with contextlib.suppress(RuntimeError):
                made.append(convolution(name, len(made)))
    return made


LETTERS = {"float32": "f", "float64": "d", "int32": "i", "int64": "l", "uint8": "B", "bool": "b"}
OPERATIONS = ("add", "sub", "mul", "div", "pow", "maximum", "minimum", "rsub", "rdiv")


def promotion(operation):
    """
    3, of six dtypes and two ranks, against 2 of the same and against numbers: for each left operand the letters of the
    results' dtypes, each with the result, or the exceptions.
    """
    of = lambda value, shape: [torch.full(shape, value, dtype=getattr(torch, name)) for name in LETTERS]
    for left in of(3, (1,)) + of(3, ()):
        results = []
        for right in [*of(2, (1,)), *of(2, ()), 2, 2.5, True]:
            try:
                result = getattr(left, operation)(right)
                results.append(LETTERS[str(result.dtype)[6:]] + f"{float(result):.6g}")
            except (RuntimeError, TypeError) as error:
                results.append(type(error).__name__)
        yield " ".join(results)


def write(folder, name, **parts):
    lines = [f"{json.dumps(key)}: " + text(value) for key, value in {"torch": torch.__version__, **parts}.items()]
    folder.joinpath(name).write_text("{" + ",\n".join(lines) + "}\n")


def text(value):
    """JSON with the items of the outermost lists on lines of their own."""
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(key)}: {text(item)}" for key, item in value.items()) + "\n}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in value) + "\n]"
    return json.dumps(value)


def main(folder):
    random.seed(0)
    refusals = sections("torch_door_refusals.txt")
    write(folder, "torch-errors.json", errors={group: [refusal(s) for s in refusals[group]] for group in refusals})
    write(folder, "torch-conv.json", convolutions=convolutions(94))
    write(folder, "torch-promotion.json", promotion={name: list(promotion(name)) for name in OPERATIONS})


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
