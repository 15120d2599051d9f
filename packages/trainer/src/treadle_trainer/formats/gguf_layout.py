"""The names and the layout of weights in a GGUF, compared with transformers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from treadle_trainer.runtime.problems import Problem

# Architectures with the same weights in both formats, except for the row order of queries and keys in the first.
_SAME = {"llama": True, "qwen2": False, "qwen3": False, "smollm3": False}
TYPES = {
    "f32": gguf.GGMLQuantizationType.F32,
    "f16": gguf.GGMLQuantizationType.F16,
    "bf16": gguf.GGMLQuantizationType.BF16,
    "q8_0": gguf.GGMLQuantizationType.Q8_0,
    "q5_1": gguf.GGMLQuantizationType.Q5_1,
    "q5_0": gguf.GGMLQuantizationType.Q5_0,
    "q4_1": gguf.GGMLQuantizationType.Q4_1,
    "q4_0": gguf.GGMLQuantizationType.Q4_0,
}
FILE_TYPES = {"f32": 0, "f16": 1, "q4_0": 2, "q4_1": 3, "q8_0": 7, "q5_0": 8, "q5_1": 9, "bf16": 32}
# Keys that each file writes itself. All other metadata is copied from the base.
OWN_KEYS = ("general.architecture", "general.file_type", "general.name", "general.quantization_version", "general.type")


@dataclass(frozen=True)
class Layout:
    """The layout of one base: its architecture, blocks and heads, and its tensors."""

    architecture: str
    blocks: int
    heads: int
    kv_heads: int
    names: Any
    has_swapped_rows: bool

    def name_of(self, hf_name: str) -> str:
        """The name of a weight in a GGUF. Raises if it has none."""
        tensor = self.names.get_name(hf_name, try_suffixes=(".weight", ".bias"))
        if tensor is None:
            raise Problem("cannot_export", f"GGUF has no name for the weight {hf_name}.", "Export another format.", False)
        return tensor

    def rows(self, hf_name: str, weights: np.ndarray) -> np.ndarray:
        """Reorders rows for a GGUF: for queries and keys of Llama, the two halves of each head alternate."""
        if not self.has_swapped_rows:
            return weights
        if ".q_proj." in hf_name:
            return interleave(weights, self.heads)
        return interleave(weights, self.kv_heads) if ".k_proj." in hf_name else weights


def interleave(weights: np.ndarray, heads: int) -> np.ndarray:
    """`[heads * 2 * half, …]` with the two halves of each head interleaved."""
    half = weights.shape[0] // heads // 2
    return weights.reshape(heads, 2, half, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def open_gguf(path: Path) -> gguf.GGUFReader:
    """Opens a file. Raises if it is not a GGUF."""
    try:
        return gguf.GGUFReader(str(path))
    except (OSError, ValueError, IndexError, KeyError) as cause:
        raise Problem("bad_gguf", f"{path} cannot be read as a GGUF: {cause}.", "Use the file the base was imported from.") from cause


def read_base(path: Path) -> tuple[gguf.GGUFReader, Layout]:
    """Opens a base file. Raises if its architecture cannot be written back without loss."""
    reader = open_gguf(path)
    architecture = value_of(reader, "general.architecture")
    if architecture not in _SAME:
        message = f"A GGUF of the architecture {architecture} cannot be written from a fine-tune."
        raise Problem("cannot_export", message, f"Supported architectures: {', '.join(_SAME)}. Set export.gguf to none.")
    blocks = int(value_of(reader, f"{architecture}.block_count"))
    heads = int(value_of(reader, f"{architecture}.attention.head_count"))
    kv_heads = value_of(reader, f"{architecture}.attention.head_count_kv")
    kind = next(key for key, name in gguf.MODEL_ARCH_NAMES.items() if name == architecture)
    return reader, Layout(
        architecture=architecture,
        blocks=blocks,
        heads=heads,
        kv_heads=int(heads if kv_heads is None else kv_heads),
        names=gguf.get_tensor_name_map(kind, blocks),
        has_swapped_rows=_SAME[architecture],
    )


def value_of(reader: gguf.GGUFReader, key: str) -> Any:
    """A metadata value, None if the key is missing."""
    field = reader.get_field(key)
    return None if field is None else field.contents()


def template_of(path: Path) -> str | None:
    """The chat template of a file."""
    return value_of(gguf.GGUFReader(str(path)), "tokenizer.chat_template")


def copy_metadata(reader: gguf.GGUFReader, writer: gguf.GGUFWriter, *, but: tuple[str, ...] = ()) -> None:
    """Copies all metadata of a base, including its vocabulary."""
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in OWN_KEYS or field.name in but:
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)


def finish(writer: gguf.GGUFWriter, building: Path, out: Path) -> None:
    """Writes the file and renames it to its final name once it is complete."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    building.rename(out)
