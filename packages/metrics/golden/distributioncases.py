"""Random inputs for every distribution, with SciPy's results."""

from scipy import stats
from statisticinputs import CASES, case


@case(1e-10)
def normalCdf():
    return (lambda r: [r.normal() * 4]), (lambda z: stats.norm.cdf(z))


@case(1e-10)
def normalQuantile():
    return (lambda r: [10 ** -r.uniform(0.01, 12)]), (lambda p: stats.norm.ppf(p))


@case(1e-10)
def studentTCdf():
    return (lambda r: [r.normal() * 3, float(r.integers(1, 3000))]), (lambda t, v: stats.t.cdf(t, v))


@case(1e-10)
def studentTQuantile():
    return (lambda r: [r.uniform(0.0005, 0.9995), float(r.integers(1, 3000))]), (lambda p, v: stats.t.ppf(p, v))


@case(1e-9)
def noncentralTCdf():
    return (
        lambda r: [r.uniform(0.2, 6), float(r.integers(2, 500)), r.uniform(0, 5)],
        lambda t, v, shift: stats.nct.cdf(t, v, shift),
    )


def shapes(r):
    return [10 ** r.uniform(-0.5, 4), 10 ** r.uniform(-0.5, 4)]


@case(1e-10)
def betaCdf():
    def make(r):
        a, b = shapes(r)
        return [stats.beta.ppf(r.uniform(0.001, 0.999), a, b), a, b]

    return make, lambda x, a, b: stats.beta.cdf(x, a, b)


@case(1e-10)
def betaQuantile():
    return (lambda r: [r.uniform(0.001, 0.999), *shapes(r)]), (lambda p, a, b: stats.beta.ppf(p, a, b))


@case(1e-10)
def binomialCdf():
    def make(r):
        n, p = int(r.integers(1, 20000)), r.random()
        return [int(stats.binom.ppf(r.uniform(0.001, 0.999), n, p)), n, p]

    return make, lambda k, n, p: stats.binom.cdf(k, n, p)


@case(1e-10)
def binomialPmf():
    def make(r):
        n, p = int(r.integers(1, 20000)), r.random()
        return [int(stats.binom.ppf(r.uniform(0.001, 0.999), n, p)), n, p]

    return make, lambda k, n, p: stats.binom.pmf(k, n, p)


@case(0)
def binomialQuantile():
    return (
        lambda r: [r.uniform(0.001, 0.999), int(r.integers(1, 5000)), r.random()],
        lambda q, n, p: stats.binom.ppf(q, n, p),
    )


@case(1e-10)
def chiSquareCdf():
    return (lambda r: [r.chisquare(5) * 3, float(r.integers(1, 400))]), (lambda x, v: stats.chi2.cdf(x, v))


@case(1e-10)
def chiSquareSurvival():
    return (lambda r: [r.chisquare(5) * 3, float(r.integers(1, 40))]), (lambda x, v: stats.chi2.sf(x, v))


@case(1e-10)
def chiSquareQuantile():
    return (lambda r: [r.uniform(0.0005, 0.9995), float(r.integers(1, 400))]), (lambda p, v: stats.chi2.ppf(p, v))
