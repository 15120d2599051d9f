"""Training learns, resumes as if it had never stopped, and returns its best checkpoint."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import chats, preferences, told, turns, write_rows
from safetensors.numpy import load_file

from treadle_trainer.runtime.checkpoints import hash_files, whole_checkpoints

Make = Callable[..., Path]
Train = Callable[[Path], int]


def _losses(folder: Path) -> list[float]:
    return [event["loss"] for event in told(folder, "metrics")]


def test_eight_examples_are_learnt_by_heart(make_job: Make, train: Train) -> None:
    sample = [turns("lost card 0", "")[:1]]
    evaluation = {"every": 120, "samples": sample, "sample_tokens": 8}
    pace = {"max_steps": 120, "micro_batch_size": 8, "learning_rate": 1e-2, "lr_scheduler": "constant"}
    path = make_job(**pace, eval=evaluation, save={"every": 120})
    assert train(path) == 0
    losses = _losses(path.parent)
    assert len(losses) == 120 and losses[0] > 5 and losses[-1] < 0.1
    (answer,) = told(path.parent, "sample")
    assert answer["output"] == "answer 0"
    last = told(path.parent)[-1]
    assert (last["type"], last["reason"], last["step"]) == ("done", "completed", 120)
    assert last["trained_tokens"] == told(path.parent, "metrics")[-1]["num_tokens"] > 0


@pytest.mark.parametrize("adapter", ["none", "lora"])
def test_ten_steps_are_five_and_five_more(make_job: Make, train: Train, adapter: str) -> None:
    fields: dict[str, Any] = {"max_steps": 10, "adapter": adapter, "save": {"every": 5}, "warmup": 0.2}
    if adapter == "lora":
        fields["lora"] = {"r": 4, "alpha": 8, "dropout": 0.1}
    whole = make_job("whole", **fields)
    assert train(whole) == 0
    half = make_job("half", **fields)
    half.with_name("control.json").write_text('{"cmd": "save"}')
    assert train(half) == 0
    resumed = make_job("resumed", **fields, resume_from=str(half.parent / "checkpoints/checkpoint-5"))
    assert train(resumed) == 0
    assert told(half.parent, "checkpoint")[0]["step"] == 1
    assert not told(resumed.parent, "warning")
    assert _losses(resumed.parent) == pytest.approx(_losses(whole.parent)[5:], abs=1e-6)
    name = "adapter_model.safetensors" if adapter == "lora" else "model.safetensors"
    one, other = (load_file(path.parent / "final" / name) for path in (whole, resumed))
    assert one.keys() == other.keys()
    assert max(float(abs(one[key] - other[key]).max()) for key in one) <= 1e-6
    assert told(resumed.parent)[-1]["trained_tokens"] == told(whole.parent)[-1]["trained_tokens"]


def test_a_resume_with_other_data_is_told(make_job: Make, train: Train) -> None:
    first = make_job("first", max_steps=2, save={"every": 1})
    assert train(first) == 0
    other = make_job("other", rows=chats(6), max_steps=3, resume_from=str(first.parent / "checkpoints/checkpoint-2"))
    assert train(other) == 0
    assert [event["code"] for event in told(other.parent, "warning")] == ["resumed_with_changes"]


def test_the_best_checkpoint_stays_and_is_the_result(make_job: Make, train: Train, tmp_path: Path) -> None:
    val = write_rows(tmp_path / "val.jsonl", [{"messages": turns("never seen", "something else, money 7")}])
    data = {"train": write_rows(tmp_path / "train.jsonl", chats()), "val": val, "format": "chat"}
    path = make_job(data=data, max_steps=60, micro_batch_size=8, learning_rate=2e-2, eval={"every": 2, "patience": 4}, save={"every": 50, "keep": 1})
    assert train(path) == 0
    last = told(path.parent)[-1]
    evaluations = told(path.parent, "eval")
    assert evaluations[0]["step"] == 0
    best = min(evaluations[1:], key=lambda event: event["eval_loss"])
    assert (last["reason"], last["best_step"], last["best_eval_loss"]) == ("early_stopping", best["step"], best["eval_loss"])
    assert last["step"] == best["step"] + 8 < 60
    names = [path.name for path in whole_checkpoints(path.parent / "checkpoints")]
    assert names == [f"checkpoint-{best['step']}", f"checkpoint-{last['step']}"]
    assert [event["step"] for event in told(path.parent, "checkpoint") if event["is_best"]][-1] == best["step"]
    final, checkpoint = path.parent / "final", path.parent / "checkpoints" / names[0]
    assert hash_files(final)["model.safetensors"] == hash_files(checkpoint)["model.safetensors"]
    manifest = json.loads((final / "training.json").read_text())
    assert manifest["step"] == best["step"] and manifest["base_hash"] == "abc"


def test_a_model_that_starts_at_its_reference_has_a_dpo_loss_of_ln_2(make_job: Make, train: Train, tmp_path: Path) -> None:
    margins = []
    for swap in (False, True):
        rows = [{**row, "chosen": row["rejected"], "rejected": row["chosen"]} if swap else row for row in preferences()]
        data = {"train": write_rows(tmp_path / f"{swap}.jsonl", rows), "format": "preference"}
        path = make_job(f"dpo{swap}", method="dpo", data=data, adapter="lora", max_steps=20, micro_batch_size=4, learning_rate=5e-3)
        assert train(path) == 0
        metrics = told(path.parent, "metrics")
        assert metrics[0]["loss"] == pytest.approx(math.log(2), abs=1e-4)
        assert metrics[0]["rewards_accuracies"] == 0 and metrics[0]["rewards_margins"] == pytest.approx(0, abs=1e-4)
        assert metrics[-1]["rewards_margins"] > 0.1 and metrics[-1]["loss"] < math.log(2)
        margins.append(_margin(path.parent / "final", preferences()))
    assert margins[0] > 0 > margins[1]


def _margin(adapter: Path, rows: list[dict[str, Any]]) -> float:
    """How much more likely an adapter makes the good answers than the bad ones, compared with its base."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from treadle_trainer.data.encode import Encoder
    from treadle_trainer.data.templates import find_template

    base = Path(json.loads((adapter.parent / "job.json").read_text())["base"]["path"])
    tokenizer = AutoTokenizer.from_pretrained(base)
    encoder = Encoder(tokenizer, find_template("model", tokenizer), "assistant")
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), adapter).eval()

    def likelihood(text: Any) -> float:
        ids = torch.tensor([text.ids])
        log_probs = torch.log_softmax(model(input_ids=ids).logits[0, :-1], -1).gather(1, ids[0, 1:, None])[:, 0]
        return float(log_probs[torch.tensor(text.counted[1:])].sum())

    total = 0.0
    with torch.no_grad():
        for row in rows:
            good, bad = encoder.encode(row, "preference")
            learnt = likelihood(good) - likelihood(bad)
            with model.disable_adapter():
                total += learnt - (likelihood(good) - likelihood(bad))
    return total


