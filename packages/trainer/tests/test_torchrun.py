"""Two processes: the same numbers as one process, a single writer of events, and no orphans."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any, Callable

import psutil
import pytest

from conftest import chats, start, told, write_rows
from test_process import PATIENCE, _wait_for_step

Make = Callable[..., Path]


def _run_two(path: Path) -> int:
    process = start("torchrun", str(path), "--processes", "2")
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode in (0, 3), errors
    return process.returncode


@pytest.mark.parametrize("adapter", ["none", "lora"])
def test_two_processes_that_share_a_step_train_as_one_does(
    make_job: Make, train: Callable[[Path], int], tmp_path: Path, adapter: str
) -> None:
    losses: dict[int, list[float]] = {}
    evaluated: dict[int, list[float]] = {}
    for processes in (1, 2):
        val = write_rows(tmp_path / "val.jsonl", chats(4))
        path = make_job(f"by-{processes}", chats(24), micro_batch_size=1, gradient_accumulation_steps=8, adapter=adapter)
        job = json.loads(path.read_text())
        changes = {"data": {**job["data"], "val": val}, "max_steps": 6, "eval": {"every": 3}, "save": {"every": 3}}
        path.write_text(json.dumps({**job, **changes}))
        assert (train(path) if processes == 1 else _run_two(path)) == 0
        losses[processes] = [event["loss"] for event in told(path.parent, "metrics")]
        evaluated[processes] = [event["eval_loss"] for event in told(path.parent, "eval")]
        assert [event["step"] for event in told(path.parent, "checkpoint")] == [3, 6]
        assert told(path.parent)[-1]["type"] == "done"
    assert len(losses[1]) == 6 and len(evaluated[1]) == 3
    assert losses[2] == pytest.approx(losses[1], abs=1e-5)
    assert evaluated[2] == pytest.approx(evaluated[1], abs=1e-5)


def _workers(process: Any) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def _until_gone(workers: list[psutil.Process]) -> None:
    deadline = time.monotonic() + 30
    while any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers):
        assert time.monotonic() < deadline, workers
        time.sleep(0.1)


def test_told_to_end_all_save_and_stop_and_go_on_later(make_job: Make) -> None:
    path = make_job(rows=chats(24), gradient_accumulation_steps=2, max_steps=100_000)
    process = start("torchrun", str(path), "--processes", "2")
    _wait_for_step(path.parent, 3, process)
    workers = _workers(process)
    assert len(workers) >= 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 3
    _until_gone(workers)
    done = told(path.parent)[-1]
    assert (done["type"], done["reason"]) == ("done", "signal")

    last = told(path.parent, "checkpoint")[-1]
    assert sorted(name for name in last["files"] if name.startswith("rng_state")) == ["rng_state_0.pth", "rng_state_1.pth"]
    job = json.loads(path.read_text())
    path.write_text(json.dumps({**job, "resume_from": last["path"], "max_steps": last["step"] + 3}))
    assert _run_two(path) == 0
    steps = [event["step"] for event in told(path.parent, "metrics")]
    assert steps[-3:] == [last["step"] + 1, last["step"] + 2, last["step"] + 3]


def test_asked_by_a_file_all_stop_and_the_result_is_there(make_job: Make) -> None:
    path = make_job(rows=chats(24), gradient_accumulation_steps=2, max_steps=100_000)
    process = start("torchrun", str(path), "--processes", "2")
    _wait_for_step(path.parent, 3, process)
    (path.parent / "control.json").write_text('{"cmd": "stop"}')
    assert process.wait(PATIENCE) == 0
    assert told(path.parent)[-1]["reason"] == "user" and (path.parent / "final").is_dir()


def test_killed_it_leaves_no_process_behind(make_job: Make) -> None:
    path = make_job(rows=chats(24), gradient_accumulation_steps=2, max_steps=100_000)
    process = start("torchrun", str(path), "--processes", "2")
    _wait_for_step(path.parent, 2, process)
    workers = _workers(process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    _until_gone(workers)


def test_what_is_wrong_is_told_once_and_its_code_is_kept(make_job: Make) -> None:
    path = make_job(rows=[{"text": "a"}], gradient_accumulation_steps=2)
    process = start("torchrun", str(path), "--processes", "2")
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, errors
    assert [event["code"] for event in told(path.parent, "error")] == ["bad_rows"]

    path = make_job("odd", rows=chats(8), gradient_accumulation_steps=3)
    process = start("torchrun", str(path), "--processes", "2")
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "multiple of 2" in told(path.parent, "error")[0]["what_to_do"]
