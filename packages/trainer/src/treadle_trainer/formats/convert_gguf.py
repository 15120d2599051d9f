"""Converts a model to a GGUF of one type. Only one tensor is in memory at a time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

import gguf
import numpy as np

from treadle_trainer.runtime.checkpoints import require_room, sha256_of
from treadle_trainer.formats.gguf_layout import FILE_TYPES, OWN_KEYS, TYPES, copy_metadata, value_of
from treadle_trainer.runtime.problems import Problem
from treadle_trainer.formats.sources import Source, Weights, open_source

Progress = Callable[[int, int, str], None]
# The largest rounding error of each type, as a share of the largest weight in the tensor.
_ROUNDING = {"f32": 0.0, "f16": 1e-3, "bf16": 2**-8, "q8_0": 1 / 126, "q5_1": 2 / 31, "q5_0": 1 / 15, "q4_1": 2 / 15, "q4_0": 1 / 7}
_WHOLE = ("F32", "F16", "BF16")
# Small or sensitive tensors, which llama.cpp also does not quantise.
_KEPT = ("_norm.weight", "ffn_gate_inp.weight", "ssm_conv1d.weight", "rope_freqs.weight")
# Embeddings and output layer lose most quality, so they get a finer type.
_FINE = ("token_embd.weight", "output.weight")


def convert(base: Path, out: Path, kind: str, *, name: str, progress: Progress, reference: Path | None = None, base_hash: str = "", **of: Path | None) -> dict[str, Any]:
    """Writes `out`, and the same model in 16-bit floats to `reference` if given. `of` names the adapter or model to
    combine with the base, as in `open_source`.

    Each file appears only after it was read back and compared byte by byte. Returns a summary with the rounding
    error.
    """
    _check_type(kind)
    _check_base(base, base_hash, of.get("adapter") or of.get("model"))
    source = open_source(base, **of)
    if source.is_plain:
        _check_twice(source, kind)
    files = [_File.begin(source, out, kind, name)]
    if reference is not None:
        files.append(_File.begin(source, reference, "f16", name))
    try:
        return _write(source, files, kind, progress)
    except BaseException:
        for file in files:
            file.drop()
        raise


def _check_type(kind: str) -> None:
    if kind in TYPES:
        return
    names = ", ".join(name.upper() for name in TYPES)
    message = f"This trainer cannot write {kind.upper()}. k-quants (Q4_K_M, Q6_K, …) and I-quants need llama.cpp's own program."
    raise Problem("unknown_type", message, f"Use one of {names}. Or export F16 and run `llama-quantize model-F16.gguf model.gguf {kind.upper()}`.")


def _check_base(base: Path, base_hash: str, folder: Path | None) -> None:
    """Raises if the adapter was trained on other weights than the base's."""
    required = {base_hash} - {""}
    manifest = None if folder is None else folder / "training.json"
    if manifest is not None and manifest.is_file():
        required |= {json.loads(manifest.read_text(encoding="utf-8")).get("base_hash") or ""} - {""}
    actual = sha256_of(base) if required else ""
    for one in required:
        if one != actual:
            message = f"The adapter was trained on a base with the SHA-256 {one[:12]}…, but {base.name} has {actual[:12]}…."
            raise Problem("wrong_base", message, "Name the file that it was trained on.")


def _bits(kind: gguf.GGMLQuantizationType) -> float:
    block, size = gguf.GGML_QUANT_SIZES[kind]
    return size * 8 / block


def _check_twice(source: Source, kind: str) -> None:
    """Raises if quantised weights would be quantised again to fewer bits, which loses more quality than quantising once."""
    sizes: dict[gguf.GGMLQuantizationType, int] = {}
    for tensor in source.reader.tensors:
        sizes[tensor.tensor_type] = sizes.get(tensor.tensor_type, 0) + int(tensor.n_elements)
    main = max(sizes, key=lambda one: sizes[one])
    if main.name in _WHOLE or _bits(TYPES[kind]) > _bits(main):
        return
    message = f"These weights are already {main.name} with {_bits(main):g} bits each. Writing {kind.upper()} would round them a second time."
    raise Problem("rounded_twice", message, "Convert the original file, or use a type with more bits, such as F16.")


