"""Records what PyTorch's CPU generator draws, for test/golden/torch-random.test.ts.

Run with PyTorch 2.15 and mpmath on an x86 Linux machine with AVX2:

    python tools/record/torch_random.py > test/golden/torch-random.json

A stream is a seed, and draws one after another. A draw is called as src/torch/random.ts calls it. Its result is kept as
base64 of the bytes, or if it is long, as a hash of them: but never of float64 normals and exponentials, whose last bits
are those of the host's C library. A hash of the generator's state closes the stream, so that its position and the
waiting normal sample are compared too.
"""

import base64
import hashlib
import json
import random
import struct
from fractions import Fraction

import mpmath
import torch

LENGTHS = [0, 1, 2, 5, 15, 16, 17, 31, 32, 100, 1000]


def dtype(name):
    return getattr(torch, name)


def uniform(n, name, low=0, high=1):
    return torch.empty(n, dtype=dtype(name)).uniform_(low, high)


def normal(n, name, mean=0, std=1):
    return torch.empty(n, dtype=dtype(name)).normal_(mean, std)


def exponential(n, name, rate=1):
    return torch.empty(n, dtype=dtype(name)).exponential_(rate)


def randint(n, low, high, name):
    return torch.randint(int(low), int(high), (n,), dtype=dtype(name))


def random_(n, name, low=None):
    out = torch.empty(n, dtype=dtype(name))
    return out.random_() if low is None else out.random_(int(low), None)


def bernoulli(n, p, name):
    if isinstance(p, float):
        return torch.empty(n, dtype=dtype(name)).bernoulli_(p)
    return torch.bernoulli(torch.tensor(p[1:], dtype=dtype(p[0]))).to(dtype(name))


def randperm(n, name):
    return torch.randperm(n, dtype=dtype(name))


FUNCTIONS = {
    "uniform": uniform,
    "normal": normal,
    "exponential": exponential,
    "randint": randint,
    "random": random_,
    "bernoulli": bernoulli,
    "randperm": randperm,
}


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()[:16]


def draw(call):
    result = FUNCTIONS[call[0]](*call[1:])
    data = result.numpy().tobytes()
    by_c_library = call[0] in ("normal", "exponential") and result.dtype == torch.float64
    return {"call": call, "bits": base64.b64encode(data).decode() if len(data) <= 128 or by_c_library else digest(data)}


def stream(seed, calls):
    torch.manual_seed(seed)
    draws = [draw(call) for call in calls]
    return {"seed": str(seed), "draws": draws, "state": digest(torch.get_rng_state().numpy().tobytes())}


def streams():
    for seed in (0, 42, 2**31, 2**40 + 7, -1, -(2**63), 2**64 - 5):
        yield stream(seed, [["uniform", 5, "float32"], ["normal", 5, "float32"], ["normal", 16, "float32"],
                            ["normal", 5, "float64"], ["randint", 5, "0", "10", "int64"]])
    # Every length on its own, from its own seed; both the hashed and the open ones.
    for n in LENGTHS:
        for name in ("float32", "float64"):
            yield stream(n, [["uniform", n, name]])
            yield stream(n, [["normal", n, name]])
            yield stream(n, [["normal", n, name, -0.3, 2.7]])
        yield stream(n, [["exponential", n, "float32", 0.3]])
        yield stream(n, [["randperm", n, "int64"]])
        yield stream(n, [["randint", n, "0", "10", "float32"]])
    # Interleaved: who uses the waiting sample, who leaves it, where the stream stands.
    yield stream(1, [["normal", 3, "float32"], ["uniform", 2, "float32"], ["normal", 20, "float32"],
                     ["normal", 2, "float64"], ["uniform", 3, "float64"], ["normal", 1, "float32"],
                     ["normal", 0, "float32"]])
    yield stream(2, [["normal", 1, "float64", 5, 0.1], ["randint", 3, "-5", "5", "int32"],
                     ["normal", 1, "float64", -1, 3], ["randperm", 7, "int32"], ["normal", 15, "float32", 1, 0],
                     ["normal", 33, "float64"]])
    yield stream(3, [["normal", 1, "float32"]] + [["normal", 17, "float32"], ["bernoulli", 3, 0.5, "float32"]] * 3)
    # Enough words to renew the state many times.
    yield stream(4, [["uniform", 624, "float32"], ["uniform", 100000, "float32"], ["normal", 50001, "float32"]])
    yield stream(5, [["uniform", 64, "float32", -1.1, 0.6], ["uniform", 64, "float64", -1.1, 0.6],
                     ["uniform", 64, "float32", 3, 10.1], ["uniform", 3, "float32", 2, 2],
                     ["uniform", 64, "float64", 1e-3, 7e5], ["uniform", 20000, "float32", 1, 1.0000003]])
    # Integers: the 32-bit and the 64-bit draw, each dtype, bounds that float32 and float64 do not hold.
    for name in ("float32", "float64", "int32", "int64", "uint8", "bool"):
        yield stream(6, [["random", 9, name], ["randint", 9, "0", "2", name], ["bernoulli", 9, 0.25, name]])
    for name in ("float32", "float64", "int32", "int64", "uint8"):
        yield stream(7, [["randint", 9, "3", "250", name], ["random", 9, name, "5"], ["randperm", 200, name]])
    for low, high in ((-(2**31), 2**31), (0, 2**28 - 1), (0, 2**28), (-7, 2**40), (-(2**62), 2**62), (2**60, 2**60 + 9),
                      (-(2**63), 2**63 - 1), (2**53 - 5, 2**53 + 100), (2**24 + 1, 2**25 + 1),
                      (-(2**25) - 1, 2**24 + 1)):
        names = ("int64", "float64") + (("float32",) if high - low <= 2**53 else ())
        yield stream(8, [["randint", 9, str(low), str(high), name] for name in names])
    for name in ("int64", "float64"):
        yield stream(9, [["random", 9, name, str(-(2**63))], ["random", 9, name, str(-(2**63) + 1)],
                         ["random", 9, name, "-3"]])
    yield stream(10, [["random", 9, "int32", "-7"], ["random", 9, "float32", "-7"],
                      ["random", 9, "float32", "-33554433"]])
    yield stream(11, [["bernoulli", 9, 0.0, "int64"], ["bernoulli", 9, 1.0, "uint8"],
                      ["bernoulli", 500, 0.3, "float32"],
                      ["bernoulli", 4, ["float32", 0.1, 0.5, 0.9, 1.0], "float32"],
                      ["bernoulli", 4, ["float64", 0.1, 0.5, 0.9, 0.0], "float64"]])
    yield stream(12, [["exponential", 9, "float64"], ["exponential", 500, "float64", 2.5],
                      ["exponential", 3, "float32", 1e-3]])
    yield stream(13, [["randperm", 100000, "int64"]])


