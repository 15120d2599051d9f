"""A job as described in `job.json`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Base:
    """The model to train: a Hugging Face folder, and the GGUF that it was imported from, whose metadata a result copies."""

    path: Path
    gguf: Path | None
    hash: str


@dataclass(frozen=True)
class Data:
    """Files with one JSON object per line. `format`: the fields of a row."""

    train: Path
    val: Path | None
    format: str


@dataclass(frozen=True)
class Lora:
    """An adapter: rank, scale (`alpha / r`), and the names of the linear layers it changes."""

    r: int
    alpha: float
    dropout: float
    target: str | list[str]


@dataclass(frozen=True)
class Evaluation:
    """Steps between evaluations, when to stop early, and the sample prompts of each evaluation."""

    every: int
    patience: int | None
    min_delta: float
    samples: list[list[dict[str, str]]]
    sample_tokens: int


@dataclass(frozen=True)
class Saving:
    """Steps between checkpoints, how many are kept, and which becomes the model: `best` or `last`."""

    every: int
    keep: int
    keep_best: bool
    result: str


@dataclass(frozen=True)
class Job:
    """A whole job. Sizes are tokens, rows or steps, as their names say. `warmup` is a share of the steps.

    `calibrations`: the folder with the measured speed of this machine, None to store none.
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
        """Whether only an adapter is trained instead of every weight."""
        return self.adapter == "lora"
