"""Stands between the trainer and the outside: events go out, wishes come in, checkpoints are sealed."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any, Callable

from transformers import TrainerCallback

from treadle_trainer.checkpoints import require_room, rotate, seal, whole_checkpoints
from treadle_trainer.control import Control
from treadle_trainer.events import Emitter, Mute, rss_mb
from treadle_trainer.job import Job
from treadle_trainer.progress import Progress
from treadle_trainer.ranks import Ranks
from treadle_trainer.threads import Threads

MOST_NON_FINITE = 3
_NAMES = {"learning_rate": "lr"}
_LEFT_OUT = ("epoch", "eval_model_preparation_time", "eval_samples_per_second", "eval_steps_per_second", "eval_num_tokens")


class Watch(TrainerCallback):
    """Decides after each step whether to evaluate, to save or to end. `sample` answers the job's questions."""

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
        self.progress = progress

    @property
    def gave_way(self) -> bool:
        """Whether the run ever had fewer threads than it was promised, so that its pace says nothing of the next one's."""
        return self._threads.gave_way

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Training begins, or goes on."""
        self.progress.begin(state.global_step)
        self._emit("status", status="running", step=state.global_step, total_steps=state.max_steps)

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """A step begins."""
        self._threads.follow()
        self.progress.step_begins()

    def on_substep_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """One of the micro batches of a step has ended: with large models that is some seconds before the step has."""
        self._threads.follow()

    def on_prediction_step(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """A batch was evaluated."""
        self._threads.follow()

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        """Numbers of a step or of an evaluation go out; the summary at the end of training says nothing new."""
        told = {_NAMES.get(name, name.replace("/", "_")): value for name, value in (logs or {}).items()}
        told = {name: value for name, value in told.items() if name not in _LEFT_OUT}
        if any(name.startswith("eval_") for name in told):
            self._emit("eval", step=state.global_step, **told)
        elif "loss" in told and "train_runtime" not in told:
            self._mind_numbers(told, control)
            self._tell_step(state, told)

    def _mind_numbers(self, told: dict[str, Any], control: Any) -> None:
        """Nothing is kept of a step whose loss is no number, and after a few of them in a row nothing more will come."""
        is_finite = math.isfinite(told["loss"]) and math.isfinite(told.get("grad_norm", 0.0))
        self._non_finite = 0 if is_finite else self._non_finite + 1
        if self._non_finite:
            control.should_save = control.should_evaluate = False
        if self._non_finite >= MOST_NON_FINITE:
            self._control.stop("non_finite_loss")
            control.should_training_stop = True

    def _tell_step(self, state: Any, told: dict[str, Any]) -> None:
        timing = self.progress.tell(state.global_step, state.max_steps, told.pop("num_tokens", None))
        epoch = round(state.epoch or 0.0, 4)
        memory, threads = rss_mb(), self._threads.now
        less = {"threads": threads} if threads < self._job.threads else {}
        self._emit(
            "metrics", step=state.global_step, total_steps=state.max_steps, epoch=epoch, **told, **timing, rss_mb=memory, **less
        )
        seconds = self.progress.measured(state.global_step, state.max_steps)
        if seconds is not None:
            self._emit("estimate", seconds=seconds, memory_mb=memory, basis="measured on the first steps, without evaluations")

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """The trainer logs, evaluates and saves right after this, in that order."""
        self.progress.step_ends()
        self._mind_memory()
        wants_save = self._control.poll()
        step, is_last = state.global_step, state.global_step >= state.max_steps
        is_stopped = self._control.reason is not None
        if self._job.data.val is not None and not is_stopped:
            control.should_evaluate = is_last or step % self._job.eval.every == 0
        elif not is_stopped and (is_last or step % self._job.eval.every == 0):
            self._sample(step)  # With nothing to evaluate on, people can still read how it answers.
        if wants_save or is_last or step % self._job.save.every == 0:
            self._want_save(state, control)
        if is_last or is_stopped:
            control.should_training_stop = True

    def _mind_memory(self) -> None:
        limit = self._job.max_memory_gb
        if limit is not None and rss_mb() > limit * 1024 and self._control.reason is None:
            self._emit.warn("over_memory_budget", f"The run takes {rss_mb():.0f} MB, over its budget of {limit:g} GB; it saves and stops.")
            self._control.ask("budget")

    def _want_save(self, state: Any, control: Any) -> None:
        """A checkpoint of the same step from a run before this one must not be taken for the new one."""
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
        known = whole_checkpoints(self._folder)
        return sum(path.stat().st_size for path in known[-1].iterdir()) if known else 0

    def on_evaluate(self, args: Any, state: Any, control: Any, metrics: dict[str, Any] | None = None, **_: Any) -> None:
        """A better model is kept at once; after too many evaluations without a gain the run ends."""
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
            self._want_save(state, control)

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """The trainer has written a checkpoint: only now does anybody hear of it."""
        self._ranks.wait()  # Each process writes a part of it.
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

    def last_checkpoint(self) -> Path | None:
        """The checkpoint a result is made of: the best, else the last."""
        known = whole_checkpoints(self._folder)
        best = self._folder / f"checkpoint-{self.progress.best_step}"
        if self._job.save.keep_best and best in known:
            return best
        return known[-1] if known else None
