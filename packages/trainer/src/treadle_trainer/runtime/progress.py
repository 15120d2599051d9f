"""The progress of a run: what was learnt so far, when it was best, and the remaining time."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

_KEPT = ("best_step", "best_eval_loss", "evaluations_without_gain", "trained_tokens", "elapsed_s")
FIRST_STEPS = 2
# The weight of the newest step in the average: about the last ten steps decide the remaining time.
LEAST_WEIGHT = 0.1


@dataclass
class Progress:
    """The state that a checkpoint stores, so that a resumed run continues like an uninterrupted one."""

    best_step: int | None = None
    best_eval_loss: float | None = None
    evaluations_without_gain: int = 0
    trained_tokens: int = 0
    elapsed_s: float = 0.0
    # Of this process only: its steps, their total seconds, and the current seconds per step.
    steps_done: int = 0
    trained_s: float = 0.0
    step_s: float | None = None
    _started: float = field(default_factory=time.monotonic)
    _elapsed_before: float = 0.0
    _tokens_before: int = 0
    _first_step: int = 0
    _trained_at: float = 0.0
    _measured: int = 0

    @classmethod
    def after(cls, facts: dict[str, Any]) -> "Progress":
        """Continues from the state of a checkpoint. `step_s`: the estimated seconds per step before the first one."""
        progress = cls(**{name: facts[name] for name in _KEPT if name in facts}, step_s=facts.get("step_s"))
        progress._measured = 0 if progress.step_s is None else 1
        progress._elapsed_before = progress.elapsed_s
        progress._tokens_before = progress.trained_tokens
        return progress

    def facts(self) -> dict[str, Any]:
        """The state that a checkpoint stores."""
        return {name: getattr(self, name) for name in _KEPT}

    def begin(self, step: int) -> None:
        """Called when training starts, or continues, after `step`."""
        self._first_step = step
        self._started = time.monotonic()

    def step_begins(self) -> None:
        """Time from here to `step_ends` is training. Time between steps is evaluation and saving."""
        self._trained_at = time.monotonic()

    def step_ends(self) -> None:
        """Ends a step (see `step_begins`). The pace starts as a mean in which the estimate counts as one step. Then older steps fade."""
        took = time.monotonic() - self._trained_at
        self.steps_done += 1
        self.trained_s += took
        self._measured += 1
        before = took if self.step_s is None else self.step_s
        self.step_s = before + max(1 / self._measured, LEAST_WEIGHT) * (took - before)

    def update(self, step: int, total: int, tokens: int | None) -> dict[str, float | int]:
        """Times and tokens after a step. The remaining time assumes the current pace, and the same share for evaluations and saving as so far."""
        now = time.monotonic() - self._started
        self.elapsed_s = round(self._elapsed_before + now, 2)
        if tokens is not None:
            self.trained_tokens = self._tokens_before + int(tokens)
        done = max(step - self._first_step, 1)
        seconds = max(self.trained_s, 1e-9)
        each = (self.step_s or 0.0) + max(now - self.trained_s, 0.0) / done
        return {
            "num_tokens": self.trained_tokens,
            "tokens_per_s": round((self.trained_tokens - self._tokens_before) / seconds, 1),
            "elapsed_s": self.elapsed_s,
            "eta_s": round(each * max(total - step, 0), 1),
        }

    def judge(self, step: int, loss: float | None, min_delta: float) -> bool:
        """Records an evaluation. Returns whether it is the best so far, by at least `min_delta`."""
        if loss is None or not math.isfinite(loss):
            self.evaluations_without_gain += 1
            return False
        if self.best_eval_loss is not None and loss >= self.best_eval_loss - min_delta:
            self.evaluations_without_gain += 1
            return False
        self.best_step, self.best_eval_loss, self.evaluations_without_gain = step, loss, 0
        return True

    def measured(self, step: int, total: int) -> float | None:
        """The expected seconds of the whole run, from the first steps of this process. None except right after them."""
        if step - self._first_step != min(FIRST_STEPS, max(total - self._first_step, 1)):
            return None
        return round(self.trained_s / (step - self._first_step) * total, 3)
