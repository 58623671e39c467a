"""Values of the elementary functions, to the last digit of a float64, by mpmath.

Run: python tools/record/elementary.py > test/golden/elementary.json
Needs mpmath 1.3. Each entry is a pair [x, f(x)], with x a float64 and f(x) rounded once from 50 digits.
"""

import json

import mpmath

mpmath.mp.dps = 50

SMALL = [1e-300, 1e-10, 0.001, 0.1, 0.3, 0.5, 0.7]
MIDDLE = [1.0, 1.3, 2.0, 2.5, 3.0, 4.2, 5.5, 7.0]
SIGNED = [sign * x for x in SMALL + MIDDLE for sign in (1, -1)] + [0.0]
POSITIVE = SMALL + MIDDLE + [10.0, 123.456, 1e10, 1e300]

FUNCTIONS = {
    "exponential": (mpmath.exp, SIGNED + [20.5, -30.25, 700.0, -700.0]),
    "exponential_minus_one": (mpmath.expm1, SIGNED + [20.5, -30.25, 700.0, -700.0]),
    "log": (mpmath.log, POSITIVE),
    "log_plus_one": (mpmath.log1p, [x for x in SIGNED if x > -1] + [10.0, 1e10, -0.999]),
    "sqrt": (mpmath.sqrt, POSITIVE + [0.0]),
    "rsqrt": (lambda x: 1 / mpmath.sqrt(x), POSITIVE),
    "tanh": (mpmath.tanh, SIGNED + [20.5, -30.25]),
    "logistic": (lambda x: 1 / (1 + mpmath.exp(-x)), SIGNED + [20.5, -30.25, 700.0, -700.0]),
    "sine": (mpmath.sin, SIGNED + [100.0, -12345.678, 1e10]),
    "cosine": (mpmath.cos, SIGNED + [100.0, -12345.678, 1e10]),
    "erf": (mpmath.erf, SIGNED + [1.7, -1.9, 2.2, 2.9, 3.3, 3.7, 4.6, 5.0, 5.6725, -5.9, 6.0, 6.1, 27.0]),
}


def main() -> None:
    tables = []
    for name, (function, points) in FUNCTIONS.items():
        pairs = [[x, float(function(mpmath.mpf(x)))] for x in sorted(set(points))]
        tables.append(f'  "{name}": {json.dumps(pairs)}')
    print("{\n" + ",\n".join(tables) + "\n}")


main()
