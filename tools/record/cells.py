"""Records what the frameworks print, compute and refuse, cell by cell; test/support/cells.ts plays it by the rule.

    python tools/record/cells.py DOOR [FAMILY...]

reads cells/DOOR/FAMILY.txt (all of them by default), and writes test/golden/cells/DOOR/FAMILY.json. DOOR is torch
(PyTorch 2.15), tf (TensorFlow 2.21), numpy (NumPy 2.4) or scipy (SciPy 1.17).

A cell is a line of the little Python that test/support/cell.ts reads, with semicolons between statements. The heading
above it says what is compared:

    [heading]    what it prints, and what a notebook shows of its last expression, character for character
    [~heading]   dtypes, shapes and elements of its last expression: tensors, numbers, or lists of such
    [!heading]   the class of the exception it raises
    [!=heading]  and the first line of its message

Names that all doors have: real, positive and whole(shape, seed=1, dtype='float64') draw tensors (from -1 to 1, from 0.5
to 1.5, from -4 to 4); grads(f, *inputs) gives what f gives, and its gradients by the floating inputs under a random
upstream; grads2 also the gradients, by inputs and upstream, of the first gradients times random tensors. NumPy has no
gradients: they are central differences of eighth order.
"""

import ast
import contextlib
import io
import json
import os
import pathlib
import re
import sys
import warnings

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent.parent / "test" / "golden" / "cells"

# Scripts beside this one are named like packages.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != str(HERE)]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import numpy as np  # noqa: E402

warnings.simplefilter("ignore")
np.seterr(all="ignore")

CLASSES = {
    *("RuntimeError", "ValueError", "TypeError", "IndexError", "NotImplementedError", "OverflowError"),
    *("ZeroDivisionError", "AssertionError", "AxisError", "InvalidArgumentError", "UnimplementedError"),
    *("GradcheckError", "KeyError", "AttributeError"),
}


def draws(seed, shape, f):
    state = (seed * 2654435761 + 1) % 2**32
    values = []
    for _ in range(int(np.prod(shape, dtype=np.int64))):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(f(state))
    return np.array(values, dtype=np.float64).reshape(shape)


def maker(make, f):
    def draw(shape, seed=1, dtype="float64"):
        natural = f is whole and str(dtype) in ("uint8", "bool")
        return make(draws(seed, shape, (lambda bits: (bits >> 16) % 9) if natural else f), str(dtype))

    return draw


def real(bits):
    return (bits >> 8) / 2**23 - 1


def positive(bits):
    return (bits >> 9) / 2**23 + 0.5


def whole(bits):
    return (bits >> 16) % 9 - 4


def listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


class Torch:
    def __init__(self):
        import torch

        self.torch = torch
        torch.Tensor.rsub = lambda x, other: other - x
        torch.Tensor.rdiv = lambda x, other: other / x
        self.version = torch.__version__

    def scope(self):
        torch = self.torch
        torch.set_printoptions(profile="default", sci_mode=None)

        def within(mode):
            def run(f):
                with mode():
                    return f()

            return run

        def train(optimizer, loss, steps=20):
            losses = []
            for _ in range(steps):
                optimizer.zero_grad()
                value = loss()
                value.backward()
                optimizer.step()
                losses.append(value.detach())
            return losses

        def rates(scheduler, steps):
            found = []
            for _ in range(steps):
                found.append(scheduler.get_last_lr()[0])
                scheduler.optimizer.step()
                scheduler.step()
            return found

        return {
            "train": train,
            "rates": rates,
            "torch": torch,
            "F": torch.nn.functional,
            "nn": torch.nn,
            "ones": torch.ones,
            "r": lambda n: torch.arange(n, dtype=torch.float32),
            "no_grad": within(torch.no_grad),
            "enable_grad": within(torch.enable_grad),
        }

    def make(self, values, dtype):
        return self.torch.tensor(values).to(getattr(self.torch, dtype))

    def elements(self, value):
        if isinstance(value, self.torch.Tensor):
            return str(value.dtype)[6:], value.numpy(force=True)
        return None

    def grads(self, f, inputs, order, draw):
        torch = self.torch

        def dtype_of(x):
            return str(x.dtype)[6:]

        def leaf(x):
            floating = isinstance(x, torch.Tensor) and x.is_floating_point()
            return x.detach().clone().requires_grad_() if floating else x

        given = [leaf(x) for x in inputs]
        leaves = [x for x in given if isinstance(x, torch.Tensor) and x.requires_grad]
        results = listed(f(*given))
        outputs = [y for y in results if isinstance(y, torch.Tensor) and y.requires_grad]
        upstream = [draw(tuple(y.shape), 101 + i, dtype_of(y)).requires_grad_(order == 2) for i, y in enumerate(outputs)]
        first = torch.autograd.grad(outputs, leaves, upstream, create_graph=order == 2, allow_unused=True)
        if order == 1:
            return [*results, *first]
        parts = [
            (g * draw(tuple(g.shape), 201 + i, dtype_of(g))).sum()
            for i, g in enumerate(first)
            if g is not None and g.requires_grad
        ]
        return [*results, *first, *torch.autograd.grad(parts, [*leaves, *upstream], allow_unused=True)]


