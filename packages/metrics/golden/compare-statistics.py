"""Compares every statistic with SciPy, statsmodels or a plain formula on random inputs.

Usage: python compare-statistics.py [--node node] [--inputs 1000] [--seed 1]; with --write it makes statistics.json for the tests instead.
Needs requirements.txt. Exits with 1 when a result differs by more than its tolerance.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import warnings

import numpy as np
import scipy
import statsmodels
from statisticscases import CASES

FOLDER = pathlib.Path(__file__).parent
warnings.simplefilter("ignore")


def flat(value):
    return [float(each) for each in value] if isinstance(value, (list, tuple, np.ndarray)) else [float(value)]


def apart(told, wanted):
    """The largest relative difference; absolute below 1e-6, where p-values and zeros live. Against None or another length: infinite."""
    if told is None or len(flat(told)) != len(wanted):
        return math.inf
    return max((abs(a - b) / max(abs(b), 1e-6) for a, b in zip(flat(told), wanted)), default=0)


def reference_of(name, given, told):
    _, reference, _ = CASES[name]
    # Another stream of random numbers: the reference starts from the resamples that were drawn.
    if name == "bootstrapIntervals":
        return told[:4], flat(reference(*given, told[4:]))
    return told, flat(reference(*given))


def inputs_of(name, inputs, seed):
    rng = np.random.default_rng([seed, *name.encode()])
    return [json.loads(json.dumps(CASES[name][0](rng))) for _ in range(inputs)]


def answer(node, asked):
    lines = "".join(json.dumps(one) + "\n" for one in asked)
    command = [node, str(FOLDER / "compare-statistics.ts")]
    out = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def compare(options):
    failed = 0
    for name, (_, _, tolerance) in CASES.items():
        given = inputs_of(name, options.inputs, options.seed)
        told = answer(options.node, [[name, one] for one in given])
        gaps = [apart(*reference_of(name, one, result)) for one, result in zip(given, told)]
        wrong = [place for place, gap in enumerate(gaps) if not gap <= tolerance]
        failed += len(wrong)
        print(f"{name:24} {len(gaps):5} inputs   largest difference {max(gaps):8.1e}   beyond {tolerance:.0e}: {len(wrong)}")
        for place in wrong[:2]:
            result, wanted = reference_of(name, given[place], told[place])
            print("   ", json.dumps(given[place])[:300], "gave", str(result)[:200], "and not", str(wanted)[:200])
    return 1 if failed else 0


def write(options):
    cases = {}
    for name, (_, reference, tolerance) in CASES.items():
        if name != "bootstrapIntervals":
            given = inputs_of(name, 12, options.seed)
            cases[name] = {"tolerance": tolerance, "cases": [[one, flat(reference(*one))] for one in given]}
    source = f"compare-statistics.py --write with scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}"
    text = json.dumps({"source": source, "statistics": cases}, separators=(",", ":"))
    (FOLDER / "statistics.json").write_text(text.replace('"tolerance"', '\n"tolerance"') + "\n")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--node", default="node")
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    return write(options) if options.write else compare(options)


if __name__ == "__main__":
    sys.exit(main())
