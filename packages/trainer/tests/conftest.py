"""A tiny random model, jobs that train it, and the events of a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable

import pytest

from treadle_trainer.runtime.doctor import stay_offline

stay_offline()
# ONNX export needs a separate environment. Without one, its tests are skipped.
collect_ignore = [] if os.environ.get("TREADLE_ONNX_PYTHON") else ["test_onnx.py"]
SOURCES = Path(__file__).parents[1] / "src"
QUESTIONS = ["lost card", "top up", "exchange rate", "a new name", "order 24", "no money", "transfer", "my account"]


def turns(question: str, answer: str) -> list[dict[str, str]]:
    """A question and its answer."""
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def chats(count: int = 8) -> list[dict[str, Any]]:
    """Rows that a tiny model can memorise."""
    return [{"messages": turns(f"{QUESTIONS[n % 8]} {n // 8}", f"answer {n}")} for n in range(count)]


def preferences(count: int = 8) -> list[dict[str, Any]]:
    """Preference rows whose better answer is short."""
    return [
        {
            "prompt": turns(QUESTIONS[n % 8], "")[:1],
            "chosen": [{"role": "assistant", "content": f"yes {n}"}],
            "rejected": [{"role": "assistant", "content": f"no, the assistant trained to top up {n}"}],
        }
        for n in range(count)
    ]


def write_rows(path: Path, rows: list[dict[str, Any]]) -> str:
    """Writes one object per line. Returns the path."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def told(folder: Path, kind: str | None = None) -> list[dict[str, Any]]:
    """The events of a folder, of one kind or all."""
    lines = (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    return [event for event in events if kind is None or event["type"] == kind]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny random model."""
    from treadle_trainer.formats.tiny import make_tiny

    folder = tmp_path_factory.mktemp("tiny")
    make_tiny(folder)
    return folder


@pytest.fixture(scope="session")
def tokenizer(tiny: Path) -> Any:
    """The tokenizer of the tiny model."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(tiny)


@pytest.fixture
def make_job(tiny: Path, tmp_path: Path) -> Callable[..., Path]:
    """Writes the job.json of a short run. Keyword arguments replace its fields."""

    def make(name: str = "job", rows: list[dict[str, Any]] | None = None, **fields: Any) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        job: dict[str, Any] = {
            "v": 1,
            "job": "ftjob_test",
            "method": "sft",
            "base": {"path": str(tiny), "gguf": str(tiny / "tiny.gguf"), "hash": "abc"},
            "data": {"train": write_rows(folder / "train.jsonl", chats() if rows is None else rows), "val": None, "format": "chat"},
            "chat_template": "chatml-smollm2",
            "sequence_len": 128,
            "adapter": "none",
            "lora": {"r": 4, "alpha": 8},
            "micro_batch_size": 2,
            "gradient_accumulation_steps": 1,
            "max_steps": 4,
            "learning_rate": 1e-3,
            "precision": "fp32",
            "threads": 1,
        }
        path = folder / "job.json"
        path.write_text(json.dumps({**job, **fields}), encoding="utf-8")
        return path

    return make


@pytest.fixture
def train() -> Callable[[Path], int]:
    """Runs a job in this process. Returns its exit code."""

    def run_job(path: Path) -> int:
        from treadle_trainer.runtime.control import Control
        from treadle_trainer.runtime.events import Emitter
        from treadle_trainer.jobs.read_job import read_job
        from treadle_trainer.training.run import run

        job = read_job(path)
        emit = Emitter(path.parent / "events.jsonl", job.id)
        try:
            return run(job, emit, Control(path.parent, job.max_minutes))
        finally:
            emit.close()

    return run_job


def start(*arguments: str) -> subprocess.Popen[str]:
    """Runs the program in a separate process."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-u", "-m", "treadle_trainer", *arguments]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
