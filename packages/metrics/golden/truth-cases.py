"""Golden values for truths from raters' votes: crowd-kit's majority, weighted vote, and Dawid–Skene after a number of rounds."""

import importlib.metadata
import random

import pandas as pd
from crowdkit.aggregation import DawidSkene, MajorityVote


def votes(draw, items, raters, labels):
    """Votes of raters, each with a probability of being right. An item has at least one vote, and at most one from each rater."""
    names = [f"r{place}" for place in range(raters)]
    skill = {name: draw.uniform(0.3, 0.95) for name in names}
    made = []
    for item in range(items):
        truth = draw.choice(labels)
        for name in draw.sample(names, draw.randint(1, raters)):
            made.append([f"i{item}", name, truth if draw.random() < skill[name] else draw.choice(labels)])
    return made


def rows(probabilities):
    """The probability of every label of every item, without zeros."""
    return {task: {label: float(value) for label, value in row.items() if value > 0} for task, row in probabilities.iterrows()}


def make():
    draw = random.Random(7)
    cases = []
    for at in range(16):
        labels = ["a", "b", "c", "d"][: draw.randint(2, 4)]
        case_votes = votes(draw, draw.randint(5, 40), draw.randint(2, 7), labels)
        data = pd.DataFrame(case_votes, columns=["task", "worker", "label"])
        weights = {name: round(draw.uniform(0.1, 3), 3) for name in sorted(set(data.worker))}
        rounds = draw.choice([1, 2, 5, 30])
        known = dict(data.drop_duplicates("task")[["task", "label"]].sample(3, random_state=at).values.tolist()) if at % 2 else {}
        # With a tolerance below 0 it never stops early.
        estimated = DawidSkene(n_iter=rounds, tol=-float("inf")).fit(data, pd.Series(known) if known else None)
        cases.append(
            {
                "votes": case_votes,
                "weights": weights,
                "known": known,
                "rounds": rounds,
                "majority": rows(MajorityVote().fit_predict_proba(data)),
                "weighted": rows(MajorityVote().fit_predict_proba(data, skills=pd.Series(weights))),
                "estimated": rows(estimated.probas_),
                "priors": {label: float(value) for label, value in estimated.priors_.items()},
            }
        )
    return {"source": f"truth-cases.py with crowd-kit {importlib.metadata.version('crowd-kit')}", "cases": cases}