@dataclass
class _File:
    """A GGUF file in progress."""

    out: Path
    kind: str
    writer: gguf.GGUFWriter
    types: dict[str, str]
    hashes: dict[str, bytes] = field(default_factory=dict)

    @property
    def building(self) -> Path:
        return self.out.with_name(f"{self.out.name}.building")

    @classmethod
    def begin(cls, source: Source, out: Path, kind: str, name: str) -> _File:
        """Writes the start of the file: metadata, and the list of its tensors."""
        building = out.with_name(f"{out.name}.building")
        types = {one.name: _type_of(one, kind) for one in source.weights}
        sizes = {one.name: _bytes_of(one, TYPES[types[one.name]]) for one in source.weights}
        require_room(out.parent, sum(sizes.values()))
        writer = gguf.GGUFWriter(str(building), value_of(source.reader, "general.architecture"))
        template = source.chat_template
        copy_metadata(source.reader, writer, but=("tokenizer.chat_template",) if template is not None else ())
        if template is not None:
            writer.add_chat_template(template)
        writer.add_name(name)
        writer.add_file_type(FILE_TYPES[kind])
        writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
        for one in source.weights:
            raw = TYPES[types[one.name]]
            shape = one.shape if types[one.name] in ("f32", "f16") else gguf.quant_shape_to_byte_shape(one.shape, raw)
            dtype = {"f32": np.dtype(np.float32), "f16": np.dtype(np.float16)}.get(types[one.name], np.dtype(np.uint8))
            writer.add_tensor_info(one.name, shape, dtype, sizes[one.name], raw_dtype=raw)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        return cls(out, kind, writer, types)

    def add(self, name: str, weights: np.ndarray) -> float:
        """Writes the next tensor. Returns the sum of the squared rounding errors."""
        kind = self.types[name]
        stored = np.ascontiguousarray(gguf.quants.quantize(weights, TYPES[kind]))
        restored = gguf.quants.dequantize(stored, TYPES[kind]).reshape(weights.shape)
        off = np.abs(restored - weights)
        largest = float(np.abs(weights).max(initial=0.0))
        if not float(off.max(initial=0.0)) <= _ROUNDING[kind] * largest + 1e-7:
            message = f"The weight {name} cannot be written as {kind.upper()}, because its largest number is {largest:g}."
            raise Problem("cannot_export", message, "Use BF16 or F32, which can store larger numbers.", is_user_error=True)
        self.writer.write_tensor_data(stored)
        self.hashes[name] = hashlib.sha256(stored.tobytes()).digest()
        return float((off.astype(np.float64) ** 2).sum())

    def finish(self, source: Source) -> None:
        """Reads the whole file back, then renames it to its final name."""
        self.writer.close()
        _verify(self, source)
        self.building.rename(self.out)

    def drop(self) -> None:
        """Removes all files of a failed conversion."""
        self.writer.close()
        self.building.unlink(missing_ok=True)
        self.out.unlink(missing_ok=True)


def _type_of(weights: Weights, kind: str) -> str:
    """The type of a tensor.

    Norms and rows that do not divide into blocks stay in 32-bit floats. With a 4-bit or 5-bit type, embeddings and
    output layer use Q8_0.
    """
    if len(weights.shape) < 2 or weights.name.endswith(_KEPT):
        return "f32"
    if weights.shape[-1] % gguf.GGML_QUANT_SIZES[TYPES[kind]][0]:
        return "f32"
    return "q8_0" if weights.name in _FINE and kind in ("q5_1", "q5_0", "q4_1", "q4_0") else kind


def _bytes_of(weights: Weights, kind: gguf.GGMLQuantizationType) -> int:
    block, size = gguf.GGML_QUANT_SIZES[kind]
    return int(np.prod(weights.shape)) // block * size


def _write(source: Source, files: list[_File], kind: str, progress: Progress) -> dict[str, Any]:
    total = sum(int(np.prod(one.shape)) for one in source.weights)
    done, off, whole = 0, 0.0, 0.0
    for one in source.weights:
        weights = one.read().astype(np.float32, copy=False)
        if not np.isfinite(weights).all():
            raise Problem("bad_weights", f"The weight {one.name} contains values that are not numbers.", "Train or import the model again.")
        off += files[0].add(one.name, weights)
        for other in files[1:]:
            other.add(one.name, weights)
        whole += float((weights.astype(np.float64) ** 2).sum())
        done += weights.size
        progress(done, total, one.name)
    for file in files:
        file.finish(source)
    out = files[0].out
    return {
        "path": str(out),
        "sha256": sha256_of(out),
        "size_bytes": out.stat().st_size,
        "type": kind.upper(),
        "tensors": len(source.weights),
        "types": {name.upper(): list(files[0].types.values()).count(name) for name in sorted(set(files[0].types.values()))},
        "relative_error": (off / whole) ** 0.5 if whole > 0 else 0.0,
    }


def _verify(file: _File, source: Source) -> None:
    """Compares the written file with the source: the vocabulary and all metadata, and the type, shape and bytes of each tensor."""
    reader = gguf.GGUFReader(str(file.building))
    own = {*OWN_KEYS, *(["tokenizer.chat_template"] if source.chat_template is not None else [])}
    for key, meant in source.reader.fields.items():
        if key.startswith("GGUF.") or key in own:
            continue
        field_read = reader.get_field(key)
        if field_read is None or field_read.contents() != meant.contents():
            raise _damaged(f"The metadata {key} differs after writing.")
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    for one in source.weights:
        tensor = tensors.get(one.name)
        shape = None if tensor is None else tuple(int(size) for size in reversed(tensor.shape))
        if tensor is None or shape != one.shape or tensor.tensor_type != TYPES[file.types[one.name]]:
            raise _damaged(f"The weight {one.name} differs after writing.")
        if hashlib.sha256(np.ascontiguousarray(tensor.data).tobytes()).digest() != file.hashes[one.name]:
            raise _damaged(f"The bytes of the weight {one.name} differ after writing.")


def _damaged(message: str) -> Problem:
    return Problem("bad_export", message, "Try again. If it happens twice, check the disk.", is_user_error=False)
