"""Requests to save or stop a run: `control.json` in its folder, a signal, or the end of its budget."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

from treadle_trainer.runtime.problems import Interrupted
from treadle_trainer.runtime.ranks import Ranks

# Which checkpoint becomes the model: the one with the lowest evaluation loss, or the last one.
RESULTS = ("best", "last")
# After these reasons the run is evaluated at its last step. A signal leaves no time for that, and the run will be resumed.
EVALUATED_AT_THE_END = ("user", "budget")
# The numbers that processes exchange are positions in this list. 0 means no reason.
_REASONS = ("signal", "user", "budget", "early_stopping", "non_finite_loss")


class Control:
    """The requests that a run received.

    `reason` is why it should stop, None while it should continue. Several processes agree on it at each poll.
    """

    def __init__(self, folder: Path, max_minutes: float | None = None, ranks: Ranks = Ranks()) -> None:
        self._path = folder / "control.json"
        self._ranks = ranks
        self._deadline = None if max_minutes is None else time.monotonic() + max_minutes * 60
        self._wants_save = False
        self._is_signalled = False
        self._requested: str | None = None
        self.reason: str | None = None
        # Which checkpoint becomes the model, if the user chose one when they stopped the run.
        self.result: str | None = None

    def catch_signals(self) -> None:
        """Handles SIGTERM and SIGINT from now on: save, then stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, *_: object) -> None:
        self._is_signalled = True
        self.request("signal")

    def request(self, reason: str) -> None:
        """Requests a stop, which takes effect when all processes poll next. The first reason wins."""
        self._requested = self._requested or reason

    def stop(self, reason: str) -> None:
        """Stops immediately, for conditions that every process detects itself."""
        self.request(reason)
        self.reason = self.reason or reason

    def poll(self) -> bool:
        """Reads new requests. Returns whether to save a checkpoint, and clears that request."""
        self._read()
        wants_save, self._wants_save = self._wants_save, False
        return wants_save or self.reason is not None

    def _read(self) -> None:
        request = self._take_request()
        command = request.get("cmd")
        if command == "save":
            self._wants_save = True
        if command == "stop":
            self.request("user")
            self.result = request.get("result") if request.get("result") in RESULTS else self.result
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.request("budget")
        self._agree()

    def _agree(self) -> None:
        """Shares a request to one process with all processes."""
        number = 0 if self._requested is None else 1 + _REASONS.index(self._requested)
        number, wants_save = self._ranks.greatest([number, int(self._wants_save)])
        if number > 0:
            self.reason = self.reason or _REASONS[number - 1]
        self._wants_save = bool(wants_save)

    def check(self) -> None:
        """Raises `Interrupted` if the run should stop before it has something to save."""
        self._read()
        if self.reason is not None:
            raise Interrupted(self.reason)

    def check_signal(self) -> None:
        """Raises `Interrupted` after a signal. While a result is written, other reasons to stop do not interrupt it."""
        if self._is_signalled:
            raise Interrupted("signal")

    def _take_request(self) -> dict[str, Any]:
        if not self._ranks.is_first:
            return {}
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        self._path.unlink(missing_ok=True)
        try:
            request = json.loads(text)
        except json.JSONDecodeError:
            return {}
        return request if isinstance(request, dict) else {}
