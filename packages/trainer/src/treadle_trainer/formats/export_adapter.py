"""Exports a LoRA adapter as a GGUF that llama.cpp applies to its base, so that many fine-tunes share one base file."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from pathlib import Path

import gguf
import numpy as np

from treadle_trainer.formats.gguf_layout import TYPES, finish, read_base
from treadle_trainer.runtime.problems import Problem

_PREFIX = "base_model.model."


def export_adapter(base: Path, adapter: Path, out: Path, kind: str = "f16") -> None:
    """Writes the adapter of a folder. For q8_0, its two small matrices are stored in f16, because their rows do not fill blocks of 32."""
    config = read_config(adapter)
    _, layout = read_base(base)
    stored = TYPES["f32" if kind == "f32" else "f16"]
    building = out.with_name(f"{out.name}.building")
    writer = gguf.GGUFWriter(str(building), layout.architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha_of(config))
    writer.add_name(adapter.parent.name)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    for name, (a, b) in sorted(pairs_of(adapter).items()):
        tensor = layout.name_of(f"{name}.weight")
        # Only B is reordered: its rows are the rows of the layer.
        for suffix, weights in ((".lora_a", a), (".lora_b", layout.rows(f"{name}.weight", b))):
            writer.add_tensor(tensor + suffix, gguf.quants.quantize(weights, stored), raw_dtype=stored)
    finish(writer, building, out)


def read_config(adapter: Path) -> dict:
    """Reads the configuration of an adapter. Raises if it is more than LoRA on linear layers."""
    path = adapter / "adapter_config.json"
    if not path.is_file():
        raise Problem("bad_adapter", f"{adapter} has no adapter_config.json.", "Name the folder of an adapter.")
    config = json.loads(path.read_text(encoding="utf-8"))
    unknown = [name for name in ("use_dora", "modules_to_save", "trainable_token_indices", "rank_pattern", "alpha_pattern") if config.get(name)]
    if unknown or config.get("peft_type") != "LORA":
        feature = ", ".join(unknown) or str(config.get("peft_type"))
        raise Problem("cannot_export", f"An adapter with {feature} cannot be written as GGUF.", "Export the merged model instead.")
    return config


def alpha_of(config: dict) -> float:
    """The alpha for llama.cpp, which scales by alpha / r. A rank-stabilised adapter is scaled by alpha / sqrt(r), so its alpha is multiplied."""
    return float(config["lora_alpha"]) * (math.sqrt(config["r"]) if config.get("use_rslora") else 1.0)


def pairs_of(adapter: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The matrices A `[r, inputs]` and B `[outputs, r]` of each layer, by name."""
    from safetensors import safe_open

    pairs: dict[str, dict[str, np.ndarray]] = defaultdict(dict)
    with safe_open(adapter / "adapter_model.safetensors", "pt") as file:
        for key in file.keys():
            name, _, part = key.removeprefix(_PREFIX).rpartition(".lora_")
            if not name:
                raise Problem("cannot_export", f"The adapter contains {key}, which cannot be written as GGUF.", "Export the merged model instead.")
            pairs[name][part[0]] = file.get_tensor(key).float().numpy()
    return {name: (pair["A"], pair["B"]) for name, pair in pairs.items()}
