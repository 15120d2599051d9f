"""An invalid job is rejected before anything is computed. The error says what is wrong, where, and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import write_rows

from treadle_trainer.runtime.problems import Problem, explain
from treadle_trainer.jobs.read_job import read_job
from treadle_trainer.data.rows import read_rows


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"method": "grpo"}, ["`method`", "'grpo'", "sft, dpo"]),
        ({"sequence_len": 4}, ["`sequence_len`", "at least 8"]),
        ({"learning_rate": float("nan")}, ["`learning_rate`", "above 0"]),
        ({"num_epochs": 1}, ["`num_epochs`", "`max_steps`", "null"]),
        ({"lora": {"r": 0}}, ["`lora.r`", "at least 1"]),
        ({"lora": {"target": 3}}, ["`lora.target`", "all-linear"]),
        ({"lora": []}, ["`lora`", "not an object"]),
        ({"method": "dpo"}, ["`data.format`", "chat", "preference"]),
        ({"eval": {"patience": 2}}, ["`eval.patience`", "data.val"]),
        ({"eval": {"samples": ["hello"]}}, ["`eval.samples`", "conversations"]),
        ({"export": {"gguf": "adapter"}}, ["`export.gguf`", "merged"]),
        ({"base": {"path": "relative"}}, ["`base.path`", "starts with /"]),
        ({"base": {"path": "/nowhere"}}, ["`base.path`", "not a folder"]),
        ({"resume_from": "/nowhere"}, ["`resume_from`", "not a folder"]),
        ({"v": 2}, ["`v`", "version"]),
    ],
)
def test_a_wrong_field_is_named_with_what_to_write(make_job: Callable[..., Path], fields: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(Problem) as caught:
        read_job(make_job(**fields))
    message = str(caught.value)
    assert [word for word in words if word not in message] == [], message
    assert caught.value.exit_code == 1


def test_kto_wants_batches_that_can_be_compared(make_job: Callable[..., Path], tmp_path: Path) -> None:
    data = {"train": write_rows(tmp_path / "kto.jsonl", []), "format": "kto"}
    with pytest.raises(Problem, match="micro_batch_size"):
        read_job(make_job(method="kto", data=data, micro_batch_size=1))


def test_a_job_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    path.write_text("{")
    with pytest.raises(Problem, match="not valid JSON"):
        read_job(path)


_TURN = {"role": "user", "content": "a"}


@pytest.mark.parametrize(
    ("kind", "row", "words"),
    [
        ("chat", {"text": "a"}, "`messages` is not a list"),
        ("chat", {"messages": [_TURN]}, "ends with a message of user"),
        ("chat", {"messages": [_TURN, _TURN]}, "user after user, so its roles are out of order"),
        ("chat", {"messages": [{"role": "assistant", "content": "a"}]}, "assistant after nothing"),
        ("chat", {"messages": [_TURN, {"role": "system", "content": "a"}]}, "system after user"),
        ("chat", {"messages": [{"role": "user", "content": 3}]}, "`messages[0].content` is not text"),
        ("chat", {"messages": [{"role": "human", "content": "a"}]}, "has a role that is not one of"),
        ("text", {"text": ""}, "`text` is not text"),
        ("prompt_completion", {"prompt": "a", "completion": []}, "`completion` is not text"),
        ("preference", {"prompt": "a", "chosen": "b", "rejected": "b"}, "are the same"),
        ("kto", {"prompt": "a", "completion": "b", "label": 1}, "neither true nor false"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, kind: str, row: dict[str, Any], words: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n" + json.dumps(row) + "\n[]\n{\n")
    with pytest.raises(Problem) as caught:
        read_rows(path, kind)
    message = caught.value.message
    assert "3 of 3 rows" in message
    assert f"line 2: {words}" in message or words in message
    assert "line 3: it is not a JSON object" in message and "line 4: it is not valid JSON" in message
    assert caught.value.what_to_do.startswith("A row is {")


def test_a_split_without_rows_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="has no rows") as caught:
        read_rows(Path(write_rows(tmp_path / "val.jsonl", [])), "chat")
    assert caught.value.code == "empty_split"


def test_what_a_machine_lacks_is_told_apart_from_a_wrong_job() -> None:
    disk, memory = explain(OSError(28, "No space left on device")), explain(RuntimeError("DefaultCPUAllocator: can't allocate memory"))
    assert (disk.code, disk.exit_code) == ("disk_full", 2)
    assert (memory.code, memory.exit_code) == ("out_of_memory", 2)
    wrapped = RuntimeError("could not save")
    wrapped.__cause__ = OSError(28, "No space left on device")
    assert explain(wrapped).code == "disk_full"
    assert explain(ValueError("odd")).code == "training_failed"


def test_a_package_that_is_missing_or_broken_is_named_with_how_it_is_brought() -> None:
    for cause in (ModuleNotFoundError("No module named 'trl'"), ImportError("libgomp.so.1: cannot open shared object file")):
        error = RuntimeError("Failed to import trl.trainer")
        error.__cause__ = cause
        problem = explain(error)
        assert (problem.code, problem.exit_code) == ("package_missing", 2)
        assert str(cause) in problem.message and "treadle trainer install" in problem.what_to_do
