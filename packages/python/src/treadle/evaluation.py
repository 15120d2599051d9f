"""Runs a program over items, has the server score the answers, and decides whether it passes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Mapping, Optional, Sequence, Union

from treadle.answers import answer_items, name_items, read_dataset
from treadle.client import ApiError, Client
from treadle.failures import EvaluationFailed, ProviderErrors
from treadle.report import show_evaluation
from treadle.scoring import Scorer, find_scorers, name_of

BATCH = 50
POLL_SECONDS = 0.2
WORST = 5


@dataclass(frozen=True)
class Evaluation:
    """The result of an evaluation. `outcome` stays `inconclusive` if the caller allowed that. `run` and `decision` come from the server."""

    outcome: str
    has_passed: bool
    run: dict
    decision: dict
    worst: list[dict]
    text: str


def evaluate(
    client: Client,
    *,
    name: str,
    items: Union[Iterable[Mapping[str, Any]], str],
    task: Callable[[dict], Any],
    scorers: Sequence[Scorer],
    floor: Union[float, Mapping[str, float], None] = None,
    baseline: Optional[Mapping[str, str]] = None,
    margin: Optional[float] = None,
    repeats: int = 1,
    concurrency: int = 4,
    inconclusive: str = "pass",
    max_error_share: Optional[float] = None,
    tags: Sequence[str] = (),
    source: Optional[dict] = None,
) -> Evaluation:
    """
    Has `task` answer `items`: dictionaries with `inputs` and optionally `expected`, or a dataset, `name@version`. `task` returns
    a text, an `Answer`, or a value that is scored as JSON.

    `floor` is the lowest value of each score by name, or of the main score if it is a number. It fails only if chance is ruled
    out. `baseline` is `{"branch": …}` or `{"run_id": …}`. Runs with the same `name` form a history. Raises `EvaluationFailed` if
    the evaluation does not pass, and `ProviderErrors` if there is no verdict.
    """
    __tracebackhide__ = True
    refs = find_scorers(client, scorers)
    _check_floor(floor, [name_of(ref) for ref in refs])
    dataset: Optional[dict] = None
    if isinstance(items, str):
        named, dataset = read_dataset(client, items)
    else:
        named = name_items(items)
    answers = answer_items(named, task, repeats=repeats, concurrency=concurrency, is_stored=dataset is not None)
    body = {"name": name, "suite": name, "scorers": refs, "repeats": repeats, "tags": list(tags), **(dataset or {})}
    run = _upload(client, {**body, **({"source": source} if source else {})}, answers)
    keys = [scorer["key"] for scorer in run["scorers"] if scorer["output"]["direction"] != "none"]
    floors = _floors_of(floor, keys)
    rules: dict[str, Any] = {
        "floorBy": "interval",
        "onInconclusive": inconclusive,
        "scorers": [{"scorer": key, "floor": floors.get(key)} for key in keys],
    }
    if margin is not None:
        rules["margin"] = margin
    if max_error_share is not None:
        rules["maxErrorShare"] = max_error_share
    order = {"head": run["runId"], "base": _base_of(baseline, name), "rules": rules}
    evaluation = _conclude(client, run, client.call("POST", "/api/v1/gates/decide", order))
    if evaluation.outcome == "provider-errors":
        raise ProviderErrors(evaluation.text, evaluation)
    if not evaluation.has_passed:
        raise EvaluationFailed(evaluation)
    return evaluation


def _upload(client: Client, body: dict, answers: Sequence[dict]) -> dict:
    path = f"/api/v1/runs/{client.call('POST', '/api/v1/runs', body)['runId']}"
    for at in range(0, len(answers), BATCH):
        client.call("POST", f"{path}/answers", {"answers": answers[at : at + BATCH]})
    job_id = client.call("POST", f"{path}/finish")["jobId"]
    while True:
        job = client.call("GET", f"/api/v1/jobs/{job_id}")
        if job["status"] == "done":
            return client.call("GET", path)
        if job["status"] in ("failed", "cancelled"):
            error = job["error"] or {"code": job["status"], "message": job["status"]}
            raise ApiError(0, error["code"], f"{job['title']}: {error['message']}")
        time.sleep(POLL_SECONDS)


def _check_floor(floor: Union[float, Mapping[str, float], None], names: Sequence[str]) -> None:
    """Checks the floors before any paid call."""
    unknown = next((name for name in floor if name not in names), None) if isinstance(floor, Mapping) else None
    if unknown is not None:
        raise ValueError(f'floor: "{unknown}" is not one of the scorers: {", ".join(names)}.')


def _floors_of(floor: Union[float, Mapping[str, float], None], keys: Sequence[str]) -> Mapping[str, float]:
    if floor is None:
        return {}
    floors = floor if isinstance(floor, Mapping) else {keys[0] if keys else "the main score": floor}
    unknown = next((key for key in floors if key not in keys), None)
    if unknown is not None:
        scores = ", ".join(keys) or "none"
        raise ValueError(f'floor: "{unknown}" is not a score where higher or lower is better. Such scores: {scores}.')
    return floors


def _base_of(baseline: Optional[Mapping[str, str]], name: str) -> Optional[dict]:
    if baseline is None:
        return None
    return {"runId": baseline["run_id"]} if "run_id" in baseline else {"suite": name, "branch": baseline["branch"]}


def _conclude(client: Client, run: dict, decision: dict) -> Evaluation:
    is_open = any(row["outcome"] == "inconclusive" for row in decision["scorers"])
    outcome = "inconclusive" if decision["outcome"] == "pass" and is_open else decision["outcome"]
    has_passed = decision["outcome"] == "pass"
    worst = [] if has_passed else _list_worst(client, run)
    text = show_evaluation(outcome, has_passed, run, decision, worst)
    return Evaluation(outcome, has_passed, run, decision, worst, text)


def _list_worst(client: Client, run: dict) -> list[dict]:
    """Items without an answer first, then the worst by the main score."""

    def listed(**query: Any) -> list[dict]:
        return client.call("GET", f"/api/v1/runs/{run['runId']}/items", query={"limit": WORST, **query})["items"]

    failed = listed(state="error") if run["errors"] else []
    main = next((scorer for scorer in run["scorers"] if scorer["output"]["direction"] != "none"), None)
    if main is None:
        return failed
    sort = "-score" if main["output"]["direction"] == "lower" else "score"
    return (failed + listed(scorer=main["key"], sort=sort, state="ok"))[:WORST]
