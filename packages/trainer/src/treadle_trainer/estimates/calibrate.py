"""Estimates the memory and time of a job: steps of two lengths are measured on this machine once, and corrected by real runs."""

from __future__ import annotations

import statistics
import time
from typing import Any, Callable

from treadle_trainer.estimates.estimate import Shape, memory_mb, product_of, steps_of, trainable_parameters, work_of
from treadle_trainer.jobs.job import Job
from treadle_trainer.models.loading import load_config, load_model, load_tokenizer, lora_config, open_encoder
from treadle_trainer.estimates.memory import peak_mb, room_mb
from treadle_trainer.estimates.pace import LEAST_ERROR, Line, Pace, Work, keep_pace, read_pace
from treadle_trainer.runtime.precision import choose
from treadle_trainer.data.splits import Split, read_split

SHORT, LONG = 64, 256
REPEATS = 3
# Receives the progress of an estimate: the finished units, the total (0 if nothing is counted), and the current activity.
Report = Callable[[int, int, str], None]


def measure(job: Job, model: Any, precision: str, report: Report) -> Line:
    """Times passes over texts of two lengths, without the first pass of each, and fits a line through them."""
    long = max(min(LONG, job.sequence_len), 16)
    short = min(SHORT, long // 2)
    times: dict[int, list[float]] = {short: [], long: []}
    for number, length in enumerate([short] * (REPEATS + 1) + [long] * (REPEATS + 1)):
        report(number, 2 * (REPEATS + 1), "Timing passes over a text")
        times[length].append(_pass(model, length, precision))
    times = {length: found[1:] for length, found in times.items()}
    low, high = statistics.median(times[short]), statistics.median(times[long])
    each = max((high - low) / (long - short), 0.0)
    spread = max((max(found) - min(found)) / statistics.median(found) for found in times.values())
    return Line(fixed=max(low - each * short, 0.0), each=each, error=max(spread / 2, LEAST_ERROR))


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


def estimate(job: Job, report: Report = lambda done, total, message: None) -> dict[str, Any]:
    """The whole estimate of a job: parameters, memory by part, tokens, steps, and seconds with their error."""
    import torch

    room = room_mb()
    torch.set_num_threads(job.threads)
    report(0, 0, "Reading the tokenizer")
    encoder = open_encoder(job, load_tokenizer(job))
    split = read_split(job, job.data.train, encoder, lambda done, total: report(done, total, "Counting the tokens of the rows"))
    val = None if job.data.val is None else read_split(job, job.data.val, encoder)
    config = load_config(job)
    precision = choose(job.precision, product_of(job, config, split))
    shape = Shape.of(config)
    memory = memory_mb(job, shape, split.counts.longest, precision)
    pace = read_pace(job, precision)
    if not pace.is_fresh:
        report(0, 0, "Loading the model")
        _measure_kind(job, pace, precision, report)
        keep_pace(job, precision, pace)
    return {
        **pace.model,
        "memory_mb": memory,
        "free_mb": None if torch.cuda.is_available() else round(room),
        "tokens": round(work_of(job, split.lengths).tokens),
        "steps": steps_of(job, len(split.lengths)),
        "rows": vars(split.counts),
        "precision": precision,
        "seconds": _seconds(job, pace, split, val),
        "formula": {"parameters": shape.parameters, "trainable": trainable_parameters(job, shape)},
    }


def _measure_kind(job: Job, pace: Pace, precision: str, report: Report) -> None:
    """Measures the line for this kind of job, and counts the model's parameters."""
    model = load_model(job)
    parameters = sum(weight.numel() for weight in model.parameters())
    if job.has_adapter:
        from peft import get_peft_model

        model = get_peft_model(model, lora_config(job))
    trainable = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    pace.line, pace.measured_at = measure(job, model.train(), precision, report), time.time()
    pace.model = {"parameters": parameters, "trainable": trainable, "measured_peak_mb": peak_mb()}


def _seconds(job: Job, pace: Pace, split: Split, val: Split | None) -> dict[str, Any]:
    factor = passes_of(job)
    training = pace.guess(work_of(job, split.lengths), factor)
    evaluating = pace.guess(evaluations_of(job, split, val), factor)
    assert training is not None and evaluating is not None
    expected = training.seconds + evaluating.seconds
    basis = f"two lengths measured on this machine with {job.threads} threads"
    if training.runs:
        basis += f", corrected by {training.runs} run{'s' if training.runs > 1 else ''}"
    return {
        "expected": round(expected, 3),
        "plus_minus": round(expected * training.error, 3),
        "of_evaluations": round(evaluating.seconds, 3),
        "basis": basis,
        "runs": training.runs,
        "correction": training.correction,
    }


def passes_of(job: Job) -> float:
    """Passes of the line per row. A preference run also runs the reference model, forward only, which costs half a pass."""
    return 1.5 if job.method in ("dpo", "kto") else 1.0


def evaluations_of(job: Job, split: Split, val: Split | None) -> Work:
    """The work of all evaluations: before the first step, every `eval.every` steps and after the last. A forward pass is a third of a full pass."""
    if val is None:
        return Work(0, 0)
    times = (2 + (steps_of(job, len(split.lengths)) - 1) // job.eval.every) / 3
    return Work(len(val.lengths) * times, sum(val.lengths) * times)
