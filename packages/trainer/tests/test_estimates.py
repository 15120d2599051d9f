"""Estimates of runs: rejected before they start if there is no room, and more accurate after each run."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import told

from treadle_trainer.estimates import calibrate, forecast, memory
from treadle_trainer.estimates.calibrate import estimate
from treadle_trainer.estimates.memory import require_memory
from treadle_trainer.estimates.pace import Line, Pace, Work, keep_pace, read_pace
from treadle_trainer.runtime.problems import Problem
from treadle_trainer.runtime.progress import Progress
from treadle_trainer.jobs.read_job import read_job

Make = Callable[..., Path]
Train = Callable[[Path], int]


def test_a_machine_is_measured_once_for_a_kind_of_run(make_job: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calibrations = str(tmp_path / "calibrations")
    first = estimate(read_job(make_job(calibrations=calibrations)))
    monkeypatch.setattr(calibrate, "measure", _no_measuring)
    again = estimate(read_job(make_job("again", calibrations=calibrations, max_steps=8)))
    assert again["steps"] == 8 and again["parameters"] == first["parameters"] and again["trainable"] == first["trainable"]
    assert again["seconds"]["expected"] == pytest.approx(2 * first["seconds"]["expected"], abs=0.003)
    with pytest.raises(RuntimeError, match="measured again"):
        estimate(read_job(make_job("other", calibrations=calibrations, micro_batch_size=4)))


def _no_measuring(*_: Any) -> Line:
    raise RuntimeError("measured again")


def test_a_real_run_corrects_the_next_estimate_and_tells_its_time_beforehand(make_job: Make, train: Train, tmp_path: Path) -> None:
    fields: dict[str, Any] = {"calibrations": str(tmp_path / "calibrations"), "max_steps": 12}
    job = read_job(make_job("wrong", **fields))
    keep_pace(job, "fp32", Pace(Line(fixed=100.0, each=1.0, error=0.2), time.time(), {"parameters": 1}))
    assert estimate(job)["seconds"]["expected"] > 2_400
    for name in ("one", "two"):
        assert train(make_job(name, **fields)) == 0
    before = [event["seconds"] for event in told(tmp_path / "one", "estimate")][0]
    after = [event["seconds"] for event in told(tmp_path / "two", "estimate")][0]
    took = told(tmp_path / "two", "metrics")[-1]["elapsed_s"]
    assert before > 2_400 and after < before / 20
    seconds = estimate(job)["seconds"]
    assert seconds["runs"] == 2 and seconds["correction"] < 0.05 and "corrected by 2 runs" in seconds["basis"]
    assert seconds["expected"] == pytest.approx(took, rel=3, abs=2)
    eta = [event["eta_s"] for event in told(tmp_path / "one", "metrics")]
    assert eta[0] > eta[5] > eta[-1] == 0


def test_a_run_without_a_measurement_before_it_leaves_one(make_job: Make, train: Train, tmp_path: Path) -> None:
    fields: dict[str, Any] = {"calibrations": str(tmp_path / "calibrations"), "max_steps": 6}
    first, second = make_job("first", **fields), make_job("second", **fields)
    assert train(first) == 0 and train(second) == 0
    assert [event["seconds"] for event in told(first.parent, "estimate")][0] is None
    assert [event["seconds"] for event in told(second.parent, "estimate")][0] > 0
    result = estimate(read_job(make_job("asked", **fields)))
    assert result["parameters"] > 0 and result["seconds"]["runs"] == 2


def test_a_calibration_that_is_half_written_or_old_is_made_anew(make_job: Make, tmp_path: Path) -> None:
    job = read_job(make_job(calibrations=str(tmp_path / "calibrations")))
    keep_pace(job, "fp32", Pace(Line(1.0, 1.0, 0.2), time.time()))
    (kept,) = (tmp_path / "calibrations").iterdir()
    assert read_pace(job, "fp32").is_fresh
    for wrong in ('{"line": {"fix', '{"line": {"fixed": null}}', "[]", '{"runs": [{"rows": 1}]}'):
        kept.write_text(wrong)
        assert not read_pace(job, "fp32").is_fresh
    for moment in (time.time() - 8 * 86_400, time.time() + 3_600):
        keep_pace(job, "fp32", Pace(Line(1.0, 1.0, 0.2), moment))
        assert not read_pace(job, "fp32").is_fresh
    keep_pace(job, "fp32", Pace(Line(1.0, 1.0, 0.2), time.time() + 3_600, runs=[{"rows": 1, "tokens": 1, "seconds": 2}]))
    assert read_pace(job, "fp32").is_fresh


def test_a_folder_that_cannot_be_written_stops_nothing(make_job: Make, train: Train, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert train(make_job(calibrations=str(tmp_path / "file"), max_steps=6)) == 0


def test_an_error_is_what_real_runs_differed_by() -> None:
    pace = Pace(Line(fixed=0.0, each=1.0, error=0.4))
    assert pace.guess(Work(1, 10)) is not None and pace.guess(Work(1, 10)).error == 0.4
    for seconds in (150.0, 200.0, 260.0):
        pace.add(Work(1, 100), seconds)
    guess = pace.guess(Work(1, 10))
    assert guess is not None and (guess.seconds, guess.runs, guess.correction) == (20.0, 3, 2.0)
    assert guess.error == pytest.approx(0.3)
    for _ in range(5):
        pace.add(Work(1, 100), 300.0)
    assert pace.guess(Work(1, 10)) is not None and pace.guess(Work(1, 10)).correction == 3.0


def test_the_time_that_is_left_follows_the_pace_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    progress = Progress.after({"step_s": 4.0})
    progress.begin(0)

    def step(number: int, seconds: float) -> float:
        progress.step_begins()
        now[0] += seconds
        progress.step_ends()
        return float(progress.update(number, 100, None)["eta_s"])

    assert step(1, 2.0) == pytest.approx(99 * 3.0)
    for number in range(2, 31):
        left = step(number, 2.0)
    assert left == pytest.approx(70 * 2.0, rel=0.1)
    for number in range(31, 61):
        left = step(number, 6.0)
    assert left == pytest.approx(40 * 6.0, rel=0.1)


def test_a_run_that_has_no_room_in_memory_is_refused_before_its_model_is_read(make_job: Make, train: Train, monkeypatch: pytest.MonkeyPatch) -> None:
    from treadle_trainer.training import run

    path = make_job()
    monkeypatch.setattr(forecast, "memory_mb", lambda *_: {"total": 10_000_000.0})
    monkeypatch.setattr(run, "load_model", _no_measuring)
    assert train(path) == 2
    error = told(path.parent)[-1]
    assert (error["type"], error["code"]) == ("error", "not_enough_memory")
    assert "needs about 10000000 MB" in error["message"] and "micro_batch_size" in error["what_to_do"]


def test_a_limit_of_a_container_counts_as_the_machine_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = tmp_path / "groups/pod/box"
    group.mkdir(parents=True)
    for folder, limit in ((group, "max"), (group.parent, str(600 * 2**20))):
        (folder / "memory.max").write_text(limit)
        (folder / "memory.current").write_text(str(500 * 2**20))
        (folder / "memory.stat").write_text(f"anon 1\ninactive_file {100 * 2**20}\n")
    own = tmp_path / "cgroup"
    own.write_text("0::/pod/box\n")
    rooms = memory._rooms_of_groups(tmp_path / "groups", own)
    assert rooms == [200 * 2**20]
    own.write_text("12:memory:/old\n")
    assert memory._rooms_of_groups(tmp_path / "groups", own) == []
    monkeypatch.setattr(memory, "_rooms_of_groups", lambda: rooms)
    require_memory(memory.rss_mb() + 150)
    with pytest.raises(Problem, match="are available") as caught:
        require_memory(memory.rss_mb() + 250)
    assert caught.value.exit_code == 2
