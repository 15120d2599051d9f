"""Which rows a run trains on, and which it skips."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import chats, preferences, told, turns, write_rows

from treadle_trainer.training import report_rows

Make = Callable[..., Path]
Train = Callable[[Path], int]
LONG = "a long question about money " * 40


def _marked(rows: list[dict[str, Any]], source: int = 0) -> list[dict[str, Any]]:
    return [{**row, "_row": {"source": source, "item": f"item {place}"}} for place, row in enumerate(rows)]


def _left_out(folder: Path, split: str) -> list[tuple[int, str, str]]:
    events = [event for event in told(folder, "rows") if event["split"] == split]
    return [(row["source"], row["item"], row["reason"]) for event in events for row in event["left_out"]]


def test_rows_that_are_left_out_are_named_with_the_reason(make_job: Make, train: Train, tmp_path: Path) -> None:
    rows = chats()
    rows[2] = {"messages": turns(LONG, "never reached")}
    rows[5] = {"messages": turns("no answer", "")}
    held_out = [{"messages": turns(LONG, "never reached")}, *chats(2)]
    data = {"train": write_rows(tmp_path / "train.jsonl", _marked(rows)), "val": write_rows(tmp_path / "val.jsonl", _marked(held_out, 1)), "format": "chat"}
    path = make_job(data=data, max_steps=1)
    assert train(path) == 0
    assert (0, "item 2", "too_long") in _left_out(path.parent, "train")
    assert _left_out(path.parent, "val") == [(1, "item 0", "too_long")]
    first, second = told(path.parent, "rows")
    assert [first[name] for name in ("split", "rows", "part", "parts")] == ["train", 8, 1, 1]
    assert first["kept"] == 8 - len(first["left_out"])
    assert [second[name] for name in ("split", "rows", "kept")] == ["val", 3, 2]


@pytest.mark.parametrize("method", ["reward", "dpo", "kto"])
def test_what_a_method_filters_by_itself_is_named_too(make_job: Make, train: Train, tmp_path: Path, method: str) -> None:
    rows = preferences()
    rows[1] = {**rows[1], "prompt": turns(LONG, "")[:1]}
    if method == "kto":
        rows = [{"prompt": row["prompt"], "completion": row["chosen"], "label": place % 2 == 0} for place, row in enumerate(rows)]
    data = {"train": write_rows(tmp_path / "rows.jsonl", _marked(rows)), "format": "kto" if method == "kto" else "preference"}
    path = make_job(method=method, data=data, max_steps=1, adapter="lora")
    assert train(path) == 0
    assert _left_out(path.parent, "train") == [(0, "item 1", "too_long")]
    assert told(path.parent, "rows")[0]["kept"] == 7


def test_what_the_library_drops_after_us_counts_as_left_out() -> None:
    from datasets import Dataset

    from treadle_trainer.data.splits import Counts, LeftOut, Split, to_dataset

    split = Split([{"x": 1}, {"x": 2}, {"x": 3}], [1, 1, 1], Counts(rows=4, dropped=1), ["a", "b", "c"], [LeftOut("z", "nothing_to_learn")])
    whole = to_dataset(split)
    assert [row.mark for row in split.left_out_of(whole)] == ["z"]
    assert split.left_out_of(whole.filter(lambda row: row["x"] != 2))[1:] == [LeftOut("b", "too_long")]
    assert [row.mark for row in split.left_out_of(Dataset.from_list([{"x": 1}]))] == ["z"]


def test_many_rows_are_told_in_several_events(make_job: Make, train: Train, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_rows, "MOST_NAMED", 2)
    rows = [*chats(3), *({"messages": turns(LONG, "never reached")} for _ in range(5))]
    path = make_job(rows=_marked(rows), max_steps=1)
    assert train(path) == 0
    events = told(path.parent, "rows")
    assert [(event["part"], event["parts"], event["kept"], len(event["left_out"])) for event in events] == [(1, 3, 3, 2), (2, 3, 3, 2), (3, 3, 3, 1)]


def test_rows_of_a_job_without_names_are_counted_only(make_job: Make, train: Train) -> None:
    path = make_job(rows=[*chats(3), {"messages": turns(LONG, "never reached")}], max_steps=1)
    assert train(path) == 0
    (event,) = told(path.parent, "rows")
    assert (event["kept"], event["left_out"]) == (3, [])
