"""A job as `job.json` tells it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Base:
    """The model that is trained: a Hugging Face folder, and the GGUF it came from, whose words a result is written in."""

    path: Path
    gguf: Path | None
    hash: str


@dataclass(frozen=True)
class Data:
    """Files of one JSON object a line. `format`: what a row looks like."""

    train: Path
    val: Path | None
    format: str


@dataclass(frozen=True)
class Lora:
    """An adapter: rank, scale (`alpha / r`), and the names of the linear layers it is put on."""

    r: int
    alpha: float
    dropout: float
    target: str | list[str]


@dataclass(frozen=True)
class Evaluation:
    """Steps between evaluations, when to give up, and the questions that are answered each time."""

    every: int
    patience: int | None
    min_delta: float
    samples: list[list[dict[str, str]]]
    sample_tokens: int


@dataclass(frozen=True)
class Saving:
    """Steps between checkpoints, and which of them stay."""

    every: int
    keep: int
    keep_best: bool


@dataclass(frozen=True)
class Job:
    """A whole job. Sizes are tokens, rows or steps as their names say; `warmup` is a share of the steps.

    `calibrations`: the folder where this machine's pace is kept, None to forget it.
    """

    id: str
    folder: Path
    method: str
    base: Base
    data: Data
    chat_template: str
    train_on: str
    sequence_len: int
    adapter: str
    lora: Lora
    micro_batch_size: int
    gradient_accumulation_steps: int
    num_epochs: float | None
    max_steps: int | None
    learning_rate: float
    lr_scheduler: str
    warmup: float
    weight_decay: float
    max_grad_norm: float
    beta: float
    precision: str
    eval: Evaluation
    save: Saving
    seed: int
    threads: int
    max_minutes: float | None
    max_memory_gb: float | None
    resume_from: Path | None
    export_gguf: str
    gguf_type: str
    calibrations: Path | None

    @property
    def has_adapter(self) -> bool:
        """Whether only an adapter is trained, or every weight."""
        return self.adapter == "lora"
