"""Computes the same random cases, 1,000 per metric, with this package and the references, and counts the differences.

    python3 -m venv .venv && .venv/bin/pip install -r packages/metrics/golden/requirements.txt
    .venv/bin/python packages/metrics/golden/compare-classification.py [CASES OF EACH METRIC]

The references contain these intended differences:
- A value is None where scikit-learn warns and returns 0.
- A label with weight 0 does not make a weighted mean undefined. The mean is None if only such labels have a value.
- A judge with constant scores gets no weight.
- pass@k with fewer than k samples is None.
- The value of a ranking is None if nothing is relevant.

No case has probabilities that do not add up to 1, because they are rejected here. A value agrees if it is within 1e-12 of the
reference, relative, or 1e-13 if both are that close to 0. A temperature agrees within 1e-9, because two searches end at
neighbouring numbers. The probability of the Kolmogorov distribution agrees within 1e-6, because SciPy uses a less accurate
method for some distances.
"""

import json
import math
import pathlib
import random
import subprocess
import sys

from classificationreferences import REFERENCES, reference

HERE = pathlib.Path(__file__).parent
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
LABELS = [[0, 1], [0, 1, 2, 3], [1, 2, 3, 4, 5], ["no", "yes"], ["a", "Z", "é", "😀", "Ａ", "a\u0301", ""], [-3, 0, 7]]
SIZES = [-1.5, 0, 2.25, 1e6]


def column(draw, labels, size, missing=0.0):
    kept = labels if draw.random() > 0.15 else labels[:1]
    return [None if draw.random() < missing else draw.choice(kept) for _ in range(size)]


def size(draw, most=40):
    return draw.choice([0, 1, 2, *(draw.randint(3, most) for _ in range(9))])


def score(draw, is_tied):
    return draw.choice([0.0, 0.25, 0.5, 1.0]) if is_tied else draw.random()


def pairs(draw):
    labels, n = draw.choice(LABELS), size(draw)
    missing = draw.choice([0.0, 0.2])
    case = {"actual": column(draw, labels, n, missing), "predicted": column(draw, labels, n, missing)}
    return case | {"zero": draw.choice([None, 0, 1, "exclude"]), "average": draw.choice(["micro", "macro", "weighted"])}


def binary(draw, key):
    n, is_tied = size(draw), draw.random() < 0.4
    return {"actual": column(draw, [0, 1], n), key: [score(draw, is_tied) for _ in range(n)]}


def classes(draw):
    labels, n = draw.choice([one for one in LABELS if len(one) > 2]), size(draw)
    labels = sorted(labels)
    rows = []
    for _ in range(n):
        weights = [draw.choice([0, draw.random(), draw.random()]) for _ in labels]
        total = sum(weights)
        rows.append([one / total for one in weights] if total else [1.0] + [0.0] * (len(labels) - 1))
    case = {"labels": labels, "actual": column(draw, labels, n), "probabilities": rows}
    return case | {"average": draw.choice(["macro", "weighted"])}


def answers(draw):
    n, is_tied = size(draw, 60), draw.random() < 0.4
    confidence = [round(draw.random(), 1) if is_tied else draw.choice([0.0, 1.0, draw.random(), draw.random()]) for _ in range(n)]
    case = {"confidence": confidence, "correct": column(draw, [0, 1], n)}
    return case | {"bins": draw.choice([1, 2, 5, 10, 15, 20]), "edges": draw.choice(["(l,u]", "[l,u)"])}


def logits(draw):
    n, width = size(draw), draw.randint(2, 6)
    rows = [[draw.gauss(0, 3) for _ in range(width)] for _ in range(n)]
    right = draw.choice([0.0, 0.5, 0.8, 1.0])
    actual = [row.index(max(row)) if draw.random() < right else draw.randrange(width) for row in rows]
    return {"logits": rows, "actual": actual}


def two_raters(draw):
    labels = draw.choice(LABELS)
    n, missing = size(draw), draw.choice([0.0, 0.2])
    first, second = column(draw, labels, n, missing), column(draw, labels, n, missing)
    case = {"units": [list(one) for one in zip(first, second)], "weights": draw.choice(["none", "linear", "quadratic"])}
    in_use = {one for unit in case["units"] if None not in unit for one in unit}
    needs_order = isinstance(labels[0], str) and case["weights"] != "none"
    # scikit-learn rejects an order of which no label occurs.
    return case | ({"order": labels} if needs_order and in_use else {}) | ({} if in_use or not needs_order else {"weights": "none"})


