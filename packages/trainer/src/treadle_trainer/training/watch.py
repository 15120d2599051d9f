"""Connects the trainer with its surroundings: writes events, reads requests and seals checkpoints."""

from __future__ import annotations

import math
import shutil
import time
from pathlib import Path
from typing import Any, Callable

from transformers import TrainerCallback

from treadle_trainer.runtime.checkpoints import require_room, rotate, seal, whole_checkpoints
from treadle_trainer.runtime.control import EVALUATED_AT_THE_END, Control
from treadle_trainer.runtime.events import Emitter, Mute, rss_mb
from treadle_trainer.jobs.job import Job
from treadle_trainer.runtime.progress import Progress
from treadle_trainer.runtime.ranks import Ranks
from treadle_trainer.runtime.threads import Threads

MOST_NON_FINITE = 3
REPORT_SECONDS = 1.0
_NAMES = {"learning_rate": "lr"}
_LEFT_OUT = ("epoch", "eval_model_preparation_time", "eval_samples_per_second", "eval_steps_per_second", "eval_num_tokens")


class Watch(TrainerCallback):
    """Decides after each step whether to evaluate, save or stop. `sample` answers the sample prompts."""

    def __init__(
        self,
        job: Job,
        emit: Emitter | Mute,
        control: Control,
        ranks: Ranks,
        progress: Progress,
        facts: dict[str, Any],
        sample: Callable[[int], None],
    ) -> None:
        self._job = job
        self._emit = emit
        self._control = control
        self._ranks = ranks
        self._facts = facts
        self._sample = sample
        self._folder = job.folder / "checkpoints"
        self._non_finite = 0
        self._last_eval: tuple[int, float | None] = (-1, None)
        self._threads = Threads(job.folder, job.threads)
        # The finished batches of the current evaluation, and the time of the last report.
        self._batches = 0
        self._reported_at = -math.inf
        self.progress = progress

    @property
    def gave_way(self) -> bool:
        """Whether the run ever had fewer threads than its setting, so that its pace does not apply to other runs."""
        return self._threads.gave_way

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Called when training starts or continues."""
        self.progress.begin(state.global_step)
        self._emit("status", status="running", step=state.global_step, total_steps=state.max_steps)
        if args.eval_on_start:
            self._emit("status", status="evaluating", step=state.global_step)

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Called when a step starts."""
        self._threads.follow()
        self.progress.step_begins()

    def on_substep_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Called after each micro batch. With large models this is some seconds before the step ends."""
        self._threads.follow()

    def on_prediction_step(self, args: Any, state: Any, control: Any, eval_dataloader: Any = None, **_: Any) -> None:
        """Called after each evaluated batch.

        Reports the progress, because an evaluation of a large model takes minutes, also before the first step.
        """
        self._threads.follow()
        total = len(eval_dataloader) if eval_dataloader is not None else None
        self._batches += 1
        now = time.monotonic()
        if self._batches == total or now - self._reported_at >= REPORT_SECONDS:
            self._reported_at = now
            self._emit("status", status="evaluating", step=state.global_step, done=self._batches, total=total)

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        """Writes the numbers of a step or an evaluation as an event. The summary at the end of training contains nothing new."""
        numbers = {_NAMES.get(name, name.replace("/", "_")): value for name, value in (logs or {}).items()}
        numbers = {name: value for name, value in numbers.items() if name not in _LEFT_OUT}
        if any(name.startswith("eval_") for name in numbers):
            self._emit("eval", step=state.global_step, **numbers)
        elif "loss" in numbers and "train_runtime" not in numbers:
            self._check_loss(numbers, control)
            self._report_step(state, numbers)

    def _check_loss(self, numbers: dict[str, Any], control: Any) -> None:
        """Saves nothing after a step without a finite loss. Stops after a few such steps in a row, because the model will not recover."""
        is_finite = math.isfinite(numbers["loss"]) and math.isfinite(numbers.get("grad_norm", 0.0))
        self._non_finite = 0 if is_finite else self._non_finite + 1
        if self._non_finite:
            control.should_save = control.should_evaluate = False
        if self._non_finite >= MOST_NON_FINITE:
            self._control.stop("non_finite_loss")
            control.should_training_stop = True

    def _report_step(self, state: Any, numbers: dict[str, Any]) -> None:
        timing = self.progress.update(state.global_step, state.max_steps, numbers.pop("num_tokens", None))
        epoch = round(state.epoch or 0.0, 4)
        memory, threads = rss_mb(), self._threads.now
        less = {"threads": threads} if threads < self._job.threads else {}
        self._emit(
            "metrics", step=state.global_step, total_steps=state.max_steps, epoch=epoch, **numbers, **timing, rss_mb=memory, **less
        )
        seconds = self.progress.measured(state.global_step, state.max_steps)
        if seconds is not None:
            self._emit("estimate", seconds=seconds, memory_mb=memory, basis="measured on the first steps, without evaluations")

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Called after each step. The trainer logs, evaluates and saves right after this, in that order."""
        self.progress.step_ends()
        self._check_memory()
        wants_save = self._control.poll()
        step, is_last = state.global_step, state.global_step >= state.max_steps
        is_stopped = self._control.reason is not None
        is_due = is_last or step % self._job.eval.every == 0
        # Evaluate what was learnt since the last evaluation: a checkpoint without a loss could not become the best.
        if is_due if not is_stopped else self._control.reason in EVALUATED_AT_THE_END:
            if self._job.data.val is not None:
                control.should_evaluate = True
            else:
                self._sample(step)  # Without evaluation data, sample answers are still useful.
        if wants_save or is_last or step % self._job.save.every == 0:
            self._request_save(state, control)
        if is_last or is_stopped:
            control.should_training_stop = True

    def _check_memory(self) -> None:
        limit = self._job.max_memory_gb
        if limit is not None and rss_mb() > limit * 1024 and self._control.reason is None:
            self._emit.warn("over_memory_budget", f"The run uses {rss_mb():.0f} MB, more than its budget of {limit:g} GB. It saves its state and stops.")
            self._control.request("budget")

    def _request_save(self, state: Any, control: Any) -> None:
        """Deletes a checkpoint of the same step from an earlier run, which must not be mistaken for the new one."""
        if self._non_finite:
            return
        target = self._folder / f"checkpoint-{state.global_step}"
        if self._ranks.is_first:
            shutil.rmtree(target, ignore_errors=True)
            require_room(self._folder, self._size_of_last())
        self._ranks.wait()
        control.should_save = True
        self._emit("status", status="saving", step=state.global_step, total_steps=state.max_steps)

    def _size_of_last(self) -> int:
        checkpoints = whole_checkpoints(self._folder)
        return sum(path.stat().st_size for path in checkpoints[-1].iterdir()) if checkpoints else 0

    def on_evaluate(self, args: Any, state: Any, control: Any, metrics: dict[str, Any] | None = None, **_: Any) -> None:
        """Saves a better model immediately. Stops the run after too many evaluations without improvement."""
        self._batches = 0
        self._sample(state.global_step)
        if state.global_step == 0:
            return
        loss = (metrics or {}).get("eval_loss")
        self._last_eval = (state.global_step, loss)
        is_best = self.progress.judge(state.global_step, loss, self._job.eval.min_delta)
        patience = self._job.eval.patience
        is_over = patience is not None and self.progress.evaluations_without_gain >= patience
        if is_over:
            self._control.stop("early_stopping")
            control.should_training_stop = True
        if (is_over or (is_best and self._job.save.keep_best)) and not control.should_save:
            self._request_save(state, control)

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Called when the trainer has written a checkpoint, which is reported only now."""
        self._ranks.wait()  # Each process writes a part of the checkpoint.
        if not self._ranks.is_first:
            return
        step = state.global_step
        folder = self._folder / f"checkpoint-{step}"
        loss = self._last_eval[1] if self._last_eval[0] == step else None
        files = seal(folder, {**self._facts, "step": step, "eval_loss": loss, **self.progress.facts()})
        is_best = self.progress.best_step == step
        self._emit("checkpoint", step=step, path=str(folder), files=files, eval_loss=loss, is_best=is_best)
        rotate(self._folder, self._job.save.keep, self.progress.best_step if self._job.save.keep_best else None)
        if not control.should_training_stop:
            self._emit("status", status="running", step=step, total_steps=state.max_steps)

    def result(self) -> tuple[Path | None, str]:
        """The checkpoint that becomes the model, and whether it is the `best` or the `last` one. None if nothing was saved."""
        checkpoints = whole_checkpoints(self._folder)
        best = self._folder / f"checkpoint-{self.progress.best_step}"
        choice = self._control.result or (self._job.save.result if self._job.save.keep_best else "last")
        if choice == "best" and best in checkpoints:
            return best, "best"
        return (checkpoints[-1] if checkpoints else None), "last"
