"""The memory that a run can still use on this machine, and a check before the run starts."""

from __future__ import annotations

from pathlib import Path

import psutil

from treadle_trainer.runtime.events import rss_mb
from treadle_trainer.runtime.problems import Problem

GROUPS = Path("/sys/fs/cgroup")


def peak_mb() -> float:
    """The peak resident memory of this program, in MiB. 0 if the system does not report it. (`getrusage` would include the parent process.)"""
    try:
        with open("/proc/self/status", encoding="utf-8") as file:
            line = next(line for line in file if line.startswith("VmHWM:"))
        return round(int(line.split()[1]) / 1024, 1)
    except (OSError, StopIteration, ValueError):
        return 0.0


def room_mb() -> float:
    """The most memory that this process can use, in MiB: its present memory, plus the free memory within the limits of its control groups."""
    free = float(psutil.virtual_memory().available)
    return rss_mb() + min([free, *_rooms_of_groups()]) / 2**20


def require_memory(needed_mb: float) -> None:
    """Raises if a run needs more memory than is available. The system would kill it without an error message."""
    import torch

    if torch.cuda.is_available():
        return  # The run uses the memory of the GPU.
    room = room_mb()
    if needed_mb <= room:
        return
    message = f"The run needs about {needed_mb:.0f} MB of memory, but only {room:.0f} MB are available on this machine."
    what_to_do = "Lower micro_batch_size (and raise gradient_accumulation_steps by the same factor) or sequence_len, use an adapter, or stop other programs."
    raise Problem("not_enough_memory", message, what_to_do, is_user_error=False)


def _rooms_of_groups(groups: Path = GROUPS, own: Path = Path("/proc/self/cgroup")) -> list[float]:
    """Bytes left below each limit of this process, as containers and service managers set them (cgroups version 2)."""
    try:
        line = next(line for line in own.read_text(encoding="utf-8").splitlines() if line.startswith("0::"))
    except (OSError, StopIteration):
        return []
    group = groups / line[len("0::") :].lstrip("/")
    rooms = [_room_of(folder) for folder in (group, *group.parents) if folder.is_relative_to(groups)]
    return [room for room in rooms if room is not None]


def _room_of(group: Path) -> float | None:
    """Bytes left below one limit. Cached file pages count as free. None without a limit."""
    try:
        limit = (group / "memory.max").read_text(encoding="utf-8").strip()
        used = int((group / "memory.current").read_text(encoding="utf-8"))
        stat = dict(line.split() for line in (group / "memory.stat").read_text(encoding="utf-8").splitlines())
        return None if limit == "max" else float(int(limit) - used + int(stat.get("inactive_file", 0)))
    except (OSError, ValueError):
        return None
