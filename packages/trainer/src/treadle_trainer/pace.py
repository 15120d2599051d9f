"""How fast this machine is at runs of one kind: measured once, kept in a file, and corrected by what real runs took."""

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

from treadle_trainer.job import Job

# No machine keeps its pace: a guess is never told as surer than this.
LEAST_ERROR = 0.15
# Of a run with fewer steps most of the time went into beginning.
LEAST_STEPS = 5
MOST_RUNS = 5
# A measurement that no run has confirmed may have met a busy machine.
KEPT_SECONDS = 7 * 86_400


@dataclass(frozen=True)
class Work:
    """What a run or a part of it reads: rows, and tokens of all of them."""

    rows: float
    tokens: float


@dataclass(frozen=True)
class Line:
    """Seconds of one forward and backward pass over a text: `fixed + each * tokens`. `error`: its share that repeats differed by."""

    fixed: float
    each: float
    error: float

    def seconds(self, work: Work) -> float:
        """Of passes over so many rows with so many tokens."""
        return max(work.rows * self.fixed + work.tokens * self.each, 0.0)


@dataclass(frozen=True)
class Guess:
    """Seconds, the share they may be off by, and how many runs they were corrected by, by which factor."""

    seconds: float
    error: float
    runs: int
    correction: float


@dataclass
class Pace:
    """What is known of one kind of run. `model`: what was counted when the line was measured. `runs`: the last real ones, oldest first."""

    line: Line | None = None
    measured_at: float = 0.0
    model: dict[str, Any] = field(default_factory=dict)
    runs: list[dict[str, float]] = field(default_factory=list)

    @property
    def is_fresh(self) -> bool:
        """Whether the line need not be measured again. A clock that was set back makes it old."""
        return self.line is not None and (bool(self.runs) or 0 <= time.time() - self.measured_at < KEPT_SECONDS)

    def guess(self, work: Work, factor: float = 1.0) -> Guess | None:
        """Seconds of so much work, None when nothing is known. `factor`: passes of a row, in passes of the line."""
        line = self.line or self._line_of_runs(factor)
        if line is None:
            return None
        ratios = [run["seconds"] / told for run in self.runs if (told := factor * line.seconds(_work_of(run))) > 0]
        correction = statistics.median(ratios) if ratios else 1.0
        spread = max((abs(ratio / correction - 1) for ratio in ratios), default=0.0)
        error = max(spread, LEAST_ERROR) if len(ratios) > 1 else max(line.error, LEAST_ERROR)
        return Guess(factor * line.seconds(work) * correction, error, len(ratios), round(correction, 3))

    def _line_of_runs(self, factor: float) -> Line | None:
        """Without a measurement: what the last run took of time for each token."""
        tokens = self.runs[-1]["tokens"] if self.runs else 0.0
        return Line(0.0, self.runs[-1]["seconds"] / tokens / factor, LEAST_ERROR) if tokens > 0 else None

    def add(self, work: Work, seconds: float) -> None:
        """Remembers what a real run took to train, evaluations and saving apart."""
        self.runs = [*self.runs, {"rows": work.rows, "tokens": work.tokens, "seconds": round(seconds, 3)}][-MOST_RUNS:]


def _work_of(run: dict[str, float]) -> Work:
    return Work(run["rows"], run["tokens"])


def kind_of(job: Job, precision: str) -> dict[str, Any]:
    """What must be the same for the pace of one run to say something of another's: the machine, the model, its shape and precision."""
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
    """The name of the graphics card that torch would take, else of the processor."""
    import torch

    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name())
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), platform.machine())
    except OSError:
        return platform.machine()


def read_pace(job: Job, precision: str) -> Pace:
    """What is known of the job's kind of run. A file that cannot be read is as none: what it held is measured anew."""
    path = _path_of(job, precision)
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
        line = None if found.get("line") is None else Line(**{name: float(value) for name, value in found["line"].items()})
        runs = [{name: float(run[name]) for name in ("rows", "tokens", "seconds")} for run in found.get("runs", [])]
        return Pace(line, float(found.get("measured_at", 0.0)), dict(found.get("model", {})), runs)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Pace()


def keep_pace(job: Job, precision: str, pace: Pace) -> None:
    """Writes what is known, whole or not at all. Where it cannot be kept it is forgotten: no run fails for it."""
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
    told = json.dumps(kind_of(job, precision), sort_keys=True)
    return job.calibrations / f"{hashlib.sha256(told.encode()).hexdigest()[:24]}.json"
