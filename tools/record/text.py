"""Record how NumPy, PyTorch, TensorFlow and Python print, for test/golden/text.test.ts.

Run from the repository's root, each part under a Python that has the framework:

    python tools/record/text.py arrays digits python numpy torch
    python tools/record/text.py tensorflow

Each name writes test/golden/text-<name>.json. text-arrays.json holds what is printed (see text_arrays.py), a
framework's file the texts in the same order. Short texts are stored whole, of the long ones a sample, the others as
"#" and a digest. A family is an array of random numbers, and its recording four digits of a digest for each seed from
0. To see such a text:

    python tools/record/text.py show numpy <number of the line of options> <number of the family> <seed>
"""

import contextlib
import hashlib
import itertools
import json
import math
import os
import struct
import sys
from math import inf, nan

from text_arrays import SUBJECTS, array, arrays, draws, encoded, families, listed, ramp


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def stored(texts, limit=100, long=itertools.count()):
    """Texts as a recording keeps them: long ones by digest, but one in twenty-five whole, for people to read."""
    return ["#" + digest(t) if len(t) > limit and next(long) % 25 else t for t in texts]


def seeded(spec, seed):
    return {**spec, "random": {**spec["random"], "seed": seed}}


def recording(show, options, family_options, seeds, every=1):
    """A framework's texts: of every n-th array by default, of the subjects by each change of the options."""
    return {
        "defaults": [stored(show(s, {})) if i % every == 0 else None for i, s in enumerate(arrays())],
        "subjects": [{"options": o, "texts": [stored(show(s, o)) for s in SUBJECTS]} for o in options],
        "families": [
            {"options": o, "digests": ["".join(digest("\0".join(show(seeded(spec, seed), o)))[:4]
                                               for seed in range(seeds)) for spec in families()]}
            for o in family_options
        ],
    }  # fmt: skip


def with_options(context, show, spec, options):
    with context(**options):
        return show(spec)


# numpy

NUMPY_OPTIONS = [
    {"precision": 2}, {"precision": 0}, {"precision": 3, "floatmode": "fixed"}, {"precision": 12, "floatmode": "fixed"},
    {"floatmode": "unique"}, {"precision": 3, "floatmode": "maxprec_equal"}, {"suppress": True},
    {"suppress": True, "precision": 3}, {"sign": "+"}, {"sign": " "},
    {"sign": "+", "floatmode": "fixed", "precision": 1},
    {"nanstr": "missing", "infstr": "oo"}, {"linewidth": 30}, {"linewidth": 8}, {"threshold": 5},
    {"threshold": 5, "edgeitems": 1}, {"threshold": 5, "edgeitems": 0},
    {"threshold": 0, "edgeitems": 2, "linewidth": 40},
    {"threshold": sys.maxsize, "linewidth": 200}, {"precision": 20},
    {"precision": 17, "suppress": True, "floatmode": "fixed"},
]  # fmt: skip

NUMPY_FAMILY_OPTIONS = [
    {}, {"precision": 3, "floatmode": "maxprec_equal", "suppress": True}, {"floatmode": "unique", "sign": " "},
    {"precision": 4, "floatmode": "fixed", "sign": "+", "linewidth": 50},
]  # fmt: skip


def numpy_show(spec):
    a = array(spec)
    return [str(a), repr(a)] if a.shape else [str(a), repr(a), repr(a[()])]


def numpy_recording():
    import numpy as np

    show = lambda spec, options: with_options(np.printoptions, numpy_show, spec, options)
    dtypes = {name: repr(np.dtype(name)) for name in ("float32", "float64", "int32", "int64", "uint8", "bool")}
    separators = [
        {"array": spec, "around": around, "text": np.array2string(array(spec), **around)}
        for spec in (ramp("int64", [40], 3.0), ramp("float64", [3, 20], 0.5), listed("bool", [True, False]))
        for around in ({"separator": ","}, {"separator": " | "}, {"prefix": "x = ", "suffix": ";;"}, {"separator": ""})
    ]
    texts = recording(show, NUMPY_OPTIONS, NUMPY_FAMILY_OPTIONS, 12)
    return {**texts, "dtypes": dtypes, "separators": separators}


