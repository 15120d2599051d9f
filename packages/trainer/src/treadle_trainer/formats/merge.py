"""Merges an adapter into the weights of its base, and checks that the logits stay the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from treadle_trainer.runtime.checkpoints import write_json
from treadle_trainer.runtime.problems import Problem

MOST_OFF = 1e-3
_PROBES = ("A first text to compare.", "2024: another, longer one, with numbers and\nlines.")


def merge(base: Path, adapter: Path, out: Path, base_hash: str = "") -> dict[str, Any]:
    """Writes the merged model. `base_hash`, if given, must match the adapter's manifest. Returns the largest difference of logits."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    _check_base(adapter, base_hash)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, local_files_only=True)
    if any(not weight.is_floating_point() for weight in model.parameters()):
        raise Problem("bad_base", f"{base} is quantised; merging into it would lose the adapter.", "Name the folder import-base wrote.")
    tokenizer = AutoTokenizer.from_pretrained(adapter if (adapter / "tokenizer.json").is_file() else base, local_files_only=True)
    with_adapter = PeftModel.from_pretrained(model, adapter).eval()
    before = _logits(with_adapter, tokenizer)
    merged = with_adapter.merge_and_unload(safe_merge=True)
    after = _logits(merged, tokenizer)
    off = max(float((one - other).abs().max()) for one, other in zip(before, after))
    if not off < MOST_OFF:
        message = f"The merged model gives different logits than base and adapter: they differ by {off:g}."
        raise Problem("bad_merge", message, "Check that the adapter was trained on this base.", is_user_error=False)
    _save(merged, tokenizer, out)
    return {"path": str(out), "most_off": off}


def _check_base(adapter: Path, base_hash: str) -> None:
    path = adapter / "training.json"
    adapter_base = json.loads(path.read_text(encoding="utf-8")).get("base_hash", "") if path.is_file() else ""
    if base_hash and adapter_base and base_hash != adapter_base:
        message = f"The adapter was trained on a base with the hash {adapter_base[:12]}, not {base_hash[:12]}."
        raise Problem("wrong_base", message, "Merge it into the base it was trained on.")


def _logits(model: Any, tokenizer: Any) -> list[Any]:
    import torch

    with torch.no_grad():
        return [model(**tokenizer(text, return_tensors="pt")).logits for text in _PROBES]


def _save(model: Any, tokenizer: Any, out: Path) -> None:
    building = out.with_name(f"{out.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    model.config.use_cache = True
    model.save_pretrained(building)
    tokenizer.save_pretrained(building)
    config = json.loads((building / "config.json").read_text(encoding="utf-8"))
    write_json(building / "config.json", {name: value for name, value in config.items() if name != "_name_or_path"})
    shutil.rmtree(out, ignore_errors=True)
    building.rename(out)
