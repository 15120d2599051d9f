"""ONNX export in a separate environment, whose Python TREADLE_ONNX_PYTHON names."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from conftest import SOURCES

from treadle_trainer.formats.probe_logits import probe_logits

ONNX_PYTHON = os.environ.get("TREADLE_ONNX_PYTHON", "")


def export(model: Path, out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs the exporter in its environment."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), "OMP_NUM_THREADS": "1"}
    command = [ONNX_PYTHON, "-m", "treadle_trainer", "export-onnx", "--model", str(model), "--out", str(out), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_the_graph_says_what_the_newer_library_says(tiny: Path, tmp_path: Path) -> None:
    probe_logits(tiny, tmp_path / "logits.npy")
    done = export(tiny, tmp_path / "onnx", "--reference", str(tmp_path / "logits.npy"))
    assert done.returncode == 0, done.stderr[-2_000:]
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    assert result["most_off"] < 1e-4 and result["most_off_stepped"] < 1e-4
    assert result["q8"]["agreement"] > 0.5
    assert {"config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx", "onnx/model_quantized.onnx"} <= set(result["files"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logits.npy", "onnx"]


def test_a_graph_that_says_something_else_leaves_no_folder(tiny: Path, tmp_path: Path) -> None:
    from treadle_trainer.formats.tiny import make_tiny

    make_tiny(tmp_path / "other", seed=3)
    probe_logits(tmp_path / "other", tmp_path / "logits.npy")
    done = export(tiny, tmp_path / "onnx", "--reference", str(tmp_path / "logits.npy"))
    assert done.returncode == 2
    assert json.loads(done.stderr.strip().splitlines()[-1])["error"]["code"] == "bad_export"
    assert not (tmp_path / "onnx").exists()
