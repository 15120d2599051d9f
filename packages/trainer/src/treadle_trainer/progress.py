"""How far a run is: what it has learnt so far, when it was best, and how long the rest takes."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

_KEPT = ("best_step", "best_eval_loss", "evaluations_without_gain", "trained_tokens", "elapsed_s")
FIRST_STEPS = 2
# Of the newest step in the pace: the last ten or so say how long the rest takes.
LEAST_WEIGHT = 0.1


@dataclass
class Progress:
    """What a checkpoint must remember, so that a resumed run knows all that an uninterrupted one would."""

    best_step: int | None = None
    best_eval_loss: float | None = None
    evaluations_without_gain: int = 0
    trained_tokens: int = 0
    elapsed_s: float = 0.0
    # Of this process alone: its steps, their seconds, and what one takes now.
    steps_done: int = 0
    trained_s: float = 0.0
    step_s: float | None = None
    _started: float = field(default_factory=time.monotonic)
    _elapsed_before: float = 0.0
    _tokens_before: int = 0
    _first_step: int = 0
    _trained_at: float = 0.0
    _told: int = 0

    @classmethod
    def after(cls, facts: dict[str, Any]) -> "Progress":
        """Goes on from what a checkpoint remembers. `step_s` in it: what a step is thought to take before the first one."""
        progress = cls(**{name: facts[name] for name in _KEPT if name in facts}, step_s=facts.get("step_s"))
        progress._told = 0 if progress.step_s is None else 1
        progress._elapsed_before = progress.elapsed_s
        progress._tokens_before = progress.trained_tokens
        return progress

    def facts(self) -> dict[str, Any]:
        """What a checkpoint remembers."""
        return {name: getattr(self, name) for name in _KEPT}

    def begin(self, step: int) -> None:
        """Training begins, or goes on, after `step`."""
        self._first_step = step
        self._started = time.monotonic()

    def step_begins(self) -> None:
        """Time from here to `step_ends` is training; what lies between steps is evaluation and saving."""
        self._trained_at = time.monotonic()

    def step_ends(self) -> None:
        """See `step_begins`. The pace is the mean at first, what was thought beforehand counted as one step; then old steps fade."""
        took = time.monotonic() - self._trained_at
        self.steps_done += 1
        self.trained_s += took
        self._told += 1
        before = took if self.step_s is None else self.step_s
        self.step_s = before + max(1 / self._told, LEAST_WEIGHT) * (took - before)

    def tell(self, step: int, total: int, tokens: int | None) -> dict[str, float | int]:
        """Times and tokens after a step. What is left goes on at the pace of now, with as much for evaluating and saving as until now."""
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
        """Notes an evaluation. Returns whether it is the best yet, by `min_delta` at least."""
        if loss is None or not math.isfinite(loss):
            self.evaluations_without_gain += 1
            return False
        if self.best_eval_loss is not None and loss >= self.best_eval_loss - min_delta:
            self.evaluations_without_gain += 1
            return False
        self.best_step, self.best_eval_loss, self.evaluations_without_gain = step, loss, 0
        return True

    def measured(self, step: int, total: int) -> float | None:
        """The seconds a whole run takes, as the first steps of this process told; None except right after them."""
        if step - self._first_step != min(FIRST_STEPS, max(total - self._first_step, 1)):
            return None
        return round(self.trained_s / (step - self._first_step) * total, 3)
