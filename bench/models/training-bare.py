"""The peer of bench/training.ts: the same job with the same libraries' trainer, without events, heartbeat, requests, checkpoints or a server."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback
from treadle_trainer.data.encode import Encoder
from treadle_trainer.models.loading import load_model, load_tokenizer, open_encoder
from treadle_trainer.jobs.read_job import read_job
from treadle_trainer.data.splits import read_split
from treadle_trainer.models.trainers import make_trainer


class Clock(TrainerCallback):
    """Prints when each step ends, and adds nothing else."""

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Called after each step."""
        print(json.dumps({"ended": time.time()}), flush=True)


def main(path: Path) -> None:
    """Trains the job of a `job.json` and prints a line after each step."""
    job = read_job(path)
    torch.set_num_threads(job.threads)
    tokenizer = load_tokenizer(job)
    encoder: Encoder = open_encoder(job, tokenizer)
    splits = (read_split(job, job.data.train, encoder), None)
    trainer = make_trainer(job, load_model(job), encoder.tokenizer, splits, job.precision)
    trainer.add_callback(Clock())
    trainer.train()


main(Path(sys.argv[1]))
