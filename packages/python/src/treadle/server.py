"""Starts a server for the tests, on this machine only."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import tempfile
from contextlib import contextmanager
from typing import Iterator, Optional, Sequence

from treadle.client import Client


@contextmanager
def started_server(command: Sequence[str], data: Optional[str] = None) -> Iterator[Client]:
    """Starts `treadle serve` with this command and stops it at the end. `data` names a folder that keeps its runs."""
    with tempfile.TemporaryDirectory(prefix="treadle-eval-") as own:
        key = f"tr_{secrets.token_hex(24)}"
        words = [*command, "serve", "--json", "--host", "127.0.0.1", "--port", "0", "--data", data or own]
        settings = {"TREADLE_BOOTSTRAP_KEY": key, "TREADLE_SAMPLE_DATA": "false", "TREADLE_DEFAULT_MODEL": "none"}
        try:
            child = subprocess.Popen(
                words, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
        except OSError as error:
            raise RuntimeError(f"`{' '.join(command)}` could not be started: {error}") from error
        try:
            yield Client(_url_of(child, command), key)
        finally:
            child.terminate()
            child.wait(timeout=60)
            if child.stdout:
                child.stdout.close()


def _url_of(child: subprocess.Popen, command: Sequence[str]) -> str:
    line = child.stdout.readline() if child.stdout else ""
    if not line:
        raise RuntimeError(f"`{' '.join(command)} serve` exited with code {child.wait()} before it was ready.")
    return str(json.loads(line)["url"])
