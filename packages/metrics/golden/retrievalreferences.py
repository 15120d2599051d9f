"""The results of scikit-learn and trec_eval for rankings, and of the definitions where neither has them."""

import math

import numpy as np
import pytrec_eval
from labelreferences import number
from sklearn import metrics as sk


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
    """The retrieved documents are all different here, because trec_eval rejects repetitions."""
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


RETRIEVAL = {
    "ndcg_scores": ndcg_scores,
    "retrieval": retrieval,
    "average_precision_per": average_precision_per,
    "ndcg_exponential": ndcg_exponential,
}
