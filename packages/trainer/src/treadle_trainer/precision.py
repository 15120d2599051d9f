"""Which numbers a machine multiplies faster: measured for about a second, since no rule tells it."""

from __future__ import annotations

import time
from typing import Any

SECONDS = 0.9
# Sixteen bits lose some accuracy, so they must be worth it.
LEAST_GAIN = 1.3


def benchmark(rows: int = 256, width: int = 576, height: int = 1536, seconds: float = SECONDS) -> dict[str, float]:
    """GFLOP/s of a `rows` x `width` by `width` x `height` product, in 32-bit floats and in bfloat16.

    Weights are kept in 32 bits, so the second pays for rounding them each time: with few rows that costs more than it gains.
    The two take turns, so that whatever else the machine does slows both.
    """
    import torch

    left, right = torch.randn(rows, width), torch.randn(width, height)
    spent = {torch.float32: 0.0, torch.bfloat16: 0.0}
    rounds = -1  # The first round warms up and is not counted.
    start = time.perf_counter()
    while rounds < 1 or time.perf_counter() - start < seconds:
        for kind in spent:
            took = _time(left, right, kind)
            spent[kind] += took if rounds >= 0 else 0.0
        rounds += 1
    work = 2 * rows * width * height * rounds / 1e9
    return {"fp32_gflops": round(work / spent[torch.float32], 2), "bf16_gflops": round(work / spent[torch.bfloat16], 2)}


def _time(left: Any, right: Any, kind: Any) -> float:
    import torch

    start = time.perf_counter()
    torch.mm(left.to(kind), right.to(kind))
    return time.perf_counter() - start


def choose(wanted: str, shape: tuple[int, int, int] | None = None) -> str:
    """`fp32` or `bf16`: what is wanted, or for `auto` what is faster by enough for `(rows, width, height)`."""
    return faster(benchmark(*(shape or ()))) if wanted == "auto" else wanted


def faster(measured: dict[str, float]) -> str:
    """The kind of numbers that a benchmark speaks for."""
    return "bf16" if measured["bf16_gflops"] > LEAST_GAIN * measured["fp32_gflops"] else "fp32"
