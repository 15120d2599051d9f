"""The processes that share one run. `torchrun` starts them. The first process reports, saves and writes for all."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta
from typing import Any

# Some work of the first process, such as writing the result of a large model, takes long.
PATIENCE = timedelta(days=1)
_LOOK_SECONDS = 0.5


class Ranks:
    """One process alone, or one of several. `number` counts from 0."""

    def __init__(self, number: int = 0, size: int = 1) -> None:
        self.number = number
        self.size = size

    @classmethod
    def from_environment(cls) -> "Ranks":
        """Reads the variables of `torchrun`. Without them, the process is alone."""
        return cls(int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1")))

    @property
    def is_first(self) -> bool:
        """Whether this process reports, saves and writes."""
        return self.number == 0

    def meet(self) -> None:
        """Connects the processes. From now on they wait for each other."""
        if self.size == 1:
            return
        import torch

        backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
        torch.distributed.init_process_group(backend, timeout=PATIENCE)

    def part(self) -> None:
        """Ends the connection of `meet`."""
        if self.size == 1:
            return
        import torch

        torch.distributed.destroy_process_group()

    def wait(self) -> None:
        """Waits for all processes."""
        self.greatest([0])

    def greatest(self, values: list[int]) -> list[int]:
        """The element-wise maximum over all processes."""
        if self.size == 1:
            return values
        import torch

        tensor = torch.tensor(values, dtype=torch.int64)
        torch.distributed.all_reduce(tensor, op=torch.distributed.ReduceOp.MAX)
        return [int(value) for value in tensor]

    def of_first(self, value: Any) -> Any:
        """Sends the value of the first process to all."""
        if self.size == 1:
            return value
        import torch

        box = [value]
        torch.distributed.broadcast_object_list(box, src=0)
        return box[0]


def end_with_parent() -> None:
    """Ends this process when its parent is gone for any reason. It is needed because the process has its own session."""
    parent = os.getppid()
    over = threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=look, daemon=True, name="parent").start()
