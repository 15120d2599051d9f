"""How a GGUF names and lays out the weights of a model, against how transformers does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from treadle_trainer.problems import Problem

# Architectures whose weights are the same in both, but for the order of rows of queries and keys in the first.
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
# Written anew for every file; the rest of a base's metadata is copied as it is.
OWN_KEYS = ("general.architecture", "general.file_type", "general.name", "general.quantization_version", "general.type")


@dataclass(frozen=True)
class Layout:
    """Of one base: its architecture, blocks and heads, and which tensors it has."""

    architecture: str
    blocks: int
    heads: int
    kv_heads: int
    names: Any
    has_swapped_rows: bool

    def name_of(self, hf_name: str) -> str:
        """A weight's name in a GGUF. Throws for one that it has no name for."""
        found = self.names.get_name(hf_name, try_suffixes=(".weight", ".bias"))
        if found is None:
            raise Problem("cannot_export", f"GGUF has no name for the weight {hf_name}.", "Export another kind of file.", False)
        return found

    def rows(self, hf_name: str, weights: np.ndarray) -> np.ndarray:
        """Rows in a GGUF's order: each half of a head's rows alternates there, for queries and keys of Llama."""
        if not self.has_swapped_rows:
            return weights
        if ".q_proj." in hf_name:
            return interleave(weights, self.heads)
        return interleave(weights, self.kv_heads) if ".k_proj." in hf_name else weights


def interleave(weights: np.ndarray, heads: int) -> np.ndarray:
    """`[heads * 2 * half, …]` with the two halves of each head's rows taken in turn."""
    half = weights.shape[0] // heads // 2
    return weights.reshape(heads, 2, half, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def open_gguf(path: Path) -> gguf.GGUFReader:
    """Opens a file. Throws where it is no GGUF."""
    try:
        return gguf.GGUFReader(str(path))
    except (OSError, ValueError, IndexError, KeyError) as cause:
        raise Problem("bad_gguf", f"{path} cannot be read as a GGUF: {cause}.", "Use the file the base was imported from.") from cause


def read_base(path: Path) -> tuple[gguf.GGUFReader, Layout]:
    """Opens a base file. Throws where its architecture is none that can be written back without loss."""
    reader = open_gguf(path)
    architecture = value_of(reader, "general.architecture")
    if architecture not in _SAME:
        message = f"A GGUF of the architecture {architecture} cannot be written from a fine-tune."
        raise Problem("cannot_export", message, f"Known are {', '.join(_SAME)}; set export.gguf to none.")
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
    """A value of the metadata, None where the key is missing."""
    field = reader.get_field(key)
    return None if field is None else field.contents()


def template_of(path: Path) -> str | None:
    """The chat template a file came with."""
    return value_of(gguf.GGUFReader(str(path)), "tokenizer.chat_template")


def copy_metadata(reader: gguf.GGUFReader, writer: gguf.GGUFWriter, *, but: tuple[str, ...] = ()) -> None:
    """Copies all that a base says of itself, its vocabulary above all."""
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in OWN_KEYS or field.name in but:
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)


def finish(writer: gguf.GGUFWriter, building: Path, out: Path) -> None:
    """Writes the file out; it appears under its name only when it is whole."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    building.rename(out)
