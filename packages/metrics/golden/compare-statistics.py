"""Compares every statistic with SciPy, statsmodels or a plain formula on random inputs.

    python3 -m venv .venv && .venv/bin/pip install -r packages/metrics/golden/requirements.txt
    .venv/bin/python packages/metrics/golden/compare-statistics.py [--node node] [--inputs 1000] [--seed 1]

Exits with 1 when a result differs by more than its tolerance.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import warnings

from statisticscases import CASES, flat, inputs_of

FOLDER = pathlib.Path(__file__).parent
warnings.simplefilter("ignore")


def apart(told, wanted):
    """The largest relative difference, relative to 1e-6 for smaller values.

    Rounding of 1e-15 does not count. Infinite for results of different lengths.
    """
    if told is None or len(flat(told)) != len(wanted):
        return math.inf
    return max((abs(a - b) / max(abs(b), 1e-6) for a, b in zip(flat(told), wanted) if not abs(a - b) < 1e-15), default=0)


def reference_of(name, given, told):
    _, reference, _ = CASES[name]
    # The random streams differ, so the reference starts from our resamples.
    if name == "bootstrapIntervals":
        return told[:4], flat(reference(*given, told[4:]))
    return told, flat(reference(*given))


def answer(node, asked):
    lines = "".join(json.dumps(one) + "\n" for one in asked)
    command = [node, str(FOLDER / "compare-statistics.ts")]
    out = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def compare(options):
    failed = 0
    for name, (_, _, tolerance) in CASES.items():
        inputs = inputs_of(name, options.inputs, options.seed)
        results = answer(options.node, [[name, one] for one in inputs])
        gaps = [apart(*reference_of(name, one, result)) for one, result in zip(inputs, results)]
        wrong = [place for place, gap in enumerate(gaps) if not gap <= tolerance]
        failed += len(wrong)
        print(f"{name:24} {len(gaps):5} inputs   largest difference {max(gaps):8.1e}   beyond {tolerance:.0e}: {len(wrong)}")
        for place in wrong[:2]:
            result, expected = reference_of(name, inputs[place], results[place])
            print("   ", json.dumps(inputs[place])[:300], "gave", str(result)[:200], "and not", str(expected)[:200])
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--node", default="node")
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    return compare(options)


if __name__ == "__main__":
    sys.exit(main())
