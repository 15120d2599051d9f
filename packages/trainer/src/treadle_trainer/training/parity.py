"""Writes files and expected answers to compare llama.cpp with transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from treadle_trainer.runtime.checkpoints import write_json
from treadle_trainer.runtime.control import Control
from treadle_trainer.data.encode import Encoder
from treadle_trainer.runtime.events import Emitter
from treadle_trainer.runtime.problems import Problem
from treadle_trainer.jobs.read_job import read_job
from treadle_trainer.training.sampling import greedy
from treadle_trainer.data.templates import CHATML_SMOLLM2, find_template, without_marks
from treadle_trainer.formats.tiny import make_tiny

MOST_TOKENS = 24
_PAIRS = (
    ("lost card", "answer 1: order another"),
    ("top up 2024", "the money is in your account"),
    ("rate of exchange?", "😀 17 of 100"),
    ("  two  spaces\nand a line", "that is fine, user"),
)
_TEXTS = ("In 2024, 17 of 100", "a   4  b", "😀 漢字 äß", "one\r\ntwo\n\n three", "don't I'll")


def make_parity(out: Path) -> dict[str, Any]:
    """Trains an adapter on a tiny model until it has memorised a few answers. Writes all its files and `expected.json`."""
    out.mkdir(parents=True, exist_ok=True)
    base = out / "base"
    make_tiny(base)
    conversations = [[{"role": "user", "content": question}, {"role": "assistant", "content": answer}] for question, answer in _PAIRS]
    job = _train(out, base, conversations)
    from treadle_trainer.formats.export_adapter import export_adapter

    export_adapter(base / "tiny.gguf", job / "final", out / "adapter.gguf", "f32")
    expected = _expected(job / "exports/merged", conversations)
    write_json(out / "expected.json", expected)
    return {
        "base": str(base / "tiny.gguf"),
        "adapter": str(out / "adapter.gguf"),
        "tuned": str(job / "exports/model.gguf"),
        "expected": str(out / "expected.json"),
    }


def _train(out: Path, base: Path, conversations: list[list[dict[str, str]]]) -> Path:
    from treadle_trainer.training.run import run

    folder = out / "job"
    folder.mkdir(exist_ok=True)
    rows = folder / "train.jsonl"
    rows.write_text("".join(json.dumps({"messages": turns}) + "\n" for turns in conversations), encoding="utf-8")
    fields = {
        "v": 1,
        "job": "parity",
        "method": "sft",
        "base": {"path": str(base), "gguf": str(base / "tiny.gguf"), "hash": ""},
        "data": {"train": str(rows), "val": None, "format": "chat"},
        "chat_template": "chatml-smollm2",
        "sequence_len": 256,
        "lora": {"r": 16, "alpha": 32},
        "micro_batch_size": 4,
        "gradient_accumulation_steps": 1,
        "max_steps": 150,
        "learning_rate": 1e-2,
        "lr_scheduler": "constant",
        "precision": "fp32",
        "save": {"every": 150},
        "export": {"gguf": "merged", "gguf_type": "f32"},
    }
    write_json(folder / "job.json", fields)
    (folder / "events.jsonl").unlink(missing_ok=True)
    emit = Emitter(folder / "events.jsonl", "parity")
    code = run(read_job(folder / "job.json"), emit, Control(folder))
    emit.close()
    if code != 0:
        raise Problem("parity_failed", f"The training ended with {code}.", f"See {folder}.", is_user_error=False)
    return folder


def _expected(folder: Path, conversations: list[list[dict[str, str]]]) -> dict[str, Any]:
    """For each question: its text, its tokens, and the greedy answer. Also the tokens of texts that are easily split wrongly."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True).eval()
    encoder = Encoder(tokenizer, find_template("model", tokenizer), "assistant")
    asked = []
    for turns in conversations:
        ids = encoder.prompt(turns[:1])
        answer_ids = greedy(model, ids, MOST_TOKENS, tokenizer.eos_token_id)
        text = tokenizer.apply_chat_template(turns[:1], add_generation_prompt=True, tokenize=False)
        asked.append({"messages": turns[:1], "text": text, "ids": ids, "answer_ids": answer_ids, "answer": tokenizer.decode(answer_ids), "taught": turns[1]["content"]})
    return {
        "chat_template": without_marks(CHATML_SMOLLM2),
        "asked": asked,
        "rendered": [{"messages": turns, "text": tokenizer.apply_chat_template(turns, tokenize=False)} for turns in conversations],
        "texts": [{"text": text, "ids": tokenizer(text)["input_ids"]} for text in _TEXTS],
    }