class TensorFlow:
    def __init__(self):
        import tensorflow as tf

        self.tf = tf
        self.version = tf.__version__

    def scope(self):
        tf = self.tf

        def taped(f, *inputs, **options):
            """A tape that has watched inputs while f was computed of them, and the result."""
            with tf.GradientTape(**options) as tape:
                tape.watch(inputs)
                result = f(*inputs)
            return tape, result

        def read(f, **options):
            """A tape that has recorded f, which reads variables, and the result."""
            with tf.GradientTape(**options) as tape:
                result = f()
            return tape, result

        return {"tf": tf, "taped": taped, "read": read}

    def make(self, values, dtype):
        return self.tf.cast(self.tf.constant(values), dtype)

    def elements(self, value):
        if isinstance(value, self.tf.IndexedSlices):
            value = self.tf.convert_to_tensor(value)
        if isinstance(value, (self.tf.Tensor, self.tf.Variable)):
            return value.dtype.name, value.numpy()
        return None

    def grads(self, f, inputs, order, draw):
        tf = self.tf
        floating = [x for x in inputs if isinstance(x, tf.Tensor) and x.dtype.is_floating]
        with tf.GradientTape() as outer:
            outer.watch(floating)
            with tf.GradientTape() as inner:
                inner.watch(floating)
                results = listed(f(*inputs))
            outputs = [y for y in results if isinstance(y, tf.Tensor) and y.dtype.is_floating]
            upstream = [draw(tuple(y.shape), 101 + i, y.dtype.name) for i, y in enumerate(outputs)]
            outer.watch(upstream)
            first = inner.gradient(outputs, floating, output_gradients=upstream)
            first = [tf.convert_to_tensor(g) if isinstance(g, tf.IndexedSlices) else g for g in first]
            if order == 1:
                return [*results, *first]
            parts = [
                tf.reduce_sum(g * draw(tuple(g.shape), 201 + i, g.dtype.name))
                for i, g in enumerate(first)
                if g is not None
            ]
            total = tf.add_n(parts)
        return [*results, *first, *outer.gradient(total, [*floating, *upstream])]


STENCIL = [(1, 4 / 5), (2, -1 / 5), (3, 4 / 105), (4, -1 / 280)]


def differences(f, xs, step=2**-6):
    """The gradient of a scalar function of arrays."""
    gradients = []
    for at, x in enumerate(xs):
        gradient = np.zeros(x.shape)
        for index in np.ndindex(x.shape):
            for k, weight in STENCIL:
                for sign in (1, -1):
                    moved = x.astype(np.float64)
                    moved[index] += sign * k * step
                    gradient[index] += sign * weight * f(*xs[:at], moved, *xs[at + 1 :]) / step
        gradients.append(gradient)
    return gradients


class NumPy:
    def __init__(self):
        self.version = np.__version__

    def scope(self):
        np.set_printoptions(
            **{"precision": 8, "threshold": 1000, "edgeitems": 3, "linewidth": 75, "suppress": False},
            **{"nanstr": "nan", "infstr": "inf", "sign": "-", "floatmode": "maxprec"},
        )
        return {"np": np}

    def make(self, values, dtype):
        return values.astype(dtype)

    def elements(self, value):
        if isinstance(value, (np.ndarray, np.generic)):
            return value.dtype.name, np.asarray(value)
        return None

    def grads(self, f, inputs, order, draw):
        def is_floating(x):
            return isinstance(x, (np.ndarray, np.generic)) and np.issubdtype(x.dtype, np.floating)

        def outputs_of(*xs):
            given = list(inputs)
            for position, x in zip(positions, xs, strict=True):
                given[position] = x
            return [y for y in listed(f(*given)) if is_floating(y)]

        def paired(results, upstream):
            return float(sum(np.sum(y * g) for y, g in zip(results, upstream, strict=True)))

        def first_of(*args):
            xs, upstream = args[: len(positions)], args[len(positions) :]
            return differences(lambda *moved: paired(outputs_of(*moved), upstream), xs)

        positions = [i for i, x in enumerate(inputs) if is_floating(x)]
        xs = [inputs[i] for i in positions]
        results = listed(f(*inputs))
        upstream = [draw(y.shape, 101 + i, y.dtype.name) for i, y in enumerate(y for y in results if is_floating(y))]
        typed = lambda gradients, like: [g.astype(x.dtype) for g, x in zip(gradients, like, strict=True)]  # noqa: E731
        first = typed(first_of(*xs, *upstream), xs)
        if order == 1:
            return [*results, *first]
        along = [draw(g.shape, 201 + i, g.dtype.name) for i, g in enumerate(first)]
        second = differences(lambda *args: paired(first_of(*args), along), [*xs, *upstream])
        return [*results, *first, *typed(second, [*xs, *upstream])]