def test_a_reward_model_scores_a_text_the_same_beside_longer_ones(make_job: Make, train: Train, tmp_path: Path) -> None:
    data = {"train": write_rows(tmp_path / "rows.jsonl", preferences()), "format": "preference"}
    path = make_job(method="reward", data=data, max_steps=30, micro_batch_size=4, learning_rate=3e-3)
    assert train(path) == 0
    metrics = told(path.parent, "metrics")
    assert metrics[0]["loss"] > metrics[-1]["loss"] and metrics[-1]["accuracy"] == 1 and metrics[-1]["margin"] > 0
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    final = path.parent / "final"
    model = AutoModelForSequenceClassification.from_pretrained(final, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(final)
    texts = ["a short one<|im_end|>", "one that is a good deal longer than the other, with 2024 words<|im_end|>"]
    with torch.no_grad():
        together = model(**tokenizer(texts, return_tensors="pt", padding=True)).logits[:, 0]
        alone = torch.stack([model(**tokenizer(text, return_tensors="pt")).logits[0, 0] for text in texts])
    assert together.tolist() == pytest.approx(alone.tolist(), abs=1e-5)


def test_kto_raises_what_is_liked_above_what_is_not(make_job: Make, train: Train, tmp_path: Path) -> None:
    rows = [{"prompt": row["prompt"], "completion": row[name], "label": name == "chosen"} for row in preferences() for name in ("chosen", "rejected")]
    data = {"train": write_rows(tmp_path / "rows.jsonl", rows), "format": "kto"}
    path = make_job(method="kto", data=data, adapter="lora", max_steps=20, micro_batch_size=4, learning_rate=5e-3)
    assert train(path) == 0
    last = told(path.parent, "metrics")[-1]
    assert last["rewards_chosen"] > last["rewards_rejected"]


def test_a_loss_that_is_no_number_stops_the_run_and_saves_nothing_of_it(make_job: Make, train: Train) -> None:
    path = make_job(max_steps=50, save={"every": 1})
    _poison(path)
    assert train(path) == 2
    events = told(path.parent)
    assert events[-1]["reason"] == "non_finite_loss" and [event["code"] for event in events if event["type"] == "error"] == ["non_finite_loss"]
    bad = [event["step"] for event in events if event["type"] == "metrics" and event.get("non_finite")]
    assert bad == [1, 2, 3] and not [event for event in events if event["type"] == "checkpoint"]


def _poison(path: Path) -> None:
    """Gives the job a separate base with one weight that is not a number."""
    import shutil

    from safetensors.numpy import save_file

    job = json.loads(path.read_text())
    base = path.parent / "base"
    shutil.copytree(job["base"]["path"], base)
    weights = load_file(base / "model.safetensors")
    weights["model.norm.weight"][0] = float("nan")
    save_file(weights, base / "model.safetensors", metadata={"format": "pt"})
    path.write_text(json.dumps({**job, "base": {**job["base"], "path": str(base)}}))


def test_a_run_without_room_in_its_budget_never_begins(make_job: Make, train: Train) -> None:
    path = make_job(budget={"max_memory_gb": 0.1})
    assert train(path) == 1
    events = told(path.parent)
    assert events[-1]["type"] == "error" and events[-1]["code"] == "over_memory_budget"
    assert not (path.parent / "final").exists()


def test_a_full_disk_is_told_and_leaves_no_half_checkpoint(make_job: Make, train: Train, monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers import Trainer

    path = make_job(max_steps=4, save={"every": 2})
    write = Trainer._save_optimizer_and_scheduler

    def fail(self: Any, folder: str) -> None:
        if folder.endswith("-4"):
            raise OSError(28, "No space left on device")
        write(self, folder)

    monkeypatch.setattr(Trainer, "_save_optimizer_and_scheduler", fail)
    assert train(path) == 2
    error = told(path.parent)[-1]
    assert (error["type"], error["code"]) == ("error", "disk_full") and "save.keep" in error["what_to_do"]
    assert [found.name for found in (path.parent / "checkpoints").iterdir()] == ["checkpoint-2"]


def test_a_stop_by_a_person_saves_and_gives_a_result(make_job: Make, train: Train) -> None:
    path = make_job(max_steps=1_000)
    (path.parent / "control.json").write_text('{"cmd": "stop"}')
    assert train(path) == 0
    assert told(path.parent)[-1]["reason"] == "user"
    path = make_job("budget", max_steps=100_000, budget={"max_minutes": 0.05})
    assert train(path) == 0
    last = told(path.parent)[-1]
    assert last["reason"] == "budget" and 0 < last["step"] < 100_000 and (path.parent / "final/model.safetensors").exists()


def test_bf16_trains_too(make_job: Make, train: Train) -> None:
    path = make_job(precision="bf16", max_steps=20, learning_rate=5e-3, adapter="lora")
    assert train(path) == 0
    losses = _losses(path.parent)
    assert losses[-1] < losses[0]
    assert json.loads((path.parent / "final/training.json").read_text())["precision"] == "bf16"