def raters(draw, missing=None):
    labels = draw.choice([*LABELS, SIZES])
    missing = draw.choice([0.0, 0.3, 0.7]) if missing is None else missing
    width = draw.randint(1, 6)
    is_same = draw.random() < 0.1
    units = [column(draw, labels[:1] if is_same else labels, width, missing) for _ in range(size(draw, 30))]
    is_text = isinstance(labels[0], str)
    level = draw.choice(["nominal", "ordinal"] if is_text else ["nominal", "ordinal", "interval", "ratio"])
    return {"units": units, "level": level} | ({"order": labels} if is_text else {})


def fleiss_counts(draw):
    width, total = draw.randint(2, 6), draw.randint(2, 14)
    rows = []
    for _ in range(draw.randint(2, 30)):
        row = [0] * width
        for _ in range(total):
            row[draw.randrange(width)] += 1
        rows.append(row)
    rows[0] = [1, total - 1] + [0] * (width - 2)
    return {"counts": rows}


def passes(draw):
    n = draw.choice([1, 5, 10, 50, 200])
    return {"samples": n, "passed": draw.choice([0, n, draw.randint(0, n)]), "k": draw.randint(1, n + 1)}


def text(draw):
    pieces = ["word", "Ωmega", "日本語", "😀", "a\u0301", " ", "  ", "\n", "\u0085", "\ufeff", "\u3000", "\u001c", "\r\n", "\t"]
    return {
        "text": "".join(draw.choice(pieces) for _ in range(size(draw))),
        "log_probabilities": [-draw.expovariate(0.5) for _ in range(size(draw))],
    }


def gains(draw):
    n, is_tied = draw.choice([2, 3, draw.randint(4, 30)]), draw.random() < 0.5
    case = {"gains": [draw.choice([0, 0, 1, 2, 3]) for _ in range(n)], "scores": [score(draw, is_tied) for _ in range(n)]}
    return case | {"gain": draw.choice(["linear", "exponential"])} | draw.choice([{}, {"k": draw.randint(1, 12)}])


def ranked(draw, repeats=False):
    pool = [f"d{at}" for at in range(30)]
    retrieved = draw.sample(pool, draw.choice([0, 1, 5, 20]))
    if repeats and retrieved:
        retrieved += draw.choices(retrieved, k=3)
        draw.shuffle(retrieved)
    relevant = [[one, draw.choice([0, 1, 1, 2, 3])] for one in draw.sample(pool, draw.choice([0, 1, 3, 10]))]
    return {"retrieved": retrieved, "relevant": relevant, "k": draw.choice([1, 3, 5, 10, 100])}


def shares(draw):
    width = draw.randint(2, 12)

    def one():
        weights = [draw.choice([0, draw.random(), draw.random()]) for _ in range(width)]
        total = sum(weights) or 1
        return [weight / total for weight in weights]

    return {"expected": one(), "current": one()}


def sample(draw, shift=0.0):
    n, is_tied = size(draw, 120), draw.random() < 0.4
    return [float(draw.randint(0, 5)) if is_tied else draw.gauss(shift, 1) for _ in range(n)]


def two_samples(draw, names):
    shift = draw.choice([0.0, 0.0, 1.0])
    if draw.random() < 0.1:
        return {names[0]: [3.0] * size(draw), names[1]: [3.0] * size(draw)}
    return {names[0]: sample(draw), names[1]: sample(draw, shift)}


def same_size(draw):
    case = two_samples(draw, ("first", "second"))
    if draw.random() < 0.5:
        n = min(len(one) for one in case.values())
        case = {key: one[:n] for key, one in case.items()}
    return case


def weights(draw):
    width = draw.randint(1, 12)
    one = [draw.choice([0, draw.random(), draw.randint(1, 9)]) for _ in range(width)]
    other = one if draw.random() < 0.1 else [draw.choice([0, draw.random(), draw.randint(1, 9)]) for _ in range(width)]
    return {"p": one, "q": other, "base": draw.choice([2, "e"])}


def kolmogorov(draw):
    """Distances of at least 0.3 / √n. Below that, the value is above 0.9999 and SciPy sometimes overflows to 0."""
    n = draw.randint(10_000, 100_000)
    return {"n": n, "distance": draw.uniform(0.3, 8) / n**0.5}


def vectors(draw):
    width, shift = draw.randint(1, 8), draw.choice([0.0, 1.0])
    is_same, is_tied = draw.random() < 0.1, draw.random() < 0.2

    def one(by):
        if is_same:
            return [1.0] * width
        return [float(draw.random() < 0.1) if is_tied else draw.gauss(by, 1) for _ in range(width)]

    return {"reference": [one(0.0) for _ in range(size(draw, 30))], "current": [one(shift) for _ in range(size(draw, 30))]}


