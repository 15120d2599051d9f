"""The speed of this machine for one kind of run: measured once, stored in a file, and corrected by the times of real runs."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import statistics
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from treadle_trainer.jobs.job import Job

# Speed always varies, so no estimate claims a smaller error than this.
LEAST_ERROR = 0.15
# A shorter run spends most of its time on the start.
LEAST_STEPS = 5
MOST_RUNS = 5
# Without a run to confirm it, a measurement may come from a busy machine.
KEPT_SECONDS = 7 * 86_400


@dataclass(frozen=True)
class Work:
    """The rows, and their tokens, that a run or a part of it reads."""

    rows: float
    tokens: float


@dataclass(frozen=True)
class Line:
    """The seconds of a forward and backward pass over a text: `fixed + each * tokens`. `error`: the relative spread of repeated measurements."""

    fixed: float
    each: float
    error: float

    def seconds(self, work: Work) -> float:
        """The seconds of passes over these rows and tokens."""
        return max(work.rows * self.fixed + work.tokens * self.each, 0.0)


@dataclass(frozen=True)
class Guess:
    """Seconds, their relative error, the number of runs that corrected them, and the correction factor."""

    seconds: float
    error: float
    runs: int
    correction: float


@dataclass
class Pace:
    """The stored data about one kind of run. `model`: counts from the time of the measurement. `runs`: the latest real runs, oldest first."""

    line: Line | None = None
    measured_at: float = 0.0
    model: dict[str, Any] = field(default_factory=dict)
    runs: list[dict[str, float]] = field(default_factory=list)

    @property
    def is_fresh(self) -> bool:
        """Whether the line is recent enough. A clock that was set back makes it outdated."""
        return self.line is not None and (bool(self.runs) or 0 <= time.time() - self.measured_at < KEPT_SECONDS)

    def guess(self, work: Work, factor: float = 1.0) -> Guess | None:
        """The seconds for some work, None without data. `factor`: passes of the line per row."""
        line = self.line or self._line_of_runs(factor)
        if line is None:
            return None
        ratios = [run["seconds"] / expected for run in self.runs if (expected := factor * line.seconds(_work_of(run))) > 0]
        correction = statistics.median(ratios) if ratios else 1.0
        spread = max((abs(ratio / correction - 1) for ratio in ratios), default=0.0)
        error = max(spread, LEAST_ERROR) if len(ratios) > 1 else max(line.error, LEAST_ERROR)
        return Guess(factor * line.seconds(work) * correction, error, len(ratios), round(correction, 3))

    def _line_of_runs(self, factor: float) -> Line | None:
        """Without a measurement: the time per token of the last run."""
        tokens = self.runs[-1]["tokens"] if self.runs else 0.0
        return Line(0.0, self.runs[-1]["seconds"] / tokens / factor, LEAST_ERROR) if tokens > 0 else None

    def add(self, work: Work, seconds: float) -> None:
        """Stores the training time of a real run, without evaluations and saving."""
        self.runs = [*self.runs, {"rows": work.rows, "tokens": work.tokens, "seconds": round(seconds, 3)}][-MOST_RUNS:]


def _work_of(run: dict[str, float]) -> Work:
    return Work(run["rows"], run["tokens"])


def kind_of(job: Job, precision: str) -> dict[str, Any]:
    """The properties that two runs must share to compare their speed: the machine, the model, its shape and the precision."""
    adapter = f"lora {job.lora.r} on {job.lora.target}" if job.has_adapter else "none"
    return {
        "host": platform.node(),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "threads": job.threads,
        "base": job.base.hash or str(job.base.path),
        "method": job.method,
        "adapter": adapter,
        "micro_batch_size": job.micro_batch_size,
        "precision": precision,
    }


def processor() -> str:
    """The name of the GPU that torch would use, otherwise of the processor."""
    import torch

    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name())
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), platform.machine())
    except OSError:
        return platform.machine()


def read_pace(job: Job, precision: str) -> Pace:
    """The stored data about this kind of run. An unreadable file counts as missing, and its contents are measured again."""
    path = _path_of(job, precision)
    try:
        stored = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
        line = None if stored.get("line") is None else Line(**{name: float(value) for name, value in stored["line"].items()})
        runs = [{name: float(run[name]) for name in ("rows", "tokens", "seconds")} for run in stored.get("runs", [])]
        return Pace(line, float(stored.get("measured_at", 0.0)), dict(stored.get("model", {})), runs)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Pace()


def keep_pace(job: Job, precision: str, pace: Pace) -> None:
    """Writes the data atomically. A failure to write is ignored, because no run should fail for it."""
    path = _path_of(job, precision)
    if path is None:
        return
    building = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        building.write_text(json.dumps({"kind": kind_of(job, precision), **asdict(pace)}, indent=2), encoding="utf-8")
        building.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            building.unlink()


def _path_of(job: Job, precision: str) -> Path | None:
    if job.calibrations is None:
        return None
    kind = json.dumps(kind_of(job, precision), sort_keys=True)
    return job.calibrations / f"{hashlib.sha256(kind.encode()).hexdigest()[:24]}.json"
