"""Random inputs for all other statistics, with the results of SciPy, statsmodels or a plain formula."""

import math

import numpy as np
from distributioncases import CASES, case
from scipy import integrate, special, stats
from statisticinputs import count, flat, inputs_of, numbers
from statsmodels.regression.linear_model import OLS
from statsmodels.stats import contingency_tables, multitest, power, proportion, weightstats

# CASES also contains the distributions.
__all__ = ["CASES", "flat", "inputs_of"]


@case(1e-11)
def wilsonInterval():
    return (
        lambda r: [*count(r), r.uniform(0.01, 0.3)],
        lambda k, n, alpha: list(proportion.proportion_confint(k, n, alpha, method="wilson")),
    )


@case(1e-10)
def clopperPearsonInterval():
    return (
        lambda r: [*count(r), r.uniform(0.01, 0.3)],
        lambda k, n, alpha: list(proportion.proportion_confint(k, n, alpha, method="beta")),
    )


@case(1e-11)
def newcombeInterval():
    return (
        lambda r: [*count(r), *count(r), r.uniform(0.01, 0.3)],
        lambda k, n, j, m, alpha: list(
            proportion.confint_proportions_2indep(j, m, k, n, compare="diff", method="newcomb", alpha=alpha)
        ),
    )


@case(1e-11)
def newcombePairedInterval():
    def reference(a, b, c, d, alpha):
        n = a + b + c + d
        p1, p2 = (a + b) / n, (a + c) / n
        l1, u1 = proportion.proportion_confint(a + b, n, alpha, method="wilson")
        l2, u2 = proportion.proportion_confint(a + c, n, alpha, method="wilson")
        base = float((a + b) * (c + d) * (a + c) * (b + d))
        top = a * d - b * c
        if top > n / 2:
            top -= n / 2
        elif top >= 0:
            top = 0
        phi = 0 if base == 0 else top / math.sqrt(base)
        low = math.sqrt(max(0, (p2 - l2) ** 2 - 2 * phi * (p2 - l2) * (u1 - p1) + (u1 - p1) ** 2))
        high = math.sqrt(max(0, (u2 - p2) ** 2 - 2 * phi * (u2 - p2) * (p1 - l1) + (p1 - l1) ** 2))
        return [p2 - p1 - low, p2 - p1 + high]

    return (lambda r: [*(1 + r.integers(0, 60, 4)).tolist(), r.uniform(0.01, 0.3)]), reference


@case(1e-10)
def estimateMean():
    def reference(values, alpha):
        error = stats.sem(values)
        return list(stats.t.interval(1 - alpha, len(values) - 1, np.mean(values), error)) if error > 0 else [np.mean(values)] * 2

    return (lambda r: [numbers(r), r.uniform(0.01, 0.3)]), reference


@case(1e-10)
def estimateClusteredMean():
    def make(r):
        values = r.normal(size=int(r.integers(6, 60))).tolist()
        return [values, [0, 1, *r.integers(0, 8, len(values) - 2).tolist()]]

    def reference(values, clusters):
        fit = OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": np.array(clusters)})
        return [fit.params[0], fit.bse[0]]

    return make, reference


@case(1e-11)
def mcnemarExact():
    return (
        lambda r: r.integers(0, 120, 2).tolist(),
        lambda b, c: contingency_tables.mcnemar([[9, b], [c, 9]], exact=True).pvalue,
    )


@case(1e-10)
def mcnemarCorrected():
    def reference(b, c):
        result = contingency_tables.mcnemar([[9, b], [c, 9]], exact=False, correction=True)
        # statsmodels squares |0| − 1 for b = c. Edwards' correction stops at 0.
        return [0, 1] if b == c else [result.statistic, result.pvalue]

    return (lambda r: (1 + r.integers(0, 120, 2)).tolist()), reference


@case(1e-11)
def wilcoxonTest():
    def make(r):
        return [[0.5, *numbers(r, int(r.integers(1, 90)))]]

    def reference(differences):
        result = stats.wilcoxon(differences)
        return [result.statistic, result.pvalue]

    return make, reference


@case(1e-12)
def signFlipExact():
    def make(r):
        return [numbers(r, int(r.integers(2, 11)))]

    def reference(values):
        values = np.array(values)
        signs = np.array(np.meshgrid(*[[1, -1]] * len(values))).reshape(len(values), -1)
        sums = np.abs((values[:, None] * signs).sum(axis=0))
        return float(np.mean(sums >= abs(values.sum()) - 1e-11 * np.abs(values).sum()))

    return make, reference


