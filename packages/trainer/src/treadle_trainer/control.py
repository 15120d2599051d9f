"""How a run is told to save or stop: `control.json` in its folder, a signal, or the end of its budget."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

from treadle_trainer.problems import Interrupted
from treadle_trainer.ranks import Ranks

# As processes tell each other; 0 is none.
_REASONS = ("signal", "user", "budget", "early_stopping", "non_finite_loss")


class Control:
    """What the run was asked. `reason` is why it should stop, None while it should go on. Several processes agree on it at each look."""

    def __init__(self, folder: Path, max_minutes: float | None = None, ranks: Ranks = Ranks()) -> None:
        self._path = folder / "control.json"
        self._ranks = ranks
        self._deadline = None if max_minutes is None else time.monotonic() + max_minutes * 60
        self._wants_save = False
        self._is_signalled = False
        self._asked: str | None = None
        self.reason: str | None = None

    def catch_signals(self) -> None:
        """From here on SIGTERM and SIGINT mean: save, then stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, *_: object) -> None:
        self._is_signalled = True
        self.ask("signal")

    def ask(self, reason: str) -> None:
        """Asks for the end, which comes when all processes look next; the first reason stays."""
        self._asked = self._asked or reason

    def stop(self, reason: str) -> None:
        """Asks for the end at once, for what every process sees by itself."""
        self.ask(reason)
        self.reason = self.reason or reason

    def poll(self) -> bool:
        """Reads what came in. Returns whether a checkpoint is wanted, which is then taken for made."""
        self._read()
        wants_save, self._wants_save = self._wants_save, False
        return wants_save or self.reason is not None

    def _read(self) -> None:
        command = self._take_command()
        if command == "save":
            self._wants_save = True
        if command == "stop":
            self.ask("user")
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.ask("budget")
        self._agree()

    def _agree(self) -> None:
        """What one process was asked, all were."""
        number = 0 if self._asked is None else 1 + _REASONS.index(self._asked)
        number, wants_save = self._ranks.greatest([number, int(self._wants_save)])
        if number > 0:
            self.reason = self.reason or _REASONS[number - 1]
        self._wants_save = bool(wants_save)

    def check(self) -> None:
        """Throws `Interrupted` when the run was asked to stop before it had something to save."""
        self._read()
        if self.reason is not None:
            raise Interrupted(self.reason)

    def check_signal(self) -> None:
        """Throws `Interrupted` when a signal came. While a result is written, what ended the training is no reason to leave it."""
        if self._is_signalled:
            raise Interrupted("signal")

    def _take_command(self) -> str | None:
        if not self._ranks.is_first:
            return None
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        self._path.unlink(missing_ok=True)
        try:
            given = json.loads(text)
        except json.JSONDecodeError:
            return None
        return given.get("cmd") if isinstance(given, dict) else None
