"""Golden values for labels, confidences, raters, samples, rankings, drift and the correction of a judge.

`known` is the value of an independent source, named in the case. The reference must agree with it.
"""

import importlib.metadata
import math

from classificationreferences import PACKAGES, reference

ACTUAL, PREDICTED = [0, 1, 2, 2, 1, 0, 1, 2, 0, 3], [0, 2, 2, 2, 1, 0, 0, 1, 0, 1]
PAIRS = {"actual": ACTUAL, "predicted": PREDICTED}
RATED = [list(unit) for unit in zip(ACTUAL, PREDICTED)]
ANSWERS = {
    "confidence": [0.95, 0.9, 0.85, 0.7, 0.65, 0.6, 0.55, 0.3, 0.25, 0.1],
    "correct": [1, 1, 0, 1, 1, 0, 1, 0, 1, 0],
}
# Three raters, fifteen units: the example in the article on Krippendorff's alpha.
THREE_RATERS = [
    [None, None, None, None, None, 3, 4, 1, 2, 1, 1, 3, 3, None, 3],
    [1, None, 2, 1, 3, 3, 4, 3, None, None, None, None, None, None, None],
    [None, None, 2, 1, 3, 4, 4, None, 2, 1, 1, 3, 3, None, 4],
]
# Fourteen raters, ten subjects, five categories: the example in the article on Fleiss' kappa.
FOURTEEN_RATERS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip
LOGITS = {
    "logits": [[3.2, 0.1, -1.0], [0.4, 2.5, 0.3], [1.1, 0.9, 4.0], [2.2, 2.0, -0.5], [0.1, 3.3, 3.1], [5.0, -2.0, 0.0]],
    "actual": [0, 1, 2, 1, 1, 2],
}
FORECASTS = {
    "labels": ["ham", "news", "spam"],
    "actual": ["spam", "ham", "ham", "news", "spam"],
    "probabilities": [[0.1, 0.2, 0.7], [0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.25, 0.5, 0.25], [0.6, 0.2, 0.2]],
}
FOUND = {"retrieved": ["d3", "d7", "d1", "d9", "d2"], "relevant": [["d1", 3], ["d2", 1], ["d4", 2]], "k": 5}
JUDGED = {
    "labels": [1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1],
    "judged_labelled": [1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1],
    "judged_only": [1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1],
    "alpha": 0.05,
}


def averages():
    known = {
        "micro": [0.6, 0.6, 0.6],
        "macro": [0.4375, 0.5, 0.4642857142857143],
        "weighted": [0.525, 0.6, 0.5571428571428572],
    }
    for average, values in known.items():
        for metric, value in zip(["precision", "recall", "f"], values):
            yield metric, PAIRS | {"average": average, "zero": 0}, value
    yield "precision", PAIRS | {"average": "macro", "zero": None}, None
    yield "precision", PAIRS | {"average": "macro", "zero": "exclude"}, None
    yield "f", PAIRS | {"average": "macro", "zero": None, "beta": 2}, None


