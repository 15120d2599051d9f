"""How much memory a run may still take on this machine, and a refusal before one that has no room."""

from __future__ import annotations

from pathlib import Path

import psutil

from treadle_trainer.events import rss_mb
from treadle_trainer.problems import Problem

GROUPS = Path("/sys/fs/cgroup")


def peak_mb() -> float:
    """The most resident memory this program ever had, in MiB; 0 where the system does not tell. (`getrusage` counts in what started it.)"""
    try:
        with open("/proc/self/status", encoding="utf-8") as file:
            line = next(line for line in file if line.startswith("VmHWM:"))
        return round(int(line.split()[1]) / 1024, 1)
    except (OSError, StopIteration, ValueError):
        return 0.0


def room_mb() -> float:
    """What this process may grow to, in MiB: what it has, with what is free on the machine and within the limits of its control groups."""
    free = float(psutil.virtual_memory().available)
    return rss_mb() + min([free, *_rooms_of_groups()]) / 2**20


def require_memory(needed_mb: float) -> None:
    """Throws when a run would take more than there is: ended from outside by the machine it could tell nothing."""
    import torch

    if torch.cuda.is_available():
        return  # Its memory is the graphics card's.
    room = room_mb()
    if needed_mb <= room:
        return
    message = f"The run needs about {needed_mb:.0f} MB of memory, and it can have {room:.0f} MB on this machine."
    what_to_do = "Lower micro_batch_size (and raise gradient_accumulation_steps by as much) or sequence_len, use an adapter, or end what else takes memory."
    raise Problem("not_enough_memory", message, what_to_do, is_user_error=False)


def _rooms_of_groups(groups: Path = GROUPS, own: Path = Path("/proc/self/cgroup")) -> list[float]:
    """Bytes left below each limit that holds for this process, as a container or a service manager sets them (version 2)."""
    try:
        line = next(line for line in own.read_text(encoding="utf-8").splitlines() if line.startswith("0::"))
    except (OSError, StopIteration):
        return []
    group = groups / line[len("0::") :].lstrip("/")
    rooms = [_room_of(folder) for folder in (group, *group.parents) if folder.is_relative_to(groups)]
    return [room for room in rooms if room is not None]


def _room_of(group: Path) -> float | None:
    """Below one limit; pages of files are given back when memory is wanted. None where there is no limit."""
    try:
        limit = (group / "memory.max").read_text(encoding="utf-8").strip()
        used = int((group / "memory.current").read_text(encoding="utf-8"))
        told = dict(line.split() for line in (group / "memory.stat").read_text(encoding="utf-8").splitlines())
        return None if limit == "max" else float(int(limit) - used + int(told.get("inactive_file", 0)))
    except (OSError, ValueError):
        return None
