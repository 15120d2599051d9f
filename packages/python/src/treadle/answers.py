"""Runs a program over items, and records its answers."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Mapping, Optional, Sequence

from treadle.client import Client

PAGE = 200
MOST_WORDS = 4_000


@dataclass(frozen=True)
class Answer:
    """The answer of a program, if it is more than a text. `documents`: the retrieved documents, best first."""

    output: str
    documents: Optional[Sequence[str]] = None
    tool_calls: Optional[Sequence[Mapping[str, Any]]] = None
    cost_usd: Optional[float] = None
    input_tokens: Optional[int] = None
    output_tokens: Optional[int] = None


def to_answer(given: Any) -> Answer:
    """A text unchanged, and anything else but an `Answer` as JSON."""
    if isinstance(given, Answer):
        return given
    return Answer(given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str))


def name_items(items: Iterable[Mapping[str, Any]]) -> list[dict]:
    """Items with an id each. A missing id is derived from the inputs, so that it is the same in every run."""
    named: list[dict] = []
    used_ids: set[str] = set()
    for item in items:
        if not isinstance(item.get("inputs"), Mapping):
            raise ValueError(f"Item {len(named)} has no `inputs` dictionary.")
        item_id = item.get("item_id") or _free_id(item["inputs"], used_ids)
        if item_id in used_ids:
            raise ValueError(f'Two items have the id "{item_id}". Give each item a unique id, or no id.')
        used_ids.add(item_id)
        named.append({**item, "item_id": item_id})
    if not named:
        raise ValueError("There are no items to answer.")
    return named


def _free_id(inputs: Mapping[str, Any], taken: set[str]) -> str:
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    first = hashlib.sha256(text.encode()).hexdigest()[:16]
    found, number = first, 2
    while found in taken:
        found, number = f"{first}-{number}", number + 1
    return found


def read_dataset(client: Client, wanted: str) -> tuple[list[dict], dict]:
    """The items of a dataset on the server, `name` or `name@version`, and their source."""
    name, _, version = wanted.partition("@")
    datasets = client.call("GET", "/api/v1/datasets", query={"name": name})["items"]
    if not datasets:
        raise ValueError(f'The server has no dataset "{name}".')
    dataset = {"datasetId": datasets[0]["datasetId"], "version": version or "main"}
    path = f"/api/v1/datasets/{dataset['datasetId']}/items"
    items: list[dict] = []
    cursor = None
    while True:
        page = client.call("GET", path, query={"at": dataset["version"], "limit": PAGE, "cursor": cursor})
        items += [{**item, "item_id": item["itemId"]} for item in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    if not items:
        raise ValueError(f'The dataset "{name}" has no items at "{dataset["version"]}".')
    return items, dataset


def answer_items(
    items: Sequence[Mapping[str, Any]], task: Callable[[dict], Any], *, repeats: int, concurrency: int, is_stored: bool
) -> list[dict]:
    """Answers every item `repeats` times, several at once. An exception of the task is stored as the error of its answer."""
    orders = [(item, repeat) for item in items for repeat in range(repeats)]
    with ThreadPoolExecutor(max_workers=max(1, concurrency)) as pool:
        return list(pool.map(lambda order: _answer(task, *order, is_stored=is_stored), orders))


def _answer(task: Callable[[dict], Any], item: Mapping[str, Any], repeat: int, *, is_stored: bool) -> dict:
    about = {"itemId": item["item_id"], "repeat": repeat}
    if not is_stored:
        fields = {name: item.get(name) for name in ("inputs", "expected", "metadata", "split")}
        about.update({name: value for name, value in fields.items() if value is not None})
    begun = time.perf_counter()
    try:
        result = task(dict(item))
        if inspect.isawaitable(result):
            result = asyncio.run(_wait_for(result))
        row = _write_down(to_answer(result))
    except AssertionError:
        # A failed assertion about an answer is not a provider's error.
        raise
    except Exception as error:
        code = getattr(error, "code", None)
        failure = {"code": str(code or type(error).__name__)[:80], "message": str(error)[:MOST_WORDS]}
        row = {"output": "", "error": failure}
    return {**about, **row, "latencyMs": (time.perf_counter() - begun) * 1_000}


async def _wait_for(given: Any) -> Any:
    return await given


def _write_down(answer: Answer) -> dict:
    message: dict[str, Any] = {"role": "assistant", "content": answer.output}
    if answer.tool_calls is not None:
        message["tool_calls"] = [
            {"type": "function", "function": {"name": call["name"], "arguments": json.dumps(call.get("arguments", {}))}}
            for call in answer.tool_calls
        ]
    if answer.documents is not None:
        message["documents"] = list(answer.documents)
    return {
        "output": answer.output,
        "message": message if len(message) > 2 else None,
        "costUsd": answer.cost_usd,
        "inputTokens": answer.input_tokens,
        "outputTokens": answer.output_tokens,
    }
