"""The peer of bench/training.ts: the same job by the same libraries' trainer, without events, heartbeat, wishes, checkpoints or a server."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback
from treadle_trainer.encode import Encoder
from treadle_trainer.loading import load_model, load_tokenizer, open_encoder
from treadle_trainer.read_job import read_job
from treadle_trainer.splits import read_split
from treadle_trainer.trainers import make_trainer


class Clock(TrainerCallback):
    """Notes when each step ended; that is all that is added."""

    def __init__(self) -> None:
        self.ended: list[float] = []

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """A step ended."""
        self.ended.append(time.time())


def main(path: Path) -> None:
    """Trains the job of a `job.json` and prints when its steps ended."""
    job = read_job(path)
    torch.set_num_threads(job.threads)
    tokenizer = load_tokenizer(job)
    encoder: Encoder = open_encoder(job, tokenizer)
    splits = (read_split(job, job.data.train, encoder), None)
    clock = Clock()
    trainer = make_trainer(job, load_model(job), encoder.tokenizer, splits, job.precision)
    trainer.add_callback(clock)
    trainer.train()
    print(json.dumps({"ended": clock.ended}))


main(Path(sys.argv[1]))
