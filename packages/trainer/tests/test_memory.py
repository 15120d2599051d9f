"""The estimated memory of a run is close to its peak as the system measures it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import start, told, turns


@pytest.fixture(scope="module")
def wide(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random model of 16 million weights with a large vocabulary, whose logits take most of a step's memory."""
    from transformers import AutoConfig, AutoModelForCausalLM

    folder = tmp_path_factory.mktemp("wide") / "model"
    shutil.copytree(tiny, folder)
    sizes = dict(hidden_size=256, num_hidden_layers=6, intermediate_size=768, num_attention_heads=4, num_key_value_heads=2, head_dim=64)
    config = AutoConfig.from_pretrained(tiny)
    config.update({**sizes, "vocab_size": 40_000, "max_position_embeddings": 4_096})
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    return folder


@pytest.mark.parametrize(
    ("kind", "adapter", "batch", "length"),
    [
        ("tiny", "none", 16, 1_024),
        ("wide", "lora", 2, 256),
    ],
)
def test_the_peak_of_a_run_is_about_what_was_said(
    make_job: Callable[..., Path], tiny: Path, wide: Path, kind: str, adapter: str, batch: int, length: int
) -> None:
    base: dict[str, Any] = {"path": str(wide if kind == "wide" else tiny), "gguf": None, "hash": kind}
    rows = [{"messages": turns("hi", "answer " * 3 * length)} for _ in range(batch)]
    path = make_job(base=base, rows=rows, adapter=adapter, micro_batch_size=batch, sequence_len=length, max_steps=2)
    process = start("run", str(path))
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors
    estimated, measured = told(path.parent, "estimate")[0]["memory_mb"], told(path.parent, "done")[0]["peak_mb"]
    assert 0.75 < estimated / measured < 1.35, (estimated, measured)
