"""Formats an evaluation as a table for a terminal."""

from __future__ import annotations

import json
from typing import Any, Mapping, Optional, Sequence

WORDS = {
    "pass": "PASS",
    "regression": "REGRESSION",
    "below-floor": "BELOW THE FLOOR",
    "inconclusive": "INCONCLUSIVE",
    "provider-errors": "PROVIDER ERRORS",
}
HEAD = ["score", "value", "items", "floor", "base", "difference", "outcome"]
MOST_TEXT = 80


def show_evaluation(outcome: str, has_passed: bool, run: Mapping, decision: Mapping, worst: Sequence[Mapping]) -> str:
    """The outcome, a row for each score with its interval and its number of items, and the worst items."""
    rows = {row["scorer"]: row for row in decision["scorers"]}
    allowed = ", counts as passed" if outcome == "inconclusive" and has_passed else ""
    lines = [f"{run['name']}: {WORDS[outcome]}{allowed}"]
    lines += [f"  {reason}" for reason in decision["reasons"]]
    if decision["moreItems"] is not None:
        lines.append(f"  About {decision['moreItems']} more items would decide it.")
    lines += ["", *_table([HEAD] + [_cells(score, rows.get(score["scorer"])) for score in run["scores"]])]
    if run["errors"]:
        lines += ["", f"{run['errors']} of {run['answers']} answers are missing and were not scored."]
    if worst:
        lines += ["", "The worst items:"]
        for item in worst:
            lines += _item_lines(item)
    base = decision["base"]
    return "\n".join([*lines, "", f"run {run['runId']}" + (f", compared with {base['runId']}" if base else "")])


def show_briefly(outcome: str, run: Mapping) -> str:
    """One line, such as `triage: PASS, exact-match 0.92 [0.65, 0.99] of 12, run_…`."""
    scores = [f"{one['scorer']} {_digits(one['value'])}{_range(one['interval'])} of {one['items']}" for one in run["scores"]]
    return ", ".join([f"{run['name']}: {WORDS[outcome]}", *scores, run["runId"]])


def _cells(score: Mapping, row: Optional[Mapping]) -> list[str]:
    comparison = row or {"headInterval": None, "floor": None, "meanBase": None, "difference": None, "interval": None}
    states = [("undefined", "without"), ("failed", "failed")]
    without = [f"{score[state]} {word}" for state, word in states if score[state]]
    return [
        score["scorer"],
        _digits(score["value"]) + _range(comparison["headInterval"] or score["interval"]),
        ", ".join([str(score["items"]), *without]),
        _digits(comparison["floor"]),
        _digits(comparison["meanBase"]),
        _digits(comparison["difference"]) + _range(comparison["interval"]),
        WORDS[row["outcome"]].lower() if row else "only measured",
    ]


def _item_lines(item: Mapping) -> list[str]:
    result = item["results"][0] if item["results"] else {"error": None, "output": "", "scores": []}
    error = result["error"]
    scores = ", ".join(f"{scorer} {_digits(value)}" for scorer, value in item["values"].items())
    output = f"error {error['code']}: {error['message']}" if error else result["output"]
    lines = [f"  {item['itemId']}  {'no answer' if error else scores}"]
    lines += [f"    in        {_brief(item['inputs'])}", f"    out       {_brief(output)}"]
    if item["expected"] is not None:
        lines.append(f"    expected  {_brief(item['expected'])}")
    reason = next((score["reason"] for score in result["scores"] if score["reason"]), None)
    return [*lines, f"    because   {_brief(reason)}"] if reason else lines


def _brief(value: Any) -> str:
    text = " ".join((value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).split())
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"


def _digits(value: Optional[float]) -> str:
    """A dash if there is no value, which is different from 0."""
    return "–" if value is None else f"{value:.3g}"


def _range(interval: Optional[Mapping]) -> str:
    return "" if interval is None else f" [{_digits(interval['low'])}, {_digits(interval['high'])}]"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
