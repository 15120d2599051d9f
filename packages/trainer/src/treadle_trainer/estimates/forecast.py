"""Reports the expected memory and time before a run's first step, and learns from the run after its last step."""

from __future__ import annotations

from typing import Any

from treadle_trainer.estimates.calibrate import evaluations_of, passes_of
from treadle_trainer.estimates.estimate import Shape, memory_mb, steps_of, work_of
from treadle_trainer.runtime.events import Emitter, Mute
from treadle_trainer.jobs.job import Job
from treadle_trainer.estimates.memory import require_memory
from treadle_trainer.estimates.pace import LEAST_STEPS, Work, keep_pace, read_pace
from treadle_trainer.runtime.problems import Problem
from treadle_trainer.runtime.progress import Progress
from treadle_trainer.data.splits import Split

Splits = tuple[Split, Split | None]


def forecast(job: Job, config: Any, splits: Splits, precision: str, emit: Emitter | Mute) -> float | None:
    """Reports memory and time, and rejects a run that exceeds its budget or the machine's memory. Returns the seconds per step, if known."""
    train, val = splits
    needed = memory_mb(job, Shape.of(config), train.counts.longest, precision)["total"]
    pace, factor = read_pace(job, precision), passes_of(job)
    training = pace.guess(work_of(job, train.lengths), factor)
    evaluating = pace.guess(evaluations_of(job, train, val), factor)
    is_known = training is not None and evaluating is not None
    seconds = round(training.seconds + evaluating.seconds, 3) if is_known else None
    basis = f"formula, {precision}" + (f", and {training.runs} similar {'run' if training.runs == 1 else 'runs'} on this machine" if is_known else "")
    emit("estimate", seconds=seconds, memory_mb=needed, basis=basis)
    if job.max_memory_gb is not None and needed > job.max_memory_gb * 1024:
        message = f"The run needs about {needed:.0f} MB, more than its budget of {job.max_memory_gb:g} GB."
        raise Problem("over_memory_budget", message, "Raise budget.max_memory_gb, or lower micro_batch_size or sequence_len.")
    require_memory(needed)
    return None if training is None else training.seconds / steps_of(job, len(train.lengths))


def remember(job: Job, train: Split, precision: str, progress: Progress) -> None:
    """Stores the time of this process's own steps, so that the next estimate for this kind of run is more accurate."""
    if progress.steps_done < LEAST_STEPS:
        return
    whole = work_of(job, train.lengths)
    share = progress.steps_done / steps_of(job, len(train.lengths))
    pace = read_pace(job, precision)
    pace.add(Work(whole.rows * share, whole.tokens * share), progress.trained_s)
    keep_pace(job, precision, pace)
