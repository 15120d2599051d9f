"""Twelve inputs for each statistic, with the results of SciPy, statsmodels or a plain formula."""

import warnings

import numpy
import scipy
import statsmodels
from statisticscases import CASES, flat, inputs_of


def make():
    warnings.simplefilter("ignore")
    statistics = {}
    for name, (_, reference, tolerance) in CASES.items():
        # Its reference starts from resamples that only the comparison has.
        if name != "bootstrapIntervals":
            cases = [[given, flat(reference(*given))] for given in inputs_of(name, 12, 1)]
            statistics[name] = {"tolerance": tolerance, "cases": cases}
    versions = f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {numpy.__version__}"
    return {"source": f"statistics-cases.py with {versions}", "statistics": statistics}