# tensorflow

TF_OPTIONS = [{"precision": 2}, {"threshold": 5, "edgeitems": 1}, {"linewidth": 30}]


def tf_show(spec):
    import tensorflow as tf

    a = array(spec)
    t = tf.constant(a)
    v = tf.Variable(t, name="kernel")
    assert str(v) == repr(v)
    return [str(t), repr(t), repr(v)]


def tf_recording():
    import numpy as np
    import tensorflow as tf

    show = lambda spec, options: with_options(np.printoptions, tf_show, spec, options)
    types = (tf.float32, tf.float64, tf.int32, tf.int64, tf.uint8, tf.bool)
    shapes = ([], [3], [2, 3], [0, 1, 4])
    return {
        **recording(show, TF_OPTIONS, [{}], 4, every=3),
        "dtypes": {t.name: [str(t), repr(t)] for t in types},
        "shapes": [[s, str(tf.TensorShape(s)), repr(tf.TensorShape(s))] for s in shapes],
    }


# torch

TORCH_OPTIONS = [
    {"precision": 2}, {"precision": 0}, {"precision": 8}, {"sci_mode": True}, {"sci_mode": False},
    {"sci_mode": True, "precision": 2}, {"sci_mode": True, "precision": 0}, {"linewidth": 30}, {"linewidth": 5},
    {"threshold": 5}, {"threshold": 5, "edgeitems": 1}, {"threshold": 5, "edgeitems": 0}, {"edgeitems": 0},
    {"threshold": sys.maxsize, "linewidth": 200}, {"profile": "short"}, {"profile": "full"},
    {"profile": "default", "precision": 3}, {"profile": "short", "edgeitems": 4, "threshold": 20},
]  # fmt: skip

TORCH_FAMILY_OPTIONS = [{}, {"sci_mode": False, "precision": 6}, {"profile": "short", "linewidth": 50}]


@contextlib.contextmanager
def torch_options(**options):
    import torch

    torch.set_printoptions(**options)
    yield
    torch.set_printoptions(profile="default")


def torch_show(spec):
    import torch

    t = torch.from_numpy(array(spec))
    return [str(t)]


def torch_facts(spec, facts):
    """Text of a tensor within a graph; its grad_fn bears the name of an identity Function made for it."""
    import torch

    torch.set_default_dtype(getattr(torch, facts.get("defaultDType", "float32")))
    t = torch.from_numpy(array(spec))
    if facts.get("requiresGrad"):
        t.requires_grad_()
    if "gradFn" in facts:
        t.requires_grad_()
        methods = {"forward": staticmethod(lambda ctx, x: x.clone()), "backward": staticmethod(lambda ctx, g: g)}
        t = type(facts["gradFn"].removesuffix("Backward"), (torch.autograd.Function,), methods).apply(t)
    text = repr(torch.nn.Parameter(t)) if facts.get("parameter") else repr(t)
    torch.set_default_dtype(torch.float32)
    return [text]


FACTS = [
    {"requiresGrad": True}, {"gradFn": "AddBackward"}, {"gradFn": "ConvolutionBackward"},
    {"gradFn": "AVeryLongNameOfAFunctionThatSomebodyHasWrittenForThemselvesBackward"},
    {"requiresGrad": True, "defaultDType": "float64"},
]  # fmt: skip


def torch_recording():
    import torch

    show = lambda spec, options: with_options(torch_options, torch_show, spec, options)
    subjects = [s for s in SUBJECTS if s["dtype"].startswith("float")]
    subjects += [ramp(dtype, [n], 0.5) for n in range(1, 11) for dtype in ("float32", "float64")]
    subjects += [listed("float32", [1.0], []), ramp("float32", [2, 2, 3], 0.25), ramp("float32", [40, 30], 0.37)]
    double, parameter = {"defaultDType": "float64"}, {"parameter": True, "requiresGrad": True}
    pairs = list(itertools.product(subjects, FACTS))
    pairs += [(listed(*spec), double) for spec in (("int64", [1]), ("float32", []), ("int64", []), ("float32", [1.5]))]
    pairs += [(spec, parameter) for spec in (listed("float32", [1.0, 2.0]), ramp("float64", [2, 2], 0.5))]
    types = (torch.float32, torch.float64, torch.int32, torch.int64, torch.uint8, torch.bool)
    return {
        **recording(show, TORCH_OPTIONS, TORCH_FAMILY_OPTIONS, 12),
        "facts": [{"array": s, "facts": f, "texts": stored(torch_facts(s, f))} for s, f in pairs],
        "dtypes": {str(t).removeprefix("torch."): repr(t) for t in types},
        "shapes": [[s, repr(torch.Size(s))] for s in ([], [3], [2, 3], [0, 1, 4])],
    }


