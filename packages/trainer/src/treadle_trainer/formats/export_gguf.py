"""Exports a fine-tuned model as a GGUF. Metadata and vocabulary are copied from its base, byte by byte; only the weights differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Iterator

import gguf
import numpy as np

from treadle_trainer.formats.gguf_layout import FILE_TYPES, TYPES, Layout, copy_metadata, finish, read_base
from treadle_trainer.runtime.problems import Problem

# The largest rounding error of each type, as a share of the largest weight in the tensor.
_ROUNDING = {"f32": 0.0, "f16": 1e-3, "q8_0": 1 / 127}


def export_model(
    base: Path, folder: Path, out: Path, kind: str = "f16", *, name: str = "fine-tune", chat_template: str | None = None
) -> None:
    """Writes the model of a folder. `chat_template` replaces the base's template. The file is read back and compared."""
    reader, layout = read_base(base)
    building = out.with_name(f"{out.name}.building")
    writer = gguf.GGUFWriter(str(building), layout.architecture)
    copy_metadata(reader, writer, but=("tokenizer.chat_template",) if chat_template is not None else ())
    if chat_template is not None:
        writer.add_chat_template(chat_template)
    writer.add_name(name)
    writer.add_file_type(FILE_TYPES[kind])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    written: set[str] = set()
    for hf_name, weights in tensors_of(folder):
        tensor = layout.name_of(hf_name)
        stored = _type_of(weights, kind)
        writer.add_tensor(tensor, gguf.quants.quantize(layout.rows(hf_name, weights), stored), raw_dtype=stored)
        written.add(tensor)
    _copy_rest(reader, writer, written)
    finish(writer, building, out)
    verify_model(out, folder, layout, kind)


def _type_of(weights: np.ndarray, kind: str) -> gguf.GGMLQuantizationType:
    """The type of a tensor. Norms stay in 32-bit floats, as llama.cpp requires, and so do rows that do not divide into blocks of 32."""
    if weights.ndim == 1 or (kind == "q8_0" and weights.shape[-1] % 32):
        return TYPES["f32"]
    return TYPES[kind]


def _copy_rest(reader: gguf.GGUFReader, writer: gguf.GGUFWriter, written: set[str]) -> None:
    """Copies tensors that transformers does not store, such as rotary frequencies. Raises if a weight is missing."""
    for tensor in reader.tensors:
        if tensor.name in written:
            continue
        if not tensor.name.startswith("rope_"):
            message = f"The model has no weight for {tensor.name}, which its base has."
            raise Problem("cannot_export", message, "Check that base.gguf is the file the base was imported from.")
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)


def tensors_of(folder: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Yields the weights of a Hugging Face folder as 32-bit floats. A head that is tied to the embeddings is skipped."""
    from safetensors import safe_open

    is_tied = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("tie_word_embeddings", False)
    files = sorted(folder.glob("model*.safetensors"))
    if not files:
        raise Problem("bad_model", f"{folder} has no model.safetensors.", "Name the folder of a whole model; merge an adapter first.")
    for path in files:
        with safe_open(path, "pt") as file:
            for name in file.keys():
                if not (is_tied and name == "lm_head.weight"):
                    yield name, file.get_tensor(name).float().numpy()


def verify_model(path: Path, folder: Path, layout: Layout, kind: str) -> None:
    """Reads a file back and compares every weight with the original, within the rounding error of its type."""
    tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(str(path)).tensors}
    for hf_name, weights in tensors_of(folder):
        tensor = tensors[layout.name_of(hf_name)]
        original = layout.rows(hf_name, weights)
        stored = gguf.quants.dequantize(tensor.data, tensor.tensor_type).reshape(original.shape)
        most = _ROUNDING[kind] * max(float(np.abs(original).max()), 1e-6)
        off = float(np.abs(stored - original).max())
        if not off <= most:
            path.unlink()
            message = f"The weight {tensor.name} differs by {off:g} after writing."
            raise Problem("cannot_export", message, "Use gguf_type f32, and report this problem.", is_user_error=False)