def cases():
    yield "accuracy", PAIRS, 0.6
    yield "balanced_accuracy", PAIRS, 0.5
    yield from averages()
    yield "label_scores", PAIRS, None
    yield "mcc", PAIRS | {"zero": None}, 0.4351941398892446
    yield "log_loss", {"actual": [0, 1, 1], "probability": [0.1, 0.8, 0.35]}, 0.4594420638235713
    yield "log_loss", {"actual": [0, 1], "probability": [1.0, 0.5]}, None
    yield "log_loss_classes", FORECASTS, None
    yield "brier", {"actual": [0, 1, 1], "probability": [0.1, 0.8, 0.35]}, None
    yield "brier", {"actual": [0, 0, 1, 1], "probability": [0.1, 0.4, 0.35, 0.8]}, 0.158125
    yield "brier_classes", FORECASTS, None
    yield "roc_auc", {"actual": [0, 0, 1, 1], "score": [0.1, 0.4, 0.35, 0.8]}, 0.75
    yield "roc_auc", {"actual": [1, 1], "score": [0.1, 0.4]}, None
    yield "roc_auc_ovr", FORECASTS | {"average": "macro"}, None
    yield "roc_auc_ovr", FORECASTS | {"average": "weighted"}, None
    yield "average_precision", {"actual": [0, 0, 1, 1], "score": [0.1, 0.4, 0.35, 0.8]}, 0.8333333333333333
    yield "average_precision", {"actual": [0, 0], "score": [0.1, 0.4]}, None
    for bins, edges, known in [(10, "(l,u]", 0.215), (10, "[l,u)", 0.235), (5, "(l,u]", 0.205), (15, "(l,u]", 0.295)]:
        yield "ece", ANSWERS | {"bins": bins, "edges": edges}, known
    yield "adaptive_ece", ANSWERS | {"bins": 5}, None
    yield "aurc", ANSWERS, None
    yield "excess_aurc", ANSWERS, None
    yield "temperature", LOGITS, None
    for weights, known in [("none", 0.4285714285714286), ("linear", 0.5098039215686275), ("quadratic", 0.5977011494252873)]:
        yield "cohen_kappa", {"units": RATED, "weights": weights}, known
    yield "cohen_kappa", {"units": [[1, 1], [1, 1]], "weights": "none"}, None
    yield "fleiss_kappa_counts", {"counts": FOURTEEN_RATERS}, 0.20993070442195522
    known = [0.691358024691358, 0.8067214199413153, 0.8108448928121059, 0.8089436707842471]
    for level, value in zip(["nominal", "ordinal", "interval", "ratio"], known):
        yield "krippendorff_alpha", {"units": [list(unit) for unit in zip(*THREE_RATERS)], "level": level}, value
    yield "raw_agreement", {"units": [list(unit) for unit in zip(*THREE_RATERS)]}, None
    at_k = [(10, 3, 1, 0.30000000000000004), (10, 3, 5, 0.9166666666666666), (200, 13, 10, 0.4975511147306061), (5, 5, 1, 1.0), (5, 0, 1, 0.0)]
    for samples, passed, k, value in at_k:
        yield "pass_at_k", {"samples": samples, "passed": passed, "k": k}, value
    yield "pass_at_k", {"samples": 5, "passed": 0, "k": 6}, None
    yield "pass_hat_k", {"samples": 10, "passed": 7, "k": 3}, None
    yield "perplexity", {"text": "The dog bit the man, naïvely. 😀\n", "log_probabilities": [-1.5, -0.25, -3.0, -0.125, -2.0]}, None
    yield "ndcg_scores", {"gains": [3, 2, 0, 1], "scores": [0.9, 0.1, 0.5, 0.4], "gain": "linear"}, 0.9158928585785955
    yield "ndcg_scores", {"gains": [3, 2, 0, 1], "scores": [0.9, 0.1, 0.5, 0.4], "gain": "exponential", "k": 3}, None
    yield "ndcg_scores", {"gains": [3, 2, 0, 1], "scores": [0.5, 0.1, 0.5, 0.1], "gain": "linear"}, None
    yield "retrieval", FOUND, None
    yield "average_precision_per", FOUND, None
    yield "ndcg_exponential", FOUND, None
    yield "psi_shares", {"expected": [0.1, 0.2, 0.4, 0.3], "current": [0.05, 0.25, 0.3, 0.4]}, 0.10335095108406397
    spread = [math.sin(at * 1.7) * 3 + at % 5 for at in range(60)]
    yield "psi", {"reference": spread, "current": [value * 1.2 + 0.3 for value in spread[:40]]}, None
    shares = {"p": [0.1, 0.2, 0.4, 0.3], "q": [0.05, 0.25, 0.3, 0.4]}
    yield "jensen_shannon", shares | {"base": 2}, 0.1359264645252622
    yield "jensen_shannon", shares | {"base": "e"}, 0.11316620481887026
    yield "ks", {"first": [1, 2, 3, 4, 5, 6], "second": [2, 3, 4, 5, 6, 7, 8]}, [0.2857142857142857, 0.8717948717948717]
    yield "ks", {"first": spread[:30], "second": [value + 1 for value in spread[30:]]}, None
    yield "kolmogorov", {"distance": 0.0051, "n": 8571}, None
    yield "kolmogorov", {"distance": 0.05, "n": 20_000}, None
    vectors = [[math.sin(at), math.cos(3 * at), at % 3 / 2] for at in range(20)]
    yield "mmd", {"reference": vectors[:12], "current": [[value + 0.4 for value in row] for row in vectors[12:]]}, None
    yield "prediction_powered", JUDGED | {"tuning": "ppi"}, None
    yield "prediction_powered", JUDGED | {"tuning": "ppi++"}, None
    yield "rogan_gladen", {"positives": 70, "judged": 100, "calibration": [45, 5, 40, 10]}, None
    yield "rogan_gladen", {"positives": 70, "judged": 100, "calibration": [5, 5, 5, 5]}, None


def make():
    made = []
    for metric, fields, known in cases():
        case = {"metric": metric} | fields
        expected = reference(case)
        if known is not None:
            both = zip(known, expected) if isinstance(known, list) else [(known, expected)]
            assert all(math.isclose(a, b, rel_tol=1e-12) for a, b in both), (metric, known, expected)
        made.append({"case": case, "expected": expected})
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return {"source": f"golden/classificationreferences.py with {versions}", "cases": made}
