"""What a run will take, told before its first step and learnt from after its last."""

from __future__ import annotations

from typing import Any

from treadle_trainer.calibrate import evaluations_of, passes_of
from treadle_trainer.estimate import Shape, memory_mb, steps_of, work_of
from treadle_trainer.events import Emitter, Mute
from treadle_trainer.job import Job
from treadle_trainer.memory import require_memory
from treadle_trainer.pace import LEAST_STEPS, Work, keep_pace, read_pace
from treadle_trainer.problems import Problem
from treadle_trainer.progress import Progress
from treadle_trainer.splits import Split

Splits = tuple[Split, Split | None]


def foretell(job: Job, config: Any, splits: Splits, precision: str, emit: Emitter | Mute) -> float | None:
    """Tells memory and time, and refuses a run that has no room in its budget or on the machine. Returns the seconds of a step, if known."""
    train, val = splits
    needed = memory_mb(job, Shape.of(config), train.counts.longest, precision)["total"]
    pace, factor = read_pace(job, precision), passes_of(job)
    training = pace.guess(work_of(job, train.lengths), factor)
    evaluating = pace.guess(evaluations_of(job, train, val), factor)
    is_known = training is not None and evaluating is not None
    seconds = round(training.seconds + evaluating.seconds, 3) if is_known else None
    basis = f"formula, {precision}" + (f", and {training.runs} runs like it on this machine" if is_known else "")
    emit("estimate", seconds=seconds, memory_mb=needed, basis=basis)
    if job.max_memory_gb is not None and needed > job.max_memory_gb * 1024:
        message = f"The run needs about {needed:.0f} MB, more than its budget of {job.max_memory_gb:g} GB."
        raise Problem("over_memory_budget", message, "Raise budget.max_memory_gb, or lower micro_batch_size or sequence_len.")
    require_memory(needed)
    return None if training is None else training.seconds / steps_of(job, len(train.lengths))


def remember(job: Job, train: Split, precision: str, progress: Progress) -> None:
    """Keeps what this process's own steps took, so that the next estimate of the kind is nearer."""
    if progress.steps_done < LEAST_STEPS:
        return
    whole = work_of(job, train.lengths)
    share = progress.steps_done / steps_of(job, len(train.lengths))
    pace = read_pace(job, precision)
    pace.add(Work(whole.rows * share, whole.tokens * share), progress.trained_s)
    keep_pace(job, precision, pace)
