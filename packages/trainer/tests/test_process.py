"""The program as a server runs it: signals, crashes, exit codes, output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import SOURCES, start, told

Make = Callable[..., Path]
PATIENCE = 240


def _wait_for_step(folder: Path, step: int, process: Any) -> None:
    """Waits until a run has reported a step."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        events = folder / "events.jsonl"
        if events.exists() and f'"step": {step},' in events.read_text(encoding="utf-8"):
            return
        time.sleep(0.05)
    raise AssertionError(f"step {step} never came")


def test_a_run_that_is_told_to_end_saves_first_and_one_that_is_killed_goes_on_from_there(make_job: Make) -> None:
    path = make_job(max_steps=100_000, save={"every": 5, "keep": 2})
    folder = path.parent
    process = start("run", str(path))
    _wait_for_step(folder, 12, process)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    told(folder)

    last = told(folder, "checkpoint")[-1]
    job = json.loads(path.read_text())
    path.write_text(json.dumps({**job, "resume_from": last["path"]}))
    process = start("run", str(path))
    _wait_for_step(folder, last["step"] + 20, process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 3
    events = told(folder)
    assert (events[-1]["type"], events[-1]["reason"]) == ("done", "signal")
    saved = [event for event in events if event["type"] == "checkpoint"][-1]
    assert saved["step"] == events[-1]["step"] and (Path(saved["path"]) / "optimizer.pt").is_file()
    steps = [event["step"] for event in events if event["type"] == "metrics"]
    assert last["step"] + 1 in steps[steps.index(last["step"]) + 1 :]


def test_a_wrong_job_ends_with_one_and_says_why_in_its_events(make_job: Make) -> None:
    path = make_job(rows=[{"text": "a"}])
    process = start("run", str(path))
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    error = told(path.parent)[-1]
    assert (error["type"], error["code"]) == ("error", "bad_rows") and "`messages` is not a list" in error["message"]

    path.write_text("{}")
    process = start("run", str(path))
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1 and "`v`" in errors
    assert told(path.parent)[-1]["code"] == "bad_job"


def test_answers_are_json_on_standard_output(make_job: Make) -> None:
    for command in (["preview", str(make_job()), "--limit", "1"], ["doctor"]):
        process = start(*command)
        output, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors
        result = json.loads(output)
        assert len(result.get("samples", [0])) == 1
        assert result.get("offline", True) is True


def test_an_estimate_says_how_far_it_is(make_job: Make) -> None:
    process = start("estimate", str(make_job()))
    output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    lines = [json.loads(line) for line in output.splitlines()]
    told_first, answer = [line["progress"] for line in lines[:-1]], lines[-1]
    assert answer["steps"] == 4
    assert [one["message"] for one in told_first][:2] == ["Reading the tokenizer", "Counting the tokens of the rows"]
    assert [(one["done"], one["total"]) for one in told_first if one["message"].startswith("Timing")] == [(done, 8) for done in range(8)]


@pytest.mark.parametrize(("setting", "nice"), [({}, 10), ({"TREADLE_TRAINING_NICE": "3"}, 3), ({"TREADLE_TRAINING_NICE": "99"}, 19)])
def test_the_priority_is_what_the_setting_says(tmp_path: Path, setting: dict[str, str], nice: int) -> None:
    priority = max(nice, os.getpriority(os.PRIO_PROCESS, 0))
    script = f"import os; from treadle_trainer.__main__ import main; main(['make-tiny', '--out', {str(tmp_path / 'tiny')!r}]); print(os.nice(0))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), **setting}
    process = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert process.stdout.split()[-1:] == [str(priority)], process.stderr


def test_a_run_gives_way_as_it_is_told_and_takes_all_threads_again(make_job: Make) -> None:
    path = make_job(max_steps=100_000, threads=2, save={"every": 100_000, "keep": 1})
    folder = path.parent

    def tell(content: str) -> None:
        part = folder / "threads.part"
        part.write_text(content)
        part.replace(folder / "threads.json")

    def wait_for(is_so: Callable[[dict[str, Any]], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if (folder / "events.jsonl").exists():
                steps = told(folder, "metrics")
                if steps and is_so(steps[-1]):
                    return
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        raise AssertionError("it never was so")

    process = start("run", str(path))
    wait_for(lambda step: "threads" not in step)
    tell('{"threads": 1}')
    wait_for(lambda step: step.get("threads") == 1)
    # An unreadable file changes nothing, and no run gets more threads than its setting.
    for broken in ('{"threads": ', '{"threads": "2"}', "[]"):
        tell(broken)
        before = told(folder, "metrics")[-1]["step"]
        wait_for(lambda step: step["step"] > before + 2)
        assert told(folder, "metrics")[-1].get("threads") == 1
    tell('{"threads": 64}')
    wait_for(lambda step: "threads" not in step)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 3
