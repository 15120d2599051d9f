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
    """Says when each step ended; that is all that is added."""

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """A step ended."""
        print(json.dumps({"ended": time.time()}), flush=True)


def main(path: Path) -> None:
    """Trains the job of a `job.json` and prints a line when a step ended."""
    job = read_job(path)
    torch.set_num_threads(job.threads)
    tokenizer = load_tokenizer(job)
    encoder: Encoder = open_encoder(job, tokenizer)
    splits = (read_split(job, job.data.train, encoder), None)
    trainer = make_trainer(job, load_model(job), encoder.tokenizer, splits, job.precision)
    trainer.add_callback(Clock())
    trainer.train()


main(Path(sys.argv[1]))
