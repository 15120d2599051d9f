"""Throttling: a server that also answers requests writes the number of threads for a run to `threads.json` in its folder."""

from __future__ import annotations

import json
from pathlib import Path


class Threads:
    """The number of threads of this process. `now` is at most `most`; `gave_way` says whether it was ever lower."""

    def __init__(self, folder: Path, most: int) -> None:
        self._path = folder / "threads.json"
        self._most = most
        self._seen = 0
        self.now = most
        self.gave_way = False

    def follow(self) -> None:
        """Reads a changed setting. Call it in the computing thread, because the setting is per thread."""
        try:
            changed = self._path.stat().st_mtime_ns
            if changed == self._seen:
                return
            threads = json.loads(self._path.read_text(encoding="utf-8"))["threads"]
        except (OSError, ValueError, TypeError, KeyError):
            return  # The file is missing or invalid: the number of threads stays the same.
        self._seen = changed
        if isinstance(threads, int) and not isinstance(threads, bool):
            self._take(min(max(threads, 1), self._most))

    def _take(self, threads: int) -> None:
        import torch

        if threads == self.now:
            return
        torch.set_num_threads(threads)
        self.now = threads
        self.gave_way = self.gave_way or threads < self._most