def judged(draw):
    is_binary, is_constant = draw.random() < 0.5, draw.random() < 0.1
    n, many = size(draw), size(draw, 200)
    truth = [float(draw.random() < 0.6) if is_binary else draw.gauss(3, 1) for _ in range(n + many)]
    said = [1.0 if is_constant else (float(draw.random() < 0.3 + 0.5 * one) if is_binary else one + draw.gauss(0.3, 0.7)) for one in truth]
    case = {"labels": truth[:n], "judged_labelled": said[:n], "judged_only": said[n:]}
    return case | {"tuning": draw.choice(["ppi", "ppi++"]), "alpha": draw.choice([0.05, 0.1])}


def calibrated(draw):
    n = draw.choice([0, draw.randint(1, 500)])
    hits, misses = [draw.randint(20, 60) for _ in range(2)], [draw.choice([0, draw.randint(0, 30)]) for _ in range(2)]
    calibration = [hits[0], misses[0], hits[1], misses[1]] if draw.random() < 0.9 else [0, misses[0], hits[1], 0]
    return {"positives": draw.randint(0, n), "judged": n, "calibration": calibration}


MAKERS = {
    **{name: pairs for name in ("accuracy", "balanced_accuracy", "precision", "recall", "label_scores")},
    "f": lambda draw: pairs(draw) | draw.choice([{}, {"beta": 0.5}, {"beta": 2}]),
    "mcc": lambda draw: pairs(draw) | {"zero": draw.choice([None, 0])},
    "log_loss": lambda draw: binary(draw, "probability"),
    "brier": lambda draw: binary(draw, "probability"),
    "roc_auc": lambda draw: binary(draw, "score"),
    "average_precision": lambda draw: binary(draw, "score"),
    **{name: classes for name in ("log_loss_classes", "brier_classes", "roc_auc_ovr")},
    **{name: answers for name in ("ece", "adaptive_ece", "aurc", "excess_aurc")},
    "temperature": logits,
    "cohen_kappa": two_raters,
    "fleiss_kappa": lambda draw: raters(draw, missing=draw.choice([0.0, 0.0, 0.1])),
    "fleiss_kappa_counts": fleiss_counts,
    "krippendorff_alpha": raters,
    "raw_agreement": raters,
    "pass_at_k": passes,
    "pass_hat_k": passes,
    "perplexity": text,
    "ndcg_scores": gains,
    "retrieval": ranked,
    "average_precision_per": lambda draw: ranked(draw, repeats=True),
    "ndcg_exponential": lambda draw: ranked(draw, repeats=True),
    "psi_shares": shares,
    "psi": lambda draw: two_samples(draw, ("reference", "current")),
    "jensen_shannon": weights,
    "ks": same_size,
    "kolmogorov": kolmogorov,
    "mmd": vectors,
    "prediction_powered": judged,
    "rogan_gladen": calibrated,
}


TOLERANCES = {"temperature": 1e-9, "kolmogorov": 1e-6}


def agrees(expected, got, tolerance):
    if isinstance(expected, list):
        return isinstance(got, list) and len(got) == len(expected) and all(agrees(*both, tolerance) for both in zip(expected, got))
    if expected is None or not isinstance(got, (int, float)):
        return expected is None and got is None
    return math.isclose(expected, got, rel_tol=tolerance, abs_tol=1e-13)


def main():
    assert set(MAKERS) == set(REFERENCES)
    draw = random.Random(20250101)
    cases = [{"metric": metric} | MAKERS[metric](draw) for metric in MAKERS for _ in range(ROUNDS)]
    lines = "\n".join(json.dumps(case) for case in cases) + "\n"
    ours = subprocess.run(["node", HERE / "compare-classification.ts"], input=lines, capture_output=True, text=True, check=True)
    different = dict.fromkeys(MAKERS, 0)
    undefined = dict.fromkeys(MAKERS, 0)
    shown = 0
    for case, line in zip(cases, ours.stdout.splitlines(), strict=True):
        expected, got, metric = reference(case), json.loads(line), case["metric"]
        first = expected[0] if isinstance(expected, list) and expected else expected
        undefined[metric] += first is None
        if agrees(expected, got, TOLERANCES.get(metric, 1e-12)):
            continue
        different[metric] += 1
        shown += 1
        if shown <= 20:
            print("differs:", json.dumps(case)[:600], "\n  reference", expected, "\n  ours     ", got)
    for metric, count in different.items():
        print(f"{metric:24} {ROUNDS} cases, {undefined[metric]:4} undefined, {count} differ")
    sys.exit(1 if any(different.values()) else 0)


if __name__ == "__main__":
    main()
