"""What this environment can do: versions, what is missing, the processor, and how fast it multiplies."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from typing import Any

from treadle_trainer import VERSION

PACKAGES = ("torch", "transformers", "trl", "peft", "datasets", "accelerate", "gguf", "safetensors", "tokenizers", "jinja2", "numpy", "psutil")
# What writes ONNX, in an environment of its own.
ONNX_PACKAGES = ("torch", "transformers", "optimum", "optimum-onnx", "onnx", "onnxruntime", "safetensors", "tokenizers", "numpy")
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def stay_offline() -> None:
    """No library may reach a network or tell of its use. Called before any of them is imported."""
    os.environ.update(OFFLINE)


def doctor(packages: tuple[str, ...] = PACKAGES) -> dict[str, Any]:
    """Everything a person needs to know before the first run. `ok` is whether it can begin."""
    versions = {name: _version(name) for name in packages}
    missing = [name for name, version in versions.items() if version is None]
    told: dict[str, Any] = {
        "ok": not missing,
        "trainer": VERSION,
        "python": platform.python_version(),
        "versions": versions,
        "missing": missing,
        "what_to_do": f"Install {', '.join(missing)}, as {'requirements-onnx.txt' if packages is ONNX_PACKAGES else 'requirements.txt'} pins them." if missing else None,
        "cpu": {"cores": os.cpu_count(), "usable": len(os.sched_getaffinity(0)), "flags": _flags()},
        "memory_mb": _memory(),
        "offline": all(os.environ.get(name) == value for name, value in OFFLINE.items()),
    }
    if "torch" not in missing and packages is PACKAGES:
        told["torch"] = _torch()
    return told


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _torch() -> dict[str, Any]:
    import torch

    from treadle_trainer.precision import benchmark, faster

    measured = benchmark()
    return {
        "capability": torch.backends.cpu.get_cpu_capability(),
        "has_gpu": torch.cuda.is_available(),
        "benchmark": measured,
        "precision": faster(measured),
    }


def _flags() -> list[str]:
    """Instructions that make small numbers fast."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            line = next((line for line in file if line.startswith(("flags", "Features"))), "")
    except OSError:
        return []
    known = set(line.split())
    return [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "bf16") if flag in known]


def _memory() -> dict[str, float] | None:
    try:
        import psutil
    except ImportError:
        return None
    found = psutil.virtual_memory()
    return {"total": round(found.total / 2**20), "available": round(found.available / 2**20)}
