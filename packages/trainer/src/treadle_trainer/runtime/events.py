"""The event file: one JSON object per line, numbered from 1 without a gap, also across a crash and a resume."""

from __future__ import annotations

import json
import math
import os
import threading
import time
from pathlib import Path
from typing import Any

import psutil

HEARTBEAT_SECONDS = 5.0


def rss_mb() -> float:
    """Resident memory of this process in MiB."""
    return round(psutil.Process().memory_info().rss / 2**20, 1)


class Emitter:
    """Writes events. A line is on disk before the call returns, so that a reader never sees a number twice and never misses one."""

    def __init__(self, path: Path, job: str) -> None:
        self._job = job
        self._lock = threading.Lock()
        self._file = open(path, "a+b", buffering=0)
        self.seq = _cut_torn_line(self._file)

    def __call__(self, kind: str, /, **fields: Any) -> None:
        """Writes one event. Numbers that JSON cannot represent become null and are listed in `non_finite`."""
        broken = [name for name, value in fields.items() if isinstance(value, float) and not math.isfinite(value)]
        clean = {name: None if name in broken else value for name, value in fields.items()}
        if broken:
            clean["non_finite"] = broken
        with self._lock:
            event = {"v": 1, "job": self._job, "seq": self.seq + 1, "t": round(time.time(), 3), "type": kind, **clean}
            line = json.dumps(event, ensure_ascii=False, allow_nan=False, default=_plain).encode() + b"\n"
            _write_whole(self._file, line)
            os.fsync(self._file.fileno())
            self.seq += 1

    def warn(self, code: str, message: str) -> None:
        """Writes a `warning`: training continues, but the user should know."""
        self("warning", code=code, message=message)

    def close(self) -> None:
        """Closes the file. Later events raise."""
        with self._lock:
            self._file.close()


class Mute:
    """Replaces an `Emitter` where another process writes the events."""

    def __call__(self, kind: str, /, **fields: Any) -> None:
        """Does nothing."""

    def warn(self, code: str, message: str) -> None:
        """Does nothing."""

    def close(self) -> None:
        """Does nothing."""


def _write_whole(file: Any, line: bytes) -> None:
    """Writes a whole line or nothing: what a full disk accepted is removed again."""
    start = file.seek(0, os.SEEK_END)
    done = 0
    try:
        while done < len(line):
            done += file.write(line[done:])
    except OSError:
        file.truncate(start)
        raise


def _cut_torn_line(file: Any) -> int:
    """Removes an incomplete last line after a crash. Returns the number of the last complete event, 0 if there is none."""
    file.seek(0)
    text = file.read()
    end = text.rfind(b"\n") + 1
    if end < len(text):
        file.truncate(end)
    lines = text[:end].splitlines()
    return int(json.loads(lines[-1])["seq"]) if lines else 0


def _plain(value: Any) -> Any:
    """Paths as text, and numbers of other libraries as Python numbers."""
    return value.item() if hasattr(value, "item") else str(value)


class Heartbeat:
    """Reports every few seconds that the process is alive, even while a step takes minutes."""

    def __init__(self, emit: "Emitter | Mute", seconds: float = HEARTBEAT_SECONDS) -> None:
        self._emit = emit
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True, name="heartbeat")

    def _beat(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                self._emit("heartbeat", rss_mb=rss_mb())
            except OSError:
                return  # The disk is full. The trainer's next write reports it better.

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
