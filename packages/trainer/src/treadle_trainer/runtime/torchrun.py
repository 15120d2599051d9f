"""Runs one job in several processes of this machine, with the agent of `torchrun --standalone`."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import uuid
from pathlib import Path

import psutil

from treadle_trainer.runtime.problems import EXIT_DONE, EXIT_SIGNAL

# The agent would kill processes on its own signal while they save. So signals are passed on here, and the agent gets one that nothing sends.
_OF_THE_AGENT = "SIGUSR2"
# After one process failed, the others have this long to report.
_SHUTDOWN_SECONDS = 60
_SIGNALLED = 128


def torchrun(job: Path, processes: int) -> int:
    """Trains. Returns the exit code of the process that failed first, as a shell reports it, otherwise 0."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _pass_on)
    with tempfile.TemporaryDirectory() as notes:
        return _launch(job, processes, notes)


def _launch(job: Path, processes: int, notes: str) -> int:
    """`notes`: the folder for the agent's own files."""
    from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    config = LaunchConfig(
        logs_specs=DefaultLogsSpecs(log_dir=notes),
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=processes,
        run_id=uuid.uuid4().hex,
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        local_addr="localhost",
        max_restarts=0,
        signals_to_handle=_OF_THE_AGENT,
        shutdown_timeout=_SHUTDOWN_SECONDS,
    )
    try:
        elastic_launch(config, sys.executable)("-u", "-m", "treadle_trainer", "run", str(job))
    except ChildFailedError as error:
        _, failure = error.get_first_failure()
        return failure.exitcode if failure.exitcode >= 0 else _SIGNALLED - failure.exitcode
    return EXIT_DONE


def _pass_on(number: int, _frame: object) -> None:
    """Passes a signal on to each training process. Without any, it is safe to exit immediately."""
    children = psutil.Process().children()
    if not children:
        raise SystemExit(EXIT_SIGNAL)
    for child in children:
        try:
            os.kill(child.pid, number)
        except ProcessLookupError:
            pass  # The process has already exited.