class SciPy(NumPy):
    def __init__(self):
        import scipy

        self.version = scipy.__version__

    def scope(self):
        from scipy import signal

        return {**super().scope(), "signal": signal}


DOORS = {"torch": Torch, "tf": TensorFlow, "numpy": NumPy, "scipy": SciPy}

DIGITS = {"float32": "%.7g", "float64": "%.11g"}


def numbers(door, value):
    """`dtype[shape] elements`, numbers, None, or lists of such."""
    found = door.elements(value)
    if found is not None:
        dtype, array = found
        form = DIGITS.get(dtype, "%d")
        return f"{dtype}[{','.join(map(str, array.shape))}] {' '.join(form % x for x in array.reshape(-1).tolist())}".rstrip()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return [numbers(door, item) for item in value]


def first_line(error):
    return re.sub(r"(invalid combination of arguments).*", r"\1", str(error).split("\n")[0])


def attempt(f):
    try:
        f()
    except Exception as error:
        print(f"{class_of(error)}: {first_line(error)[:80]}")


def class_of(error):
    return next(c.__name__ for c in type(error).__mro__ if c.__name__ in CLASSES)


def evaluate(door, source):
    """What a cell prints, and its last value."""
    draw = maker(door.make, real)
    scope = {
        "real": draw,
        "positive": maker(door.make, positive),
        "whole": maker(door.make, whole),
        "grads": lambda f, *inputs: door.grads(f, inputs, 1, draw),
        "grads2": lambda f, *inputs: door.grads(f, inputs, 2, draw),
        "same": lambda a, b: a is b,
        "attempt": attempt,
        "inf": float("inf"),
        "nan": float("nan"),
        **door.scope(),
    }
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(tree, "cell", "exec"), scope)
        value = None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), scope)
    return out.getvalue(), value


def text(door, source):
    printed, value = evaluate(door, source)
    shown = "" if value is None else repr(value)
    return re.sub(r" object at 0x[0-9a-f]+", "", (printed + shown).rstrip("\n"))


def cell(door, heading, source):
    if heading.startswith("!"):
        try:
            text(door, source)
        except Exception as error:
            return [source, class_of(error), first_line(error)]
        raise AssertionError(f"{source} was not refused")
    try:
        return [source, numbers(door, evaluate(door, source)[1]) if heading.startswith("~") else text(door, source)]
    except Exception as error:
        raise AssertionError(f"{source} failed: {error}") from error


def sections(file):
    """Lines by the [heading] they stand under, without comments."""
    found = {}
    for line in file.read_text().split("\n"):
        if re.fullmatch(r"\[[~!]?=?[^\[\]()=;]+\]", line):
            found[line[1:-1]] = current = []
        elif line.strip() and not line.startswith("#"):
            current.append(line)
    return found


def record(door, source, target):
    groups = {heading: [cell(door, heading, line) for line in lines] for heading, lines in sections(source).items()}
    write = lambda value: json.dumps(value, separators=(",", ":"))  # noqa: E731
    parts = [f"{write(heading)}: [\n" + ",\n".join(map(write, cells)) + "\n]" for heading, cells in groups.items()]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f'{{"version": "{door.version}",\n"groups": {{\n' + ",\n".join(parts) + "\n}}\n")
    print(f"{target.name}: {sum(map(len, groups.values()))} cells, {target.stat().st_size} bytes", file=sys.stderr)


def main(name, *families):
    door = DOORS[name]()
    folder = HERE / "cells" / name
    for file in sorted(folder.glob("*.txt")):
        if not families or file.stem in families:
            record(door, file, GOLDEN / name / f"{file.stem}.json")


if __name__ == "__main__":
    main(*sys.argv[1:])
