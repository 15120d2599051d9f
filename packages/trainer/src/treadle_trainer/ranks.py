"""The processes that share one run. `torchrun` starts them; the first of them tells, saves and writes for all."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta
from typing import Any

# Some of what the first one does alone, such as writing the result of a large model, takes long.
PATIENCE = timedelta(days=1)
_LOOK_SECONDS = 0.5


class Ranks:
    """One process alone, or one of several. `number` counts from 0."""

    def __init__(self, number: int = 0, size: int = 1) -> None:
        self.number = number
        self.size = size

    @classmethod
    def from_environment(cls) -> "Ranks":
        """As `torchrun` tells it; alone where nobody does."""
        return cls(int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1")))

    @property
    def is_first(self) -> bool:
        """Whether this one tells, saves and writes."""
        return self.number == 0

    def meet(self) -> None:
        """Connects the processes. From here on they wait for each other."""
        if self.size == 1:
            return
        import torch

        backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
        torch.distributed.init_process_group(backend, timeout=PATIENCE)

    def part(self) -> None:
        """The end of what `meet` began."""
        if self.size == 1:
            return
        import torch

        torch.distributed.destroy_process_group()

    def wait(self) -> None:
        """Until all are here."""
        self.greatest([0])

    def greatest(self, values: list[int]) -> list[int]:
        """Place by place the greatest that one of them has: the same for all."""
        if self.size == 1:
            return values
        import torch

        found = torch.tensor(values, dtype=torch.int64)
        torch.distributed.all_reduce(found, op=torch.distributed.ReduceOp.MAX)
        return [int(value) for value in found]

    def of_first(self, value: Any) -> Any:
        """What the first of them has, for all."""
        if self.size == 1:
            return value
        import torch

        told = [value]
        torch.distributed.broadcast_object_list(told, src=0)
        return told[0]


def end_with_parent() -> None:
    """Ends this process when the one that started it is gone, however that one ended: it leads a session of its own."""
    parent = os.getppid()
    over = threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=look, daemon=True, name="parent").start()
