"""The references of every metric that compare-classification.py and classification-cases.py ask for."""

from driftreferences import DRIFT
from labelreferences import LABELS
from retrievalreferences import RETRIEVAL

PACKAGES = ["numpy", "scipy", "scikit-learn", "statsmodels", "krippendorff", "pytrec_eval-terrier", "ppi-python"]
REFERENCES = {**LABELS, **RETRIEVAL, **DRIFT}


def reference(case):
    return REFERENCES[case["metric"]](case)
