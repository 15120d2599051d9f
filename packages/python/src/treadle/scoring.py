"""Scores one answer with the scorers of the server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence, Union

from treadle.answers import to_answer
from treadle.client import Client
from treadle.failures import NoScore, ProviderErrors

#: A kind such as `exact-match`, a stored scorer (`polite`, `polite@3`), or either with its parameters.
Scorer = Union[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Score:
    value: float
    label: Optional[str]
    reason: str


def find_scorers(client: Client, given: Sequence[Scorer]) -> list[dict]:
    """A word is a kind with its defaults if that kind exists, otherwise a stored scorer."""
    kinds = {kind["kind"] for kind in client.call("GET", "/api/v1/scorer-kinds")["items"]}
    return [_ref_of(one, kinds) for one in given]


def _ref_of(one: Scorer, kinds: set[str]) -> dict:
    if not isinstance(one, str):
        return dict(one)
    if one in kinds:
        return {"kind": one}
    versioned = re.fullmatch(r"(.*)@(\d+)", one, re.DOTALL)
    return {"scorer": versioned[1], "version": int(versioned[2])} if versioned else {"scorer": one}


def name_of(scorer: Scorer) -> str:
    if isinstance(scorer, str):
        return scorer
    return str(scorer.get("name") or scorer.get("kind") or scorer.get("scorer"))


def score(
    client: Client,
    answer: Any,
    scorer: Scorer,
    *,
    at_least: Optional[float] = None,
    at_most: Optional[float] = None,
    **about: Any,
) -> Score:
    """
    Scores an answer and compares the score with limits. Without limits, `at_least` is 1. `about` adds more of the sample:
    `expected`, `input`, `messages`, `documents`, `toolCalls`, `metadata`. Raises `AssertionError` beyond a limit, `NoScore` if
    the answer has no score, and `ProviderErrors` if the scorer failed.
    """
    __tracebackhide__ = True
    if at_least is None and at_most is None:
        at_least = 1
    typed_answer = to_answer(answer)
    sample: dict[str, Any] = {"output": typed_answer.output}
    if typed_answer.documents is not None:
        sample["documents"] = list(typed_answer.documents)
    if typed_answer.tool_calls is not None:
        sample["toolCalls"] = [{"name": call["name"], "arguments": call.get("arguments", {})} for call in typed_answer.tool_calls]
    [ref] = find_scorers(client, [scorer])
    judged = client.call("POST", "/api/v1/scorers/try", {"ref": ref, "sample": {**sample, **about}})
    name, value, reason = name_of(scorer), judged["value"], judged["reason"]
    if judged["state"] == "failed":
        raise ProviderErrors(f"{name} could not score the answer: {reason}")
    if value is None:
        raise NoScore(f"{name} has no score for this answer: {reason}")
    if (at_least is not None and value < at_least) or (at_most is not None and value > at_most):
        limits = [f"at least {at_least}"] * (at_least is not None) + [f"at most {at_most}"] * (at_most is not None)
        lines = [f"{name} is {value:.4g}, but must be {' and '.join(limits)}.", f"answer    {typed_answer.output[:500]}"]
        lines += [f"expected  {about['expected']!r}"[:500]] * ("expected" in about) + [f"because   {reason}"] * (reason != "")
        raise AssertionError("\n".join(lines))
    return Score(value, judged["label"], reason)