# digits

NUMBERS = [
    0.0, -0.0, 1.0, -1.5, 0.1, 0.15, 0.25, 0.35, 0.5, 1.5, 2.5, 9.5, 9.95, 9.995, 99.95, 0.05, 0.005, 1 / 3, 2 / 3,
    math.pi,
    1e-4, 9.999999e-5, 1e-5, 123456.789, 999999.95, 1e15, 1e16, 1e17, 1.0004, 123456789012345680.0, 1e21, 1e22, 1e23,
    5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e-45, 1.1754943508222875e-38, 3.4028234663852886e38,
    2.0**-44,
    2.0**60, 2.0**-149, 8388608.5, 16777216.0, 9007199254740991.0, 4503599627370497.5, 5e-8, 1.25e-7, nan, inf, -inf,
]  # fmt: skip

POSITIONAL = [
    {}, {"trim": "."}, {"trim": "0"}, {"trim": "-"}, {"precision": 0}, {"precision": 1}, {"precision": 4, "trim": "."},
    {"precision": 0, "unique": False}, {"precision": 2, "unique": False},
    {"precision": 8, "unique": False, "trim": "0"},
    {"precision": 3, "min_digits": 3}, {"min_digits": 5}, {"min_digits": 20},
    {"pad_left": 5, "pad_right": 6, "trim": "."},
    {"pad_left": 4, "pad_right": 3, "trim": "-"}, {"sign": True, "pad_left": 3}, {"pad_right": 0, "trim": "-"},
]  # fmt: skip

SCIENTIFIC = [
    {}, {"trim": "."}, {"trim": "0"}, {"trim": "-"}, {"precision": 0}, {"precision": 3}, {"precision": 3, "trim": "0"},
    {"precision": 3, "unique": False}, {"precision": 3, "unique": False, "trim": "-"},
    {"precision": 0, "unique": False},
    {"precision": 5, "min_digits": 5}, {"min_digits": 20, "trim": "k"}, {"pad_left": 4}, {"exp_digits": 3},
    {"exp_digits": 0, "sign": True}, {"exp_digits": 1, "trim": "-"},
]  # fmt: skip


def bit_patterns(kind, count):
    """Random floats of any size: the draws are their bits."""
    draw = draws(1)
    for _ in range(count):
        high, low = (int(next(draw) * 2**32) for _ in range(2))
        yield struct.unpack(">f", struct.pack(">I", high))[0] if kind == "float32" else struct.unpack(
            ">d", struct.pack(">II", high, low)
        )[0]


def digits_recording():
    import numpy as np

    def laid_out(kind, form, numbers, options):
        write = {"positional": np.format_float_positional, "scientific": np.format_float_scientific}[form]
        with np.errstate(over="ignore"):
            return [write(getattr(np, kind)(x), **options) for x in numbers]

    grid = [
        {"type": kind, "form": form, "options": options, "texts": stored(laid_out(kind, form, NUMBERS, options), 24)}
        for form, variants in (("positional", POSITIONAL), ("scientific", SCIENTIFIC))
        for options, kind in itertools.product(variants, ("float32", "float64"))
    ]
    printf = [
        {"format": f"{p}{letter}", "texts": stored([f"{x:.{p}{letter}}" for x in NUMBERS], 24)}
        for p, letter in itertools.product((0, 1, 2, 4, 10, 20), "fe")
    ]
    sweeps = []
    for kind, form, options in itertools.product(
        ("float32", "float64"), ("positional", "scientific"), ({}, {"precision": 6}, {"precision": 4, "unique": False})
    ):
        texts = laid_out(kind, form, bit_patterns(kind, 400), options)
        sweep = {"type": kind, "form": form, "options": options, "count": 400}
        sweeps.append({**sweep, "digest": digest("\n".join(texts))})
    boundaries = {
        "float32": digest("\n".join(repr(np.float32(2.0**k)) for k in range(-149, 128))),
        "float64": digest("\n".join(repr(2.0**k) for k in range(-1074, 1024))),
    }
    return {"numbers": [encoded(x) for x in NUMBERS], "grid": grid, "printf": printf, "sweeps": sweeps,
            "powersOfTwo": boundaries}  # fmt: skip


