"""Has a program answer items, and writes down what came of it."""

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
    """What a program answered, where a text alone says too little. `documents`: what was retrieved for it, the best first."""

    output: str
    documents: Optional[Sequence[str]] = None
    tool_calls: Optional[Sequence[Mapping[str, Any]]] = None
    cost_usd: Optional[float] = None
    input_tokens: Optional[int] = None
    output_tokens: Optional[int] = None


def to_answer(given: Any) -> Answer:
    """A text as it is, anything else but an `Answer` as JSON."""
    if isinstance(given, Answer):
        return given
    return Answer(given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str))


def name_items(items: Iterable[Mapping[str, Any]]) -> list[dict]:
    """Items with an id each: of their inputs where they bring none, so that it stays the same from run to run."""
    named: list[dict] = []
    taken: set[str] = set()
    for item in items:
        if not isinstance(item.get("inputs"), Mapping):
            raise ValueError(f"Item {len(named)} has no `inputs`, which is a dictionary.")
        item_id = item.get("item_id") or _free_id(item["inputs"], taken)
        if item_id in taken:
            raise ValueError(f'Two items have the id "{item_id}". Give each one of its own, or none.')
        taken.add(item_id)
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
    """The items of a dataset of the server, `name` or `name@version`, and where they come from."""
    name, _, version = wanted.partition("@")
    found = client.call("GET", "/api/v1/datasets", query={"name": name})["items"]
    if not found:
        raise ValueError(f'The server has no dataset "{name}".')
    dataset = {"datasetId": found[0]["datasetId"], "version": version or "main"}
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
    """Every item answered so many times, a few at once; what the task raises is kept as an error of that answer."""
    orders = [(item, repeat) for item in items for repeat in range(repeats)]
    with ThreadPoolExecutor(max_workers=max(1, concurrency)) as pool:
        return list(pool.map(lambda order: _answer(task, *order, is_stored=is_stored), orders))


def _answer(task: Callable[[dict], Any], item: Mapping[str, Any], repeat: int, *, is_stored: bool) -> dict:
    about = {"itemId": item["item_id"], "repeat": repeat}
    if not is_stored:
        known = {name: item.get(name) for name in ("inputs", "expected", "metadata", "split")}
        about.update({name: value for name, value in known.items() if value is not None})
    begun = time.perf_counter()
    try:
        given = task(dict(item))
        if inspect.isawaitable(given):
            given = asyncio.run(_wait_for(given))
        answered = _write_down(to_answer(given))
    except AssertionError:
        # What a test asserts about an answer is no fault of a provider.
        raise
    except Exception as error:
        code = getattr(error, "code", None)
        told = {"code": str(code or type(error).__name__)[:80], "message": str(error)[:MOST_WORDS]}
        answered = {"output": "", "error": told}
    return {**about, **answered, "latencyMs": (time.perf_counter() - begun) * 1_000}


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
