"""The results of SciPy, ppi_py and the definitions for drift and for the correction of a judge."""

from fractions import Fraction

import numpy as np
import ppi_py
from labelreferences import number, quiet
from scipy import spatial, stats
from statsmodels.stats import weightstats


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
    test = quiet(lambda: stats.ks_2samp(case["first"], case["second"], method="exact"))
    return [float(test.statistic), float(test.pvalue)]


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
    # Our rule: a judge with constant scores gets no weight. ppi_py divides by its variance, 0.
    lam = 1 if case["tuning"] == "ppi" else (0 if np.ptp(all_judged) == 0 else None)
    value = ppi_py.ppi_mean_pointestimate(labels, judged, only, lam=lam)
    low, high = ppi_py.ppi_mean_ci(labels, judged, only, alpha=alpha, lam=lam)
    return [float(np.ravel(one)[0]) for one in (value, low, high)] + plain


def rogan_gladen(case):
    """The formula of Lang and Reiczigel (2014), as printed."""
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


DRIFT = {
    "psi_shares": lambda case: psi_value(np.array(case["expected"]), np.array(case["current"])),
    "psi": psi,
    "jensen_shannon": jensen_shannon,
    "ks": ks,
    "kolmogorov": lambda case: float(stats.kstwo.sf(case["distance"], case["n"])),
    "mmd": mmd,
    "prediction_powered": prediction_powered,
    "rogan_gladen": rogan_gladen,
}
