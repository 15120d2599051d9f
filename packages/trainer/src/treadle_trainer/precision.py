"""Which numbers a machine multiplies faster: measured for about a second, since no rule tells it."""

from __future__ import annotations

import time
from typing import Any

SECONDS_EACH = 0.4
# Sixteen bits lose some accuracy, so they must be worth it.
LEAST_GAIN = 1.3


def benchmark(rows: int = 256, width: int = 576, height: int = 1536, seconds: float = SECONDS_EACH) -> dict[str, float]:
    """GFLOP/s of a `rows` x `width` by `width` x `height` product, in 32-bit floats and in bfloat16."""
    import torch

    return {
        "fp32_gflops": _measure(torch.float32, (rows, width, height), seconds),
        "bf16_gflops": _measure(torch.bfloat16, (rows, width, height), seconds),
    }


def _measure(kind: Any, shape: tuple[int, int, int], seconds: float) -> float:
    import torch

    rows, width, height = shape
    left, right = torch.randn(rows, width).to(kind), torch.randn(width, height).to(kind)
    torch.mm(left, right)
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        torch.mm(left, right)
        count += 1
    return round(2 * rows * width * height * count / (time.perf_counter() - start) / 1e9, 2)


def choose(wanted: str, measured: dict[str, float] | None = None) -> str:
    """`fp32` or `bf16`: what is wanted, or for `auto` what is faster by enough."""
    if wanted != "auto":
        return wanted
    found = measured or benchmark()
    return "bf16" if found["bf16_gflops"] > LEAST_GAIN * found["fp32_gflops"] else "fp32"
