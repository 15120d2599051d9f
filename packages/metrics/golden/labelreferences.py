"""The results of the references for labels, confidences, raters and samples.

A result is a number, None if the value is undefined, or a list of them. Where no package has the definition, it is
implemented here again, from the definition and in another way than in TypeScript.
"""

import math
import re
import warnings
from fractions import Fraction

import krippendorff
import numpy as np
from scipy import optimize, stats
from sklearn import metrics as sk
from sklearn.exceptions import UndefinedMetricWarning
from statsmodels.stats import inter_rater


def number(value):
    value = float(value)
    return None if math.isnan(value) else value


def strict(ask):
    """None if scikit-learn warns that the value is undefined."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        value = ask()
    undefined = any(issubclass(one.category, UndefinedMetricWarning) or "No positive class" in str(one.message) for one in seen)
    return None if undefined else number(value)


def quiet(ask):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ask()


def pairs(case):
    pairs = [(a, p) for a, p in zip(case["actual"], case["predicted"]) if a is not None and p is not None]
    return [a for a, _ in pairs], [p for _, p in pairs]


def averaged(case, place, beta=1.0):
    actual, predicted = pairs(case)
    if not actual:
        return None
    zero, average = case["zero"], case["average"]

    def ask(**options):
        return quiet(lambda: sk.precision_recall_fscore_support(actual, predicted, beta=beta, **options))[place]

    if zero is None:
        # Our rule: a label with weight 0 does not make a weighted mean undefined.
        each = ask(average=None, zero_division=np.nan)
        there = ask_support(actual, predicted)
        counted = each if average != "weighted" else each[there > 0]
        if average != "micro" and np.isnan(counted).any():
            return None
        return number(ask(average=average, zero_division=0))
    if zero == "exclude" and average == "weighted":
        # Our rule: None if no label with a weight has a value. scikit-learn then returns the mean of the labels without weight.
        if np.isnan(ask(average=None, zero_division=np.nan)[ask_support(actual, predicted) > 0]).all():
            return None
    return number(ask(average=average, zero_division=np.nan if zero == "exclude" else zero))


def ask_support(actual, predicted):
    return quiet(lambda: sk.precision_recall_fscore_support(actual, predicted))[3]


def label_scores(case):
    actual, predicted = pairs(case)
    if not actual:
        return []
    rows = quiet(lambda: sk.precision_recall_fscore_support(actual, predicted, zero_division=np.nan))
    return [number(value) for row in zip(*rows) for value in row]


def mcc(case):
    actual, predicted = pairs(case)
    if not actual:
        return None
    single = len(set(actual)) == 1 or len(set(predicted)) == 1
    return None if single and case["zero"] is None else number(sk.matthews_corrcoef(actual, predicted))


def on_pairs(ask):
    def answer(case):
        actual, predicted = pairs(case)
        return number(quiet(lambda: ask(actual, predicted))) if actual else None

    return answer


def on_forecast(ask):
    return lambda case: number(ask(case["actual"], np.array(case["probability"]))) if case["actual"] else None


def on_classes(ask):
    def answer(case):
        if not case["actual"]:
            return None
        return number(quiet(lambda: ask(case["actual"], np.array(case["probabilities"]), case["labels"])))

    return answer


def roc_auc(case):
    if not case["actual"]:
        return None
    return strict(lambda: sk.roc_auc_score(case["actual"], case["score"]))


def roc_auc_ovr(case):
    each = []
    for column, label in enumerate(case["labels"]):
        truth = [one == label for one in case["actual"]]
        if len(set(truth)) < 2:
            return None
        each.append(label)
    return number(
        sk.roc_auc_score(case["actual"], np.array(case["probabilities"]), multi_class="ovr", average=case["average"])
    )


def average_precision(case):
    if not case["actual"]:
        return None
    return strict(lambda: sk.average_precision_score(case["actual"], case["score"]))


def ece(case):
    confidence, correct = np.array(case["confidence"]), np.array(case["correct"])
    if len(confidence) == 0:
        return None
    edges = np.linspace(0, 1, case["bins"] + 1)
    if case["edges"] == "(l,u]":
        bins = np.maximum(np.searchsorted(edges, confidence, side="left") - 1, 0)
    else:
        bins = np.minimum(np.searchsorted(edges, confidence, side="right") - 1, case["bins"] - 1)
    return number(binned_error(confidence, correct, bins))


def binned_error(confidence, correct, bins):
    total = 0.0
    for one in np.unique(bins):
        inside = bins == one
        total += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return total


def adaptive_ece(case):
    confidence, correct = np.array(case["confidence"]), np.array(case["correct"])
    if len(confidence) == 0:
        return None
    ranks = stats.rankdata(confidence, method="min").astype(int) - 1
    home = np.concatenate([np.full(len(part), at) for at, part in enumerate(np.array_split(ranks, case["bins"]))])
    return number(binned_error(confidence, correct, home[ranks]))


def risks(confidence, correct):
    """For each k, the expected errors among the k most confident. All orders of equal confidences are equally likely."""
    confidence, wrong = np.array(confidence), 1 - np.array(correct)
    out = []
    for k in range(1, len(confidence) + 1):
        errors = 0.0
        for level in np.unique(confidence):
            tied = confidence == level
            above = (confidence > level).sum()
            errors += wrong[tied].sum() * min(max(k - above, 0), tied.sum()) / tied.sum()
        out.append(errors / k)
    return np.mean(out)


def aurc(case):
    return number(risks(case["confidence"], case["correct"])) if case["confidence"] else None


def excess_aurc(case):
    if not case["confidence"]:
        return None
    return number(risks(case["confidence"], case["correct"]) - risks(case["correct"], case["correct"]))


def temperature(case):
    logits, actual = np.array(case["logits"], dtype=float), np.array(case["actual"])
    if len(actual) == 0:
        return [None] * 3
    truth = logits[np.arange(len(actual)), actual]

    def slope(inverse):
        shares = np.exp((logits - logits.max(1, keepdims=True)) * inverse)
        return ((shares * logits).sum(1) / shares.sum(1) - truth).mean()

    def loss(inverse):
        scaled = logits * inverse
        top = scaled.max(1)
        return (np.log(np.exp(scaled - top[:, None]).sum(1)) + top - truth * inverse).mean()

    if slope(0) >= 0 or (logits.max(1) == truth).all():
        return [None] * 3
    high = 1.0
    while slope(high) < 0:
        high *= 2
    best = optimize.brentq(slope, 0, high, xtol=1e-300, rtol=1e-15, maxiter=1000)
    return [1 / best, loss(1), loss(best)]


def cohen_kappa(case):
    units = [unit for unit in case["units"] if None not in unit]
    if not units:
        return None
    weights = None if case["weights"] == "none" else case["weights"]
    return strict(
        lambda: sk.cohen_kappa_score([a for a, _ in units], [b for _, b in units], weights=weights, labels=case.get("order"))
    )


def fleiss_kappa(case):
    rated = [[one for one in unit if one is not None] for unit in case["units"]]
    sizes = {len(one) for one in rated}
    if len(sizes) != 1 or min(sizes) < 2 or len({one for unit in rated for one in unit}) < 2:
        return None
    table, _ = inter_rater.aggregate_raters(np.array(rated))
    return number(inter_rater.fleiss_kappa(table))


def krippendorff_alpha(case):
    units = [[one for one in unit if one is not None] for unit in case["units"]]
    units = [unit for unit in units if len(unit) >= 2]
    values = sorted({one for unit in units for one in unit})
    if len(values) < 2:
        return None
    domain = case.get("order") or values
    counts = np.array([[unit.count(value) for value in domain] for unit in units])
    is_text = isinstance(domain[0], str)
    named = np.arange(len(domain)) if is_text else domain
    return quiet(lambda: number(krippendorff.alpha(value_counts=counts, value_domain=named, level_of_measurement=case["level"])))


def raw_agreement(case):
    shares = []
    for unit in case["units"]:
        rated = [one for one in unit if one is not None]
        if len(rated) >= 2:
            same = [rated[i] == rated[j] for i in range(len(rated)) for j in range(i)]
            shares.append(sum(same) / len(same))
    return number(np.mean(shares)) if shares else None


def pass_at_k(case):
    n, c, k = case["samples"], case["passed"], case["k"]
    return None if k > n else float(1 - Fraction(math.comb(n - c, k), math.comb(n, k)))


def pass_hat_k(case):
    n, c, k = case["samples"], case["passed"], case["k"]
    return None if k > n else float(Fraction(math.comb(c, k), math.comb(n, k)))


def perplexity(case):
    total = math.fsum(case["log_probabilities"])
    text = case["text"]
    counts = [len(case["log_probabilities"]), len(re.split(r"\s+", text)), len(text.encode("utf-8", "replace"))]
    each = [math.exp(-total / count) if count else None for count in counts]
    return [*each, -total / (counts[2] * math.log(2)) if counts[2] else None]


LABELS = {
    "accuracy": on_pairs(sk.accuracy_score),
    "balanced_accuracy": on_pairs(sk.balanced_accuracy_score),
    "precision": lambda case: averaged(case, 0),
    "recall": lambda case: averaged(case, 1),
    "f": lambda case: averaged(case, 2, case.get("beta", 1.0)),
    "label_scores": label_scores,
    "mcc": mcc,
    "log_loss": on_forecast(lambda actual, p: sk.log_loss(actual, p, labels=[0, 1])),
    "log_loss_classes": on_classes(lambda actual, p, labels: sk.log_loss(actual, p, labels=labels)),
    "brier": on_forecast(lambda actual, p: sk.brier_score_loss(actual, p, pos_label=1)),
    "brier_classes": on_classes(lambda actual, p, labels: sk.brier_score_loss(actual, p, labels=labels)),
    "roc_auc": roc_auc,
    "roc_auc_ovr": roc_auc_ovr,
    "average_precision": average_precision,
    "ece": ece,
    "adaptive_ece": adaptive_ece,
    "aurc": aurc,
    "excess_aurc": excess_aurc,
    "temperature": temperature,
    "cohen_kappa": cohen_kappa,
    "fleiss_kappa": fleiss_kappa,
    "fleiss_kappa_counts": lambda case: number(inter_rater.fleiss_kappa(np.array(case["counts"]))),
    "krippendorff_alpha": krippendorff_alpha,
    "raw_agreement": raw_agreement,
    "pass_at_k": pass_at_k,
    "pass_hat_k": pass_hat_k,
    "perplexity": perplexity,
}
