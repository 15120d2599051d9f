"""Reads rows, one JSON object per line, and checks that they have the job's format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable, Iterator

from treadle_trainer.runtime.problems import Problem

Row = dict[str, Any]
MOST_LISTED = 5
ROLES = ("system", "user", "assistant", "tool")


def read_rows(path: Path, kind: str) -> list[Row]:
    """Returns all rows of a file. Raises a `Problem` that counts the invalid rows and names the first ones by line."""
    rows: list[Row] = []
    faults: list[str] = []
    for number, line in _lines(path):
        row, fault = _read_row(line, kind)
        if fault is None:
            rows.append(row)
        else:
            faults.append(f"line {number}: {fault}")
    if faults:
        listed = "; ".join(faults[:MOST_LISTED])
        more = f"; and {len(faults) - MOST_LISTED} more" if len(faults) > MOST_LISTED else ""
        message = f"{len(faults)} of {len(rows) + len(faults)} rows of {path.name} do not have the format {kind}: {listed}{more}."
        raise Problem("bad_rows", message, WANTED[kind])
    if not rows:
        raise Problem("empty_split", f"{path.name} has no rows.", "Add rows, or leave the split out.")
    return rows


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line


def _read_row(line: bytes, kind: str) -> tuple[Row, str | None]:
    try:
        row = json.loads(line)
    except ValueError:
        return {}, "it is not valid JSON"
    if not isinstance(row, dict):
        return {}, "it is not a JSON object"
    return row, CHECKS[kind](row)


def _check_text(row: Row) -> str | None:
    return None if _is_text(row.get("text")) else "`text` is not text"


def _check_chat(row: Row) -> str | None:
    return check_messages(row.get("messages"), "messages", is_whole=True)


def _check_completion(row: Row) -> str | None:
    return _check_prompt(row) or _check_answer(row, "completion")


def _check_preference(row: Row) -> str | None:
    fault = _check_prompt(row) or _check_answer(row, "chosen") or _check_answer(row, "rejected")
    if fault is None and row["chosen"] == row["rejected"]:
        return "`chosen` and `rejected` are the same"
    return fault


def _check_kto(row: Row) -> str | None:
    if not isinstance(row.get("label"), bool):
        return "`label` is neither true nor false"
    return _check_completion(row)


def _check_prompt(row: Row) -> str | None:
    prompt = row.get("prompt")
    return None if _is_text(prompt) else check_messages(prompt, "prompt", is_whole=False)


def _check_answer(row: Row, name: str) -> str | None:
    """Checks that an answer is a text where the prompt is one, and otherwise messages that start with the assistant's."""
    answer = row.get(name)
    if _is_text(row.get("prompt")):
        return None if _is_text(answer) else f"`{name}` is not text, but `prompt` is"
    if not isinstance(answer, list) or not answer:
        return f"`{name}` is not a list of messages, but `prompt` is"
    return check_messages([*row["prompt"], *answer], f"prompt + {name}", is_whole=True)


def check_messages(messages: Any, name: str, *, is_whole: bool) -> str | None:
    """The error in a conversation, None if it is valid. `is_whole`: it ends with an answer; otherwise it ends before one."""
    if not isinstance(messages, list) or not messages:
        return f"`{name}` is not a list of messages"
    before = ""
    for place, message in enumerate(messages):
        fault = _check_message(message, f"{name}[{place}]") or _check_order(message["role"], before, f"{name}[{place}]")
        if fault is not None:
            return fault
        before = message["role"]
    if is_whole and before != "assistant":
        return f"`{name}` ends with a message of {before}, not with the assistant's answer"
    return None if is_whole or before in ("user", "tool") else f"`{name}` ends with a message of {before}, not with a question"


def _check_message(message: Any, name: str) -> str | None:
    if not isinstance(message, dict) or message.get("role") not in ROLES:
        return f"`{name}` has a role that is not one of {', '.join(ROLES)}"
    calls_tools = message["role"] == "assistant" and bool(message.get("tool_calls"))
    if isinstance(message.get("content"), str) or calls_tools:
        return None
    return f"`{name}.content` is not text"


def _check_order(role: str, before: str, name: str) -> str | None:
    """Checks the order of roles. `before` is the previous role, empty at the start."""
    may_follow = {
        "system": ("",),
        "user": ("", "system", "assistant"),
        "assistant": ("user", "tool"),
        "tool": ("assistant", "tool"),
    }
    if before in may_follow[role]:
        return None
    return f"`{name}` has {role} after {before or 'nothing'}, so its roles are out of order"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


CHECKS: dict[str, Callable[[Row], str | None]] = {
    "chat": _check_chat,
    "prompt_completion": _check_completion,
    "text": _check_text,
    "preference": _check_preference,
    "kto": _check_kto,
}

_TURNS = '[{"role": "user", "content": "…"}]'
WANTED = {
    "chat": 'A row is {"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}.',
    "prompt_completion": f'A row is {{"prompt": {_TURNS}, "completion": […]}}, or both as texts.',
    "text": 'A row is {"text": "…"}.',
    "preference": f'A row is {{"prompt": {_TURNS}, "chosen": […], "rejected": […]}}, or all as texts.',
    "kto": f'A row is {{"prompt": {_TURNS}, "completion": […], "label": true}}, or prompt and completion as texts.',
}