@case(1e-10)
def hodgesLehmann():
    def make(r):
        return [numbers(r, int(r.integers(6, 60))), 0.05]

    def reference(values, alpha):
        values, n = np.array(values), len(values)
        means = np.sort(((values[:, None] + values[None, :]) / 2)[np.triu_indices(n)])
        low = max(1, math.floor(len(means) / 2 - stats.norm.ppf(1 - alpha / 2) * math.sqrt(n * (n + 1) * (2 * n + 1) / 24)))
        return [np.median(means), means[low - 1], means[-low]]

    return make, reference


@case(1e-12)
def holm():
    return (lambda r: [r.random(int(r.integers(1, 20))).round(2).tolist()]), (
        lambda p: multitest.multipletests(p, method="holm")[1].tolist()
    )


@case(1e-12)
def benjaminiHochberg():
    return (lambda r: [r.random(int(r.integers(1, 20))).round(2).tolist()]), (
        lambda p: multitest.multipletests(p, method="fdr_bh")[1].tolist()
    )


@case(1e-8)
def pairedMeanPower():
    def planned(r):
        """Up to six standard errors. Beyond that, SciPy's noncentral t returns nan."""
        n, sd = int(r.integers(3, 2000)), r.uniform(0.5, 2)
        return [n, r.uniform(0.2, 6) * sd / math.sqrt(n), sd, r.uniform(0.01, 0.2)]

    return (
        planned,
        lambda n, difference, sd, alpha: power.TTestPower().power(difference / sd, n, alpha),
    )


@case(1e-8)
def pairedRatePower():
    def make(r):
        changed = r.uniform(0.05, 1)
        return [int(r.integers(5, 300)), changed * r.uniform(0.1, 1), changed, 0.05]

    def reference(n, difference, changed, alpha):
        p = (changed + difference) / (2 * changed)
        total = 0
        for d in range(n + 1):
            b = np.arange(d + 1)
            rejected = np.minimum(1, 2 * stats.binom.cdf(np.minimum(b, d - b), d, 0.5)) < alpha
            total += stats.binom.pmf(d, n, changed) * stats.binom.pmf(b, d, p)[rejected].sum()
        return total

    return make, reference


@case(1e-10)
def equivalence():
    def make(r):
        return [r.normal(0.02, 0.3, int(r.integers(3, 80))).tolist(), 0.1]

    def reference(values, margin):
        told, (_, above, _), (_, below, _) = weightstats.DescrStatsW(values).ttost_mean(-margin, margin)
        return [told, max(above, below)]

    return make, reference


@case(1e-10)
def sampleRatioMismatch():
    def make(r):
        arms = int(r.integers(2, 6))
        return [r.integers(1, 900, arms).tolist(), r.integers(1, 9, arms).tolist()]

    def reference(counts, weights):
        result = stats.chisquare(counts, np.array(weights) / sum(weights) * sum(counts))
        return [result.statistic, result.pvalue]

    return make, reference


@case(1e-9)
def fisherExact():
    return (
        lambda r: [*count(r, 60), *count(r, 60)],
        lambda k, n, j, m: stats.fisher_exact([[k, n - k], [j, m - j]])[1],
    )


@case(1e-7)
def probabilityWorse():
    def reference(k, n, j, m):
        base, head = stats.beta(1 + k, 1 + n - k), stats.beta(1 + j, 1 + m - j)
        return integrate.quad(lambda x: head.cdf(x) * base.pdf(x), 0, 1, limit=400, epsabs=1e-12, points=[k / n])[0]

    return (lambda r: [*count(r, 40), *count(r, 40)]), reference


@case(1e-11)
def alwaysValid():
    def make(r):
        n, variance = int(r.integers(100, 20000)), r.uniform(0.01, 2)
        return [n, r.normal() * 2 * math.sqrt(variance / n), variance, r.uniform(0.01, 0.2), int(r.integers(200, 9000))]

    def reference(n, mean, variance, alpha, tuned):
        rho = np.sqrt((-2 * np.log(alpha) + np.log(-2 * np.log(alpha) + 1)) / tuned)
        half = np.sqrt(variance) * np.sqrt((2 * (n * rho**2 + 1) / (n * rho) ** 2) * np.log(np.sqrt(n * rho**2 + 1) / alpha))
        # The e-value is a normal mixture: the ratio of two normal densities of the mean.
        error = np.sqrt(variance / n)
        return [mean - half, mean + half, stats.norm.pdf(mean, 0, error * np.sqrt(n * rho**2 + 1)) / stats.norm.pdf(mean, 0, error)]

    return make, reference


