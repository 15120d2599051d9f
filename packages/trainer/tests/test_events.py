"""Events are numbered without a gap, even after crashes."""

from __future__ import annotations

import json
import signal
import math
from pathlib import Path

import pytest
from conftest import told

from treadle_trainer.runtime.checkpoints import copy_model, drop_unfinished, read_seal, rotate, seal, verify, whole_checkpoints
from treadle_trainer.runtime.control import Control
from treadle_trainer.runtime.events import Emitter, Heartbeat
from treadle_trainer.runtime.problems import Interrupted, Problem


def test_numbers_go_on_after_a_crash_that_tore_a_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    first = Emitter(path, "job")
    first("status", status="running")
    first("metrics", step=1, loss=0.5)
    first.close()
    with open(path, "ab") as file:
        file.write(b'{"v":1,"seq":3,"typ')
    second = Emitter(path, "job")
    second("metrics", step=2, loss=0.4)
    second.close()
    assert [(event["seq"], event["type"]) for event in told(tmp_path)] == [(1, "status"), (2, "metrics"), (3, "metrics")]


def test_a_file_of_nothing_but_a_torn_line_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(b'{"v"')
    emit = Emitter(tmp_path / "events.jsonl", "job")
    emit("status", status="starting")
    emit.close()
    assert len(told(tmp_path)) == 1


def test_numbers_that_json_lacks_are_named(tmp_path: Path) -> None:
    emit = Emitter(tmp_path / "events.jsonl", "job")
    emit("metrics", step=1, loss=math.nan, grad_norm=math.inf, lr=0.1)
    emit.close()
    (event,) = told(tmp_path)
    assert (event["loss"], event["lr"], event["non_finite"]) == (None, 0.1, ["loss", "grad_norm"])


def test_the_heart_beats_beside_other_events(tmp_path: Path) -> None:
    emit = Emitter(tmp_path / "events.jsonl", "job")
    with Heartbeat(emit, seconds=0.001):
        while emit.seq < 50:
            emit("metrics", step=1)
    emit.close()
    beats = told(tmp_path, "heartbeat")
    assert all(beat["rss_mb"] > 0 for beat in beats)


def test_what_is_asked_in_a_file_is_read_once(tmp_path: Path) -> None:
    control, path = Control(tmp_path), tmp_path / "control.json"
    path.write_text('{"cmd": "save"}')
    assert control.poll() and control.reason is None and not path.exists()
    assert not control.poll()
    path.write_text("{")
    assert not control.poll()
    path.write_text('{"cmd": "stop"}')
    with pytest.raises(Interrupted):
        control.check()
    assert control.reason == "user"


def test_a_result_is_written_after_a_stop_and_left_at_a_signal(tmp_path: Path) -> None:
    control = Control(tmp_path)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        control.catch_signals()
        control.stop("user")
        control.check_signal()
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(Interrupted):
            control.check_signal()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert control.reason == "user"


def test_a_spent_budget_ends_a_run(tmp_path: Path) -> None:
    control = Control(tmp_path, max_minutes=1e-9)
    assert control.poll()
    assert control.reason == "budget"


def _checkpoint(folder: Path, step: int) -> Path:
    checkpoint = folder / f"checkpoint-{step}"
    checkpoint.mkdir(parents=True)
    (checkpoint / "adapter_model.safetensors").write_bytes(bytes([step]))
    (checkpoint / "optimizer.pt").write_bytes(b"o")
    (checkpoint / "rng_state.pth").write_bytes(b"r")
    (checkpoint / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": "/home/someone/base"}))
    return checkpoint


def test_a_checkpoint_counts_only_when_it_is_whole_and_unchanged(tmp_path: Path) -> None:
    whole, half = _checkpoint(tmp_path, 1), _checkpoint(tmp_path, 2)
    files = seal(whole, {"step": 1})
    assert sorted(files) == ["adapter_config.json", "adapter_model.safetensors", "optimizer.pt", "rng_state.pth"]
    assert whole_checkpoints(tmp_path) == [whole]
    assert verify(whole)["step"] == 1
    with pytest.raises(Problem, match="not a complete checkpoint"):
        verify(half)
    (whole / "optimizer.pt").write_bytes(b"x")
    with pytest.raises(Problem, match="changed since it was saved"):
        verify(whole)
    drop_unfinished(tmp_path)
    assert whole.exists() and not half.exists()


def test_the_last_checkpoints_and_the_best_stay(tmp_path: Path) -> None:
    for step in (1, 2, 3, 4, 5):
        seal(_checkpoint(tmp_path, step), {})
        rotate(tmp_path, 2, 2 if step >= 2 else None)
    assert [path.name for path in whole_checkpoints(tmp_path)] == ["checkpoint-2", "checkpoint-4", "checkpoint-5"]


def test_a_result_names_no_path_of_this_machine(tmp_path: Path) -> None:
    checkpoint = _checkpoint(tmp_path, 1)
    seal(checkpoint, {})
    copy_model(checkpoint, tmp_path / "final", "base")
    assert sorted(path.name for path in (tmp_path / "final").iterdir()) == ["adapter_config.json", "adapter_model.safetensors"]
    assert "someone" not in (tmp_path / "final/adapter_config.json").read_text()
    assert read_seal(tmp_path / "final") is None
