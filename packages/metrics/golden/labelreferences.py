"""What the references say of a case: scikit-learn, SciPy, statsmodels, krippendorff, pytrec_eval and ppi_py.

An answer is a number, None where the value is undefined, or a list of them. Where no package has the definition, it is
written out here once more, from the definition and another way than the TypeScript goes.
"""

import math
import re
import warnings
from fractions import Fraction

import krippendorff
import numpy as np
import ppi_py
import pytrec_eval
from scipy import optimize, spatial, stats
from sklearn import metrics as sk
from sklearn.exceptions import UndefinedMetricWarning
from statsmodels.stats import inter_rater, weightstats

PACKAGES = ["numpy", "scipy", "scikit-learn", "statsmodels", "krippendorff", "pytrec_eval-terrier", "ppi-python"]


def number(value):
    value = float(value)
    return None if math.isnan(value) else value


def strict(ask):
    """None where scikit-learn warns that the value is undefined."""
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
    kept = [(a, p) for a, p in zip(case["actual"], case["predicted"]) if a is not None and p is not None]
    return [a for a, _ in kept], [p for _, p in kept]


def averaged(case, place, beta=1.0):
    actual, predicted = pairs(case)
    if not actual:
        return None
    zero, average = case["zero"], case["average"]

    def ask(**options):
        return quiet(lambda: sk.precision_recall_fscore_support(actual, predicted, beta=beta, **options))[place]

    if zero is None:
        # Ours: a label that weighs nothing in a weighted mean does not make it undefined.
        each = ask(average=None, zero_division=np.nan)
        there = ask_support(actual, predicted)
        counted = each if average != "weighted" else each[there > 0]
        if average != "micro" and np.isnan(counted).any():
            return None
        return number(ask(average=average, zero_division=0))
    if zero == "exclude" and average == "weighted":
        # Ours: None where no label that weighs anything has a value; scikit-learn then takes the mean of those that weigh nothing.
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
    """For each k the expected errors among the k most confident, every order of equal ones as likely."""
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
    kept = [unit for unit in case["units"] if None not in unit]
    if not kept:
        return None
    weights = None if case["weights"] == "none" else case["weights"]
    return strict(
        lambda: sk.cohen_kappa_score([a for a, _ in kept], [b for _, b in kept], weights=weights, labels=case.get("order"))
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


def ndcg_scores(case):
    gains = np.array(case["gains"], dtype=float)
    if case["gain"] == "exponential":
        gains = 2**gains - 1
    if len(gains) == 0 or gains.max() == 0:
        return None
    return number(sk.ndcg_score([gains], [case["scores"]], k=case.get("k")))


def trec(case, relevant, measures):
    documents = list(dict.fromkeys(case["retrieved"]))
    run = {"q": {document: float(len(documents) - at) for at, document in enumerate(documents)}}
    return pytrec_eval.RelevanceEvaluator({"q": relevant}, measures).evaluate(run)["q"]


def retrieval(case):
    """The retrieved documents are all different here: trec_eval refuses repetitions."""
    k, relevant = case["k"], {document: int(gain) for document, gain in case["relevant"]}
    if not case["retrieved"] or not relevant:
        nothing = not any(gain > 0 for gain in relevant.values())
        return [0.0] + [None if nothing else 0.0] * 5
    found = trec(case, relevant, {f"P.{k}", f"recall.{k}", f"success.{k}", "recip_rank", f"map_cut.{k}", f"ndcg_cut.{k}"})
    names = [f"P_{k}", f"recall_{k}", f"success_{k}", "recip_rank", f"map_cut_{k}", f"ndcg_cut_{k}"]
    values = [found[name] for name in names]
    return values if any(gain > 0 for gain in relevant.values()) else [values[0]] + [None] * 5


def average_precision_per(case):
    relevant = {document for document, gain in case["relevant"] if gain > 0}
    if not relevant:
        return [None] * 3
    first = case["retrieved"][: case["k"]]
    hits = [document in relevant and document not in first[:at] for at, document in enumerate(first)]
    total = sum(sum(hits[: at + 1]) / (at + 1) for at in range(len(hits)) if hits[at])
    below = [len(relevant), min(len(relevant), case["k"]), sum(hits)]
    return [total / one if one else 0.0 for one in below]


def ndcg_exponential(case):
    relevant = {document: 2**gain - 1 for document, gain in case["relevant"] if gain > 0}
    if not relevant:
        return None
    first, seen = [], set()
    for document in case["retrieved"]:
        first.append(0 if document in seen else relevant.get(document, 0))
        seen.add(document)

    def dcg(gains):
        return math.fsum(gain / math.log2(at + 2) for at, gain in enumerate(gains[: case["k"]]))

    return dcg(first) / dcg(sorted(relevant.values(), reverse=True))


def psi_value(expected, current):
    expected, current = np.maximum(expected, 1e-4), np.maximum(current, 1e-4)
    return float(((current - expected) * np.log(current / expected)).sum())


def psi(case):
    reference, current = np.array(case["reference"]), np.array(case["current"])
    if len(reference) == 0 or len(current) == 0:
        return [None] * 3
    edges = np.unique(np.quantile(reference, np.arange(1, 10) / 10))
    size = len(edges) + 1
    shares = [np.bincount(np.searchsorted(edges, one, side="left"), minlength=size) / len(one) for one in (reference, current)]
    scale = 1 / len(reference) + 1 / len(current)
    value = psi_value(*shares)
    return [value, (size - 1) * scale, float(stats.chi2.sf(value / scale, size - 1))]


def jensen_shannon(case):
    p, q = np.array(case["p"], dtype=float), np.array(case["q"], dtype=float)
    if p.sum() == 0 or q.sum() == 0:
        return None
    return quiet(lambda: number(spatial.distance.jensenshannon(p, q, 2 if case["base"] == 2 else None)))


def ks(case):
    if not case["first"] or not case["second"]:
        return [None, None]
    found = quiet(lambda: stats.ks_2samp(case["first"], case["second"], method="exact"))
    return [float(found.statistic), float(found.pvalue)]


def mmd(case):
    reference, current = np.array(case["reference"], dtype=float), np.array(case["current"], dtype=float)
    if len(reference) < 2 or len(current) < 2:
        return [None, None]
    apart = spatial.distance.pdist(np.vstack([reference, current]))
    bandwidth = np.median(apart**2) ** 0.5
    if bandwidth == 0:
        if not (apart > 0).any():
            return [None, None]
        bandwidth = np.median(apart[apart > 0] ** 2) ** 0.5

    def kernel(a, b):
        return np.exp(-spatial.distance.cdist(a, b, "sqeuclidean") / (2 * bandwidth**2))

    n, m = len(reference), len(current)
    within = [(kernel(one, one).sum() - len(one)) / (len(one) * (len(one) - 1)) for one in (reference, current)]
    return [sum(within) - 2 * kernel(reference, current).sum() / (n * m), bandwidth]


def prediction_powered(case):
    labels, judged, only = (np.array(case[key], dtype=float) for key in ("labels", "judged_labelled", "judged_only"))
    if len(labels) < 2:
        return [None] * 6
    alpha = case["alpha"]
    classical = weightstats._zconfint_generic(labels.mean(), labels.std() / len(labels) ** 0.5, alpha, "two-sided")
    plain = [float(labels.mean()), *map(float, classical)]
    if len(only) < 2:
        return [None] * 3 + plain
    all_judged = np.concatenate([judged, only])
    # Ours: a judge that says the same of everything is not relied on; ppi_py divides by its variance, 0.
    lam = 1 if case["tuning"] == "ppi" else (0 if np.ptp(all_judged) == 0 else None)
    value = ppi_py.ppi_mean_pointestimate(labels, judged, only, lam=lam)
    low, high = ppi_py.ppi_mean_ci(labels, judged, only, alpha=alpha, lam=lam)
    return [float(np.ravel(one)[0]) for one in (value, low, high)] + plain


def rogan_gladen(case):
    """Lang and Reiczigel (2014), their formula as printed."""
    x, n = case["positives"], case["judged"]
    tp, fn, tn, fp = case["calibration"]
    if n == 0 or tp + fn == 0 or tn + fp == 0:
        return [None] * 3
    se, sp = tp / (tp + fn), tn / (tn + fp)
    if Fraction(tp, tp + fn) + Fraction(tn, tn + fp) <= 1:
        return [None] * 3
    z = stats.norm.ppf(0.975)
    point = (x / n + sp - 1) / (se + sp - 1)
    n2, nse, nsp = n + z**2, tp + fn + 2, tn + fp + 2
    p2, se2, sp2 = (x + z**2 / 2) / n2, (tp + 1) / nse, (tn + 1) / nsp
    prev = (p2 + sp2 - 1) / (se2 + sp2 - 1)
    shift = 2 * z**2 * (prev * se2 * (1 - se2) / nse - (1 - prev) * sp2 * (1 - sp2) / nsp)
    variance = p2 * (1 - p2) / n2 + prev**2 * se2 * (1 - se2) / nse + (1 - prev) ** 2 * sp2 * (1 - sp2) / nsp
    half = z * variance**0.5 / (se2 + sp2 - 1)
    return [float(np.clip(one, 0, 1)) for one in (point, prev + shift - half, prev + shift + half)]


REFERENCES = {
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
    "ndcg_scores": ndcg_scores,
    "retrieval": retrieval,
    "average_precision_per": average_precision_per,
    "ndcg_exponential": ndcg_exponential,
    "psi_shares": lambda case: psi_value(np.array(case["expected"]), np.array(case["current"])),
    "psi": psi,
    "jensen_shannon": jensen_shannon,
    "ks": ks,
    "kolmogorov": lambda case: float(stats.kstwo.sf(case["distance"], case["n"])),
    "mmd": mmd,
    "prediction_powered": prediction_powered,
    "rogan_gladen": rogan_gladen,
}


def reference(case):
    return REFERENCES[case["metric"]](case)