@case(1e-11)
def asymptoticSequence():
    def make(r):
        return [int(r.integers(100, 20000)), r.normal() * 0.05, r.uniform(0.01, 2), r.uniform(0.01, 0.2)]

    def reference(n, mean, v, alpha):
        rho = np.sqrt((-2 * np.log(alpha) + np.log(-2 * np.log(alpha)) + 1) / 100)
        half = np.sqrt(((n * v * rho**2 + 1) / (n**2 * rho**2)) * np.log((n * v * rho**2 + 1) / alpha**2))
        return [mean - half, mean + half]

    return make, reference


@case(1e-9)
def betaBinomialEValue():
    def rated(r):
        """Rates near the observed rate. Far from it, the evidence exceeds the largest number."""
        k, n = count(r)
        return [k, n, float(np.clip(k / n + r.normal() * 0.15, 0.05, 0.95)), r.uniform(0.5, 3), r.uniform(0.5, 3)]

    return (
        rated,
        lambda k, n, p, a, b: np.exp(special.betaln(a + k, b + n - k) - special.betaln(a, b) - k * np.log(p) - (n - k) * np.log1p(-p)),
    )


@case(1e-9)
def bettingEValues():
    def make(r):
        return [r.beta(2, 3, int(r.integers(1, 80))).tolist(), r.uniform(0.1, 0.9), 0.05]

    def reference(values, m, alpha):
        x, n = np.array(values), np.arange(1, len(values) + 1)
        means = (0.5 + np.cumsum(x)) / (n + 1)
        spread = (0.25 + np.cumsum((x - means) ** 2)) / (n + 1)
        before = np.concatenate([[0.25], spread[:-1]])
        bet = np.sqrt(2 * np.log(2 / alpha) / (before * n * np.log(n + 1)))
        up = np.cumprod(1 + np.minimum(bet, 0.5 / m) * (x - m))
        down = np.cumprod(1 - np.minimum(bet, 0.5 / (1 - m)) * (x - m))
        return np.maximum(up / 2, down / 2).tolist()

    return make, reference


@case(1e-10)
def bootstrapIntervals():
    def make(r):
        return [numbers(r, int(r.integers(8, 60)), 0), int(r.integers(1, 10**6))]

    def reference(values, _seed, resampled):
        """From the same resamples, because the random streams differ."""
        values, resampled = np.array(values), np.array(resampled)
        estimate, n = values.mean(), len(values)
        rounding = 1e-12 * np.ptp(resampled)
        below, most = np.sum(resampled < estimate - rounding), np.sum(resampled <= estimate + rounding)
        z0 = stats.norm.ppf((below + most) / (2 * len(resampled)))
        without = np.array([np.delete(values, i).mean() for i in range(n)])
        u = (n - 1) * (without.mean() - without)
        a = np.sum(u**3) / (6 * np.sum(u**2) ** 1.5)
        z = z0 + stats.norm.ppf([0.025, 0.975])
        shares = stats.norm.cdf(z0 + z / (1 - a * z))
        return [*np.percentile(resampled, [2.5, 97.5]), *np.percentile(resampled, 100 * shares)]

    return make, reference


@case(1e-7)
def rankByMatches():
    def make(r):
        players, matches = 4, int(r.integers(60, 200))
        pairs = [r.choice(players, 2, replace=False).tolist() for _ in range(matches)]
        return [pairs, (r.integers(0, 3, matches) / 2).tolist(), r.integers(1, 500, (matches, 2)).tolist()]

    def reference(pairs, outcomes, lengths):
        lengths = np.array(lengths, float)
        share = (lengths[:, 0] - lengths[:, 1]) / lengths.sum(axis=1)
        x = np.zeros((len(pairs), 5))
        for row, (a, b) in enumerate(pairs):
            x[row, a], x[row, b] = 1, -1
        x[:, 4] = share / share.std()
        values = np.zeros(5)
        for _ in range(60):
            p = special.expit(x @ values)
            values = values + np.linalg.pinv((x * (p * (1 - p))[:, None]).T @ x) @ (x.T @ (np.array(outcomes) - p))
        return [*(1000 + 400 / np.log(10) * (values[:4] - values[:4].mean())), 400 / np.log(10) * values[4]]

    return make, reference


@case(1e-10)
def splitNoise():
    def make(r):
        items, repeats = int(r.integers(3, 20)), int(r.integers(2, 6))
        centre = r.normal(size=(items, 1))
        return [(centre + r.normal(0, 0.5, (items, repeats))).tolist(), (centre + r.normal(0.2, 0.5, (items, repeats))).tolist()]

    def reference(base, head):
        within = np.mean([np.var(row, ddof=1) for row in base + head])
        total = np.var(np.mean(head, axis=1) - np.mean(base, axis=1), ddof=1)
        return [math.sqrt(max(0, total - 2 * within / len(base[0]))), math.sqrt(within)]

    return make, reference
