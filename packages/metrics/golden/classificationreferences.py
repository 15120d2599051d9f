"""The references of all metrics in compare-classification.py and classification-cases.py."""

from driftreferences import DRIFT
from labelreferences import LABELS
from retrievalreferences import RETRIEVAL

PACKAGES = ["numpy", "scipy", "scikit-learn", "statsmodels", "krippendorff", "pytrec_eval-terrier", "ppi-python"]
REFERENCES = {**LABELS, **RETRIEVAL, **DRIFT}


def reference(case):
    return REFERENCES[case["metric"]](case)
