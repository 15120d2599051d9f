"""Measures steps of two lengths on this machine and draws a line through them."""

from __future__ import annotations

import resource
import statistics
import time
from dataclasses import dataclass
from typing import Any

from treadle_trainer.estimate import Shape, memory_mb, product_of, steps_of, tokens_of, trainable_parameters
from treadle_trainer.job import Job
from treadle_trainer.loading import load_model, load_tokenizer, lora_config, open_encoder
from treadle_trainer.precision import choose
from treadle_trainer.splits import read_split

SHORT, LONG = 64, 256
REPEATS = 3
# No machine keeps its pace: a guess is never told as surer than this.
LEAST_ERROR = 0.15


@dataclass(frozen=True)
class Line:
    """Seconds of one forward and backward pass: `fixed + each * tokens`. `error`: its share that repeats differed by."""

    fixed: float
    each: float
    error: float
    peak_mb: dict[int, float]

    def seconds(self, tokens: float) -> float:
        """Of one pass over a text of so many tokens."""
        return max(self.fixed + self.each * tokens, 0.0)


def peak_mb() -> float:
    """The most resident memory this process ever had, in MiB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def measure(job: Job, model: Any, precision: str) -> Line:
    """Times passes over texts of two lengths, the first of each left out; memory rises with the length, so peaks stay apart."""
    long = max(min(LONG, job.sequence_len), 16)
    short = min(SHORT, long // 2)
    times: dict[int, list[float]] = {}
    peaks: dict[int, float] = {}
    for length in (short, long):
        times[length] = [_pass(model, length, precision) for _ in range(REPEATS + 1)][1:]
        peaks[length] = peak_mb()
    low, high = statistics.median(times[short]), statistics.median(times[long])
    each = max((high - low) / (long - short), 0.0)
    spread = max((max(found) - min(found)) / statistics.median(found) for found in times.values())
    return Line(fixed=max(low - each * short, 0.0), each=each, error=max(spread / 2, LEAST_ERROR), peak_mb=peaks)


def _pass(model: Any, length: int, precision: str) -> float:
    import torch

    ids = torch.randint(0, model.config.vocab_size, (1, length))
    start = time.perf_counter()
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
        logits = model(input_ids=ids).logits
        loss = logits.float().mean() if logits.ndim == 2 else torch.nn.functional.cross_entropy(logits[0, :-1].float(), ids[0, 1:])
    loss.backward()
    model.zero_grad(set_to_none=True)
    return time.perf_counter() - start


def estimate(job: Job) -> dict[str, Any]:
    """A whole estimate of a job: parameters, memory by part, tokens, steps, and seconds with how far they may be off."""
    import torch

    torch.set_num_threads(job.threads)
    split = read_split(job, job.data.train, open_encoder(job, load_tokenizer(job)))
    model = load_model(job)
    precision = choose(job.precision, product_of(job, model.config, split))
    shape = Shape.of(model.config)
    parameters = sum(weight.numel() for weight in model.parameters())
    if job.has_adapter:
        from peft import get_peft_model

        model = get_peft_model(model, lora_config(job))
    trainable = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    line = measure(job, model.train(), precision)
    steps, tokens = steps_of(job, len(split.lengths)), tokens_of(job, split.lengths)
    rows = tokens / (sum(split.lengths) / len(split.lengths))
    # A preference run also asks the reference, which is forward only: half as much again.
    factor = 1.5 if job.method in ("dpo", "kto") else 1.0
    seconds = factor * (rows * line.fixed + line.each * tokens)
    evaluations = 0.0 if job.data.val is None else _evaluation_seconds(job, line, steps, factor)
    return {
        "parameters": parameters,
        "trainable": trainable,
        "memory_mb": memory_mb(job, shape, split.counts.longest, precision),
        "measured_peak_mb": max(line.peak_mb.values()),
        "tokens": tokens,
        "steps": steps,
        "rows": vars(split.counts),
        "precision": precision,
        "seconds": {
            "expected": round(seconds + evaluations, 3),
            "plus_minus": round((seconds + evaluations) * line.error, 3),
            "of_evaluations": round(evaluations, 3),
            "basis": f"two lengths measured on this machine with {job.threads} threads",
        },
        "formula": {"parameters": shape.parameters, "trainable": trainable_parameters(job, shape)},
    }


def _evaluation_seconds(job: Job, line: Line, steps: int, factor: float) -> float:
    """Evaluations before the first step, every so many and after the last; a forward pass is a third of a whole one."""
    assert job.data.val is not None
    split = read_split(job, job.data.val, open_encoder(job, load_tokenizer(job)))
    once = factor * sum(line.seconds(length) for length in split.lengths) / 3
    return once * (2 + (steps - 1) // job.eval.every)
