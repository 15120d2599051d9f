"""Reports on this environment: versions, missing packages, the processor, and its speed."""

from __future__ import annotations

import json
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from treadle_trainer import VERSION

PACKAGES = ("torch", "transformers", "trl", "peft", "datasets", "accelerate", "gguf", "safetensors", "tokenizers", "jinja2", "numpy", "psutil")
# The packages for ONNX export, in a separate environment.
ONNX_PACKAGES = ("torch", "transformers", "optimum", "optimum-onnx", "onnx", "onnxruntime", "safetensors", "tokenizers", "numpy")
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def stay_offline() -> None:
    """Keeps libraries from using the network or sending usage data. Call it before importing them."""
    os.environ.update(OFFLINE)


def doctor(packages: tuple[str, ...] = PACKAGES) -> dict[str, Any]:
    """Everything a user needs to know before the first run. `ok`: whether a run can start."""
    versions = {name: _version(name) for name in packages}
    missing = [name for name, version in versions.items() if version is None]
    report: dict[str, Any] = {
        "ok": not missing,
        "trainer": VERSION,
        "python": platform.python_version(),
        "versions": versions,
        "missing": missing,
        "what_to_do": f"Install {', '.join(missing)} in the versions of {'requirements-onnx.txt' if packages is ONNX_PACKAGES else 'requirements.txt'}." if missing else None,
        "cpu": {"cores": os.cpu_count(), "usable": len(os.sched_getaffinity(0)), "flags": _flags()},
        "memory_mb": _memory(),
        "offline": all(os.environ.get(name) == value for name, value in OFFLINE.items()),
    }
    if "torch" not in missing and packages is PACKAGES:
        report["torch"] = _torch()
    return report


def write_versions(folder: Path) -> None:
    """Writes the versions of all packages next to the model, for its model card."""
    versions = {"trainer": VERSION, "python": platform.python_version()}
    versions |= {name: version for name in PACKAGES if (version := _version(name)) is not None}
    (folder / "versions.json").write_text(json.dumps(versions), encoding="utf-8")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _torch() -> dict[str, Any]:
    import torch

    from treadle_trainer.runtime.precision import benchmark, faster

    measured = benchmark()
    return {
        "capability": torch.backends.cpu.get_cpu_capability(),
        "has_gpu": torch.cuda.is_available(),
        "benchmark": measured,
        "precision": faster(measured),
    }


def _flags() -> list[str]:
    """Processor instructions that speed up small number types."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            line = next((line for line in file if line.startswith(("flags", "Features"))), "")
    except OSError:
        return []
    supported = set(line.split())
    return [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "bf16") if flag in supported]


def _memory() -> dict[str, float] | None:
    try:
        import psutil
    except ImportError:
        return None
    memory = psutil.virtual_memory()
    return {"total": round(memory.total / 2**20), "available": round(memory.available / 2**20)}
