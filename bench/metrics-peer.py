"""The Python side of bench/metrics.ts: sacrebleu and rouge-score over the same pairs. Prints its measurements as JSON.

Usage: python metrics-peer.py PAIRS.json ROUNDS
"""

import json
import sys
import time

from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF


def timed(name, compute, rounds):
    """The time of the best round. `compute` creates its metric again in each round, as a run does."""
    seconds, value = float("inf"), 0.0
    for _ in range(rounds):
        started = time.perf_counter()
        value = compute()
        seconds = min(seconds, time.perf_counter() - started)
    return {"name": name, "seconds": seconds, "value": value}


def main(path, rounds):
    with open(path, encoding="utf-8") as file:
        pairs = json.load(file)
    hypotheses = [pair["hypothesis"] for pair in pairs]
    references = [pair["references"][0] for pair in pairs]

    def rouge(kind):
        scorer = RougeScorer([kind], use_stemmer=True)
        return sum(scorer.score(target, text)[kind].fmeasure for text, target in zip(hypotheses, references)) / len(pairs)

    results = [
        timed("bleu", lambda: BLEU().corpus_score(hypotheses, [references]).score, rounds),
        timed("chrf", lambda: CHRF().corpus_score(hypotheses, [references]).score, rounds),
    ]
    results += [timed(kind, lambda kind=kind: rouge(kind), rounds) for kind in ["rouge1", "rouge2", "rougeL", "rougeLsum"]]
    print(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
