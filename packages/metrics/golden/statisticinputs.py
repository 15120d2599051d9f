"""The form of a statistic with its random inputs and its reference.

CASES[name] = (make, reference, tolerance): make(rng) returns JSON-ready arguments; reference(*arguments) returns a
number, a list or None.
"""

import json

import numpy as np

CASES = {}


def case(tolerance):
    def note(make_reference):
        make, reference = make_reference()
        CASES[make_reference.__name__] = (make, reference, tolerance)
        return make_reference

    return note


def flat(value):
    return [float(each) for each in value] if isinstance(value, (list, tuple, np.ndarray)) else [float(value)]


def inputs_of(name, inputs, seed):
    rng = np.random.default_rng([seed, *name.encode()])
    return [json.loads(json.dumps(CASES[name][0](rng))) for _ in range(inputs)]


def numbers(rng, n=None, kind=None):
    n = int(rng.integers(2, 60)) if n is None else n
    kind = rng.integers(4) if kind is None else kind
    if kind == 0:
        return rng.normal(0.1, 1, n).tolist()
    if kind == 1:
        return (rng.integers(-4, 6, n) / 4).tolist()
    if kind == 2:
        return rng.lognormal(0, 1.5, n).round(6).tolist()
    return rng.random(n).round(2).tolist()


def count(rng, most=400):
    n = int(rng.integers(1, most))
    return int(rng.integers(0, n + 1)), n