REFUSED = [
    ["randint", 3, "5", "5", "int64"],
    ["randint", 0, "5", "5", "int64"],
    ["randint", 3, "0", "300", "uint8"],
    ["randint", 3, "-1", "3", "uint8"],
    ["randint", 3, "0", str(2**40), "int32"],
    ["randint", 3, "0", "3", "bool"],
    ["randint", 3, "0", str(2**63), "int64"],
    ["random", 3, "uint8", "-1"],
    ["random", 3, "int32", str(-(2**63))],
    ["uniform", 3, "float32", 2, 1],
    ["uniform", 3, "float32", 0, 1e39],
    ["uniform", 3, "float32", -3e38, 3e38],
    ["normal", 3, "float32", 0, -1],
    ["normal", 0, "float64", 0, -1],
    ["exponential", 3, "float32", 0],
    ["bernoulli", 3, 1.5, "float32"],
    ["bernoulli", 1, ["float32", -0.5], "float32"],
    ["randperm", -1, "int64"],
    ["randperm", 257, "uint8"],
]


def refused(call):
    try:
        draw(call)
    except Exception as error:
        return {"call": call, "error": type(error).__name__, "message": str(error).split("\n")[0]}
    raise AssertionError(f"{call} was not refused")


def bits(*values):
    return base64.b64encode(struct.pack(f"<{len(values)}d", *values)).decode()


def to_float32(exact):
    """The float32 nearest to a fraction, ties to even."""
    if exact == 0:
        return 0.0
    exponent = mpmath.frexp(mpmath.mpf(exact.numerator) / exact.denominator)[1] - 24
    return float(round(exact / Fraction(2) ** exponent) * Fraction(2) ** exponent)


def elementary():
    """Arguments and results, one after another, of mpmath (rounded correctly) and of exact fractions."""
    mpmath.mp.prec = 300
    generator = random.Random(0)
    unit = [generator.random() for _ in range(60)] + [2.0**-53, 1 - 2.0**-53, 0.5, 0.25, 0.75, 0.125, 1.0]
    result = {"log": [], "cosSin": [], "fma": [], "fmaf": []}
    for u in unit:
        result["log"] += [u, float(mpmath.log(u))]
        theta = 2 * float(mpmath.pi) * u
        result["cosSin"] += [theta, float(mpmath.cos(theta)), float(mpmath.sin(theta))]
    for _ in range(40):
        a, b, c = (generator.gauss(0, 1) for _ in range(3))
        # The second lies within a tiny distance of a tie: a product just beside 1, and half a unit of the last place.
        near = 1 + generator.randrange(1, 2**20) * 2.0**-50
        for x, y, z in ((a, b, c), (near, 2 - near, generator.choice((-1, 1)) * 2.0**53 + 2 * a), (a, b, -a * b)):
            result["fma"] += [x, y, z, float(Fraction(x) * Fraction(y) + Fraction(z))]
        a, b, c = (float(torch.tensor(x)) for x in (a, b, c))
        # The others lie beside a tie: 2^-24 (1 - 2^-46) beside half a unit of the last place.
        odd = 1 + (2 * generator.randrange(2**20) + 1) * 2.0**-23
        for x, y, z in ((a, b, c), (1 + 2.0**-23, 2.0**-24 - 2.0**-47, odd), (1 + 2.0**-23, 2.0**-47 - 2.0**-24, -odd),
                        (1 + 2.0**-23, 2.0**-25 - 2.0**-48, 1 - 2.0**-24), (2.0**-24, 1.0, odd), (a, b, -a)):
            result["fmaf"] += [x, y, z, to_float32(Fraction(x) * Fraction(y) + Fraction(z))]
    return {name: bits(*values) for name, values in result.items()}


def main():
    assert torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")
    lines = lambda values: "[\n" + ",\n".join(json.dumps(value) for value in values) + "\n]"
    print(f'{{"torch": "{torch.__version__}", "streams": {lines(streams())},')
    print(f'"refused": {lines(refused(call) for call in REFUSED)},')
    print(f'"elementary": {json.dumps(elementary())}}}')


if __name__ == "__main__":
    main()
