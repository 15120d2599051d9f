"""Gives way: a run whose machine answers requests too is told, by `threads.json` in its folder, with how many threads to go on."""

from __future__ import annotations

import json
from pathlib import Path


class Threads:
    """How many threads this process computes with. `now` is at most `most`; `gave_way` says whether it ever was less."""

    def __init__(self, folder: Path, most: int) -> None:
        self._path = folder / "threads.json"
        self._most = most
        self._seen = 0
        self.now = most
        self.gave_way = False

    def follow(self) -> None:
        """Takes what was told since the last look. To be called by the thread that computes: others have a count of their own."""
        try:
            changed = self._path.stat().st_mtime_ns
            if changed == self._seen:
                return
            told = json.loads(self._path.read_text(encoding="utf-8"))["threads"]
        except (OSError, ValueError, TypeError, KeyError):
            return  # Nothing was told, or not so that it can be read: all goes on as before.
        self._seen = changed
        if isinstance(told, int) and not isinstance(told, bool):
            self._take(min(max(told, 1), self._most))

    def _take(self, threads: int) -> None:
        import torch

        if threads == self.now:
            return
        torch.set_num_threads(threads)
        self.now = threads
        self.gave_way = self.gave_way or threads < self._most
