"""The faster number type of a machine, measured for about a second, because no rule predicts it."""

from __future__ import annotations

import time
from typing import Any

SECONDS = 0.9
# 16 bits lose some accuracy, so they must be worth it.
LEAST_GAIN = 1.3


def benchmark(rows: int = 256, width: int = 576, height: int = 1536, seconds: float = SECONDS) -> dict[str, float]:
    """GFLOP/s of a `rows` x `width` by `width` x `height` product, in 32-bit floats and in bfloat16.

    Weights are stored in 32 bits, so bfloat16 includes rounding them each time. With few rows this costs more than it
    saves. The two types alternate, so that other load on the machine slows both.
    """
    import torch

    left, right = torch.randn(rows, width), torch.randn(width, height)
    spent = {torch.float32: 0.0, torch.bfloat16: 0.0}
    rounds = -1  # The first round is a warm-up and does not count.
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
    """`fp32` or `bf16`: the job's setting, or for `auto` the type that is clearly faster for `(rows, width, height)`."""
    return faster(benchmark(*(shape or ()))) if wanted == "auto" else wanted


def faster(measured: dict[str, float]) -> str:
    """The type that a benchmark recommends."""
    return "bf16" if measured["bf16_gflops"] > LEAST_GAIN * measured["fp32_gflops"] else "fp32"
