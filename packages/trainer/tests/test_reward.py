"""Reward models score answers: full models, adapters, and invalid ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import preferences, start, write_rows

from treadle_trainer.runtime.problems import Problem
from treadle_trainer.models.reward import RewardModel, open_reward_model

Make, Train = Callable[..., Path], Callable[[Path], int]
PATIENCE = 240


@pytest.fixture
def trained(make_job: Make, train: Train, tmp_path: Path) -> Callable[..., Path]:
    """Trains a reward model that prefers short answers. Returns its folder."""

    def run(**fields: Any) -> Path:
        data = {"train": write_rows(tmp_path / "rows.jsonl", preferences()), "format": "preference"}
        path = make_job(method="reward", data=data, max_steps=30, micro_batch_size=4, learning_rate=3e-3, **fields)
        assert train(path) == 0
        return path.parent / "final"

    return run


def _pairs() -> list[dict[str, Any]]:
    """The chosen answers of the rows, then the rejected ones."""
    return [{"messages": row["prompt"], "answer": row[name][0]["content"]} for name in ("chosen", "rejected") for row in preferences()]


def _prefers_chosen(model: RewardModel) -> None:
    scores = [answer["reward"] for answer in model.score(_pairs())]
    half = len(scores) // 2
    assert all(chosen > rejected for chosen, rejected in zip(scores[:half], scores[half:]))


def test_a_reward_model_scores_chosen_answers_above_rejected_ones_and_the_same_in_any_batch(trained: Callable[..., Path]) -> None:
    model = open_reward_model(trained(), None)
    _prefers_chosen(model)
    together = [answer["reward"] for answer in model.score(_pairs())]
    alone = [model.score([item])[0]["reward"] for item in _pairs()]
    assert together == pytest.approx(alone, abs=1e-5)


def test_an_adapter_scores_over_its_base_and_needs_it(trained: Callable[..., Path], tiny: Path) -> None:
    folder = trained(adapter="lora")
    _prefers_chosen(open_reward_model(folder, tiny))
    with pytest.raises(Problem, match="--base"):
        open_reward_model(folder, None)


def test_a_model_without_a_head_of_one_score_is_refused(tiny: Path, make_job: Make, train: Train) -> None:
    with pytest.raises(Problem, match="not a reward model"):
        open_reward_model(tiny, None)
    path = make_job(adapter="lora")
    assert train(path) == 0
    with pytest.raises(Problem, match="not a reward model"):
        open_reward_model(path.parent / "final", tiny)


def test_the_process_answers_line_by_line_and_a_bad_item_leaves_the_others_alone(trained: Callable[..., Path]) -> None:
    process = start("reward", "--model", str(trained()))
    good = _pairs()[0]
    long = {**good, "answer": "0 " * 600}
    batches = [[good, long, {**good, "messages": [{"content": "no role"}]}, {**good, "answer": "\ud800"}], [good]]
    output, errors = process.communicate("".join(json.dumps({"items": items}) + "\n" for items in batches), timeout=PATIENCE)
    assert process.returncode == 0, errors
    first, second = [json.loads(line)["items"] for line in output.splitlines()]
    assert first[0] == second[0] and first[0]["tokens"] > 0
    assert "reads at most 512" in first[1]["error"] and "cannot render" in first[2]["error"]
    assert first[3].keys() in ({"error"}, {"reward", "tokens"})