# python

PLAIN = [
    None, True, False, 0, 1, -7, 123456789012, 0.5, -0.1, 1e-5, 1e-4, 0.0001234, 123456.789, 1e16 + 2e3, 1e22, 1.5e300,
    5e-324,
    -2.5e-10, 1 / 3, 2.0**60, -0.0, nan, inf, -inf, "", "abc", "it's", 'say "hi"', "both ' and \"", "back\\slash",
    "tab\tnewline\nreturn\r", "\x00\x1f\x7f\x80\xa0\xad", "d\xe9j\xe0 vu", "\u200b\u2028\u3000", "\u65e5\u672c",
    "\U0001f600",
    "\U000e0001", "\ud7ff\ue000", [], [1], [1, 2.5, "x", None, True], [[1, 2], [3, [4]]], {}, {"a": 1},
    {"k": [1.5, nan], "it's": {"b": None}}, ["a'b", "c\"d"], [[], {}], ["\n"], [-0.0, inf],
]  # fmt: skip


def tagged(x):
    if isinstance(x, list):
        return [tagged(item) for item in x]
    if isinstance(x, dict):
        return {key: tagged(item) for key, item in x.items()}
    return {"$float": repr(x)} if isinstance(x, float) and not math.isfinite(x) else x


def python_recording():
    lines = [[], ["a", 1, None], [[1, 2], "x y", 0.1], ["", ""], [True, {"a": "b"}]]
    tuples = [[], [3], [2, 3], [0, 1, 4]]
    return {
        "values": [{"value": tagged(x), "str": str(x), "repr": repr(x)} for x in PLAIN],
        "printed": [{"values": line, "text": " ".join(map(str, line))} for line in lines],
        "tuples": [[t, str(tuple(t))] for t in tuples],
    }


def arrays_recording():
    return {"defaults": list(arrays()), "subjects": SUBJECTS, "families": list(families())}


RECORDINGS = {
    "arrays": arrays_recording, "digits": digits_recording, "python": python_recording, "numpy": numpy_recording,
    "torch": torch_recording, "tensorflow": tf_recording,
}  # fmt: skip


def dumped(recording):
    """JSON with a line for each case, so that a change can be read."""
    def compact(x):
        return json.dumps(x, separators=(",", ":"), allow_nan=False)

    parts = []
    for key, value in recording.items():
        body = "[\n" + ",\n".join(map(compact, value)) + "\n]" if isinstance(value, list) else compact(value)
        parts.append(f"{json.dumps(key)}:{body}")
    return "{" + ",\n".join(parts) + "}\n"


def show_digested(name, line, family, seed):
    import numpy as np

    context, show, options = {
        "numpy": (np.printoptions, numpy_show, NUMPY_FAMILY_OPTIONS),
        "torch": (torch_options, torch_show, TORCH_FAMILY_OPTIONS),
        "tensorflow": (np.printoptions, tf_show, [{}]),
    }[name]
    spec = seeded(list(families())[int(family)], int(seed))
    print("\n".join(with_options(context, show, spec, options[int(line)])))


if __name__ == "__main__":
    if sys.argv[1:2] == ["show"]:
        show_digested(*sys.argv[2:])
    else:
        for name in sys.argv[1:]:
            with open(os.path.join("test", "golden", f"text-{name}.json"), "w") as file:
                file.write(dumped(RECORDINGS[name]()))
