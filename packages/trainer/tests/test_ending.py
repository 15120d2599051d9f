"""Which checkpoint becomes the model when a run is stopped early or its budget is spent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import chats, told, turns, write_rows

Make = Callable[..., Path]
Train = Callable[[Path], int]


@pytest.fixture
def stop_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, int, str], None]:
    """Writes a command after the first step of a run, as the server does."""
    from treadle_trainer.training.watch import Watch

    def prepare(path: Path, step: int, command: str) -> None:
        ends = Watch.on_step_end

        def on_step_end(self: Any, args: Any, state: Any, control: Any, **more: Any) -> None:
            if state.global_step == step:
                path.with_name("control.json").write_text(command)
            ends(self, args, state, control, **more)

        monkeypatch.setattr(Watch, "on_step_end", on_step_end)

    return prepare


def _data(folder: Path, held_out: list[dict[str, Any]]) -> dict[str, Any]:
    return {"train": write_rows(folder / "train.jsonl", chats()), "val": write_rows(folder / "val.jsonl", held_out), "format": "chat"}


def test_a_stopped_run_is_evaluated_and_saved_at_the_step_it_stops_at(
    make_job: Make, train: Train, stop_at: Callable[[Path, int, str], None], tmp_path: Path
) -> None:
    path = make_job(data=_data(tmp_path, chats()), max_steps=1_000, learning_rate=2e-3, eval={"every": 8}, save={"every": 8})
    stop_at(path, 15, '{"cmd": "stop"}')
    assert train(path) == 0
    assert [event["step"] for event in told(path.parent, "eval")] == [0, 8, 15]
    done = told(path.parent)[-1]
    assert (done["reason"], done["step"], done["best_step"]) == ("user", 15, 15)
    assert (done["model_step"], done["model_from"]) == (15, "best")
    assert done["model_eval_loss"] == told(path.parent, "eval")[-1]["eval_loss"]
    assert json.loads((path.parent / "final/training.json").read_text())["step"] == 15


@pytest.mark.parametrize(("command", "saving", "wanted"), [
    ('{"cmd": "stop"}', {}, "best"),
    ('{"cmd": "stop", "result": "last"}', {}, "last"),
    ('{"cmd": "stop", "result": "best"}', {"result": "last"}, "best"),
    ('{"cmd": "stop"}', {"result": "last"}, "last"),
    ('{"cmd": "stop", "result": "/etc"}', {"keep_best": False}, "last"),
])
def test_a_person_who_stops_a_run_chooses_between_its_best_and_its_last_step(
    make_job: Make, train: Train, stop_at: Callable[[Path, int, str], None], tmp_path: Path, command: str, saving: dict[str, Any], wanted: str
) -> None:
    # While the model memorises its rows, its answers to other questions get worse, so the best step is before the last one.
    data = _data(tmp_path, [{"messages": turns("never seen", "something else, money 7")}])
    path = make_job(data=data, max_steps=1_000, micro_batch_size=8, learning_rate=2e-2, eval={"every": 2}, save={"every": 50, **saving})
    stop_at(path, 41, command)
    assert train(path) == 0
    done = told(path.parent)[-1]
    assert done["best_step"] < 41
    assert (done["model_from"], done["model_step"]) == (wanted, done["best_step"] if wanted == "best" else 41)
    assert json.loads((path.parent / "final/training.json").read_text())["step"] == done["model_step"]


def test_a_spent_budget_keeps_what_was_learnt_since_the_last_evaluation(make_job: Make, train: Train, tmp_path: Path) -> None:
    path = make_job(data=_data(tmp_path, chats()), max_steps=100_000, eval={"every": 90_000}, save={"every": 90_000}, budget={"max_minutes": 0.05})
    assert train(path) == 0
    done = told(path.parent)[-1]
    assert done["reason"] == "budget" and done["step"] > 0
    assert [event["step"] for event in told(path.parent, "eval")] == [0, done["step"]]
    assert done["model_step"] == done["step"]


def test_how_far_the_evaluation_of_the_base_is_is_told_before_the_first_step(make_job: Make, train: Train, tmp_path: Path) -> None:
    path = make_job(data=_data(tmp_path, chats(6)), max_steps=2)
    assert train(path) == 0
    events = told(path.parent)
    first = next(place for place, event in enumerate(events) if event["type"] == "metrics")
    before = [event for event in events[:first] if event.get("status") == "evaluating"]
    assert before[0].get("done") is None
    assert [before[-1][name] for name in ("step", "done", "total")] == [0, 3, 3]
