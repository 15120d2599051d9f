"""A model as a GGUF of a wanted type. One tensor is in memory at a time, whatever the model's size."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

import gguf
import numpy as np

from treadle_trainer.checkpoints import require_room, sha256_of
from treadle_trainer.gguf_layout import FILE_TYPES, OWN_KEYS, TYPES, copy_metadata, value_of
from treadle_trainer.problems import Problem
from treadle_trainer.sources import Source, Weights, open_source

Progress = Callable[[int, int, str], None]
# The most that rounding to a type may move a weight, as a share of the largest in its tensor.
_ROUNDING = {"f32": 0.0, "f16": 1e-3, "bf16": 2**-8, "q8_0": 1 / 126, "q5_1": 2 / 31, "q5_0": 1 / 15, "q4_1": 2 / 15, "q4_0": 1 / 7}
_WHOLE = ("F32", "F16", "BF16")
# Small or touchy tensors that llama.cpp keeps whole too.
_KEPT = ("_norm.weight", "ffn_gate_inp.weight", "ssm_conv1d.weight", "rope_freqs.weight")
# What words are read and chosen by loses most, so it stays finer than the rest.
_FINE = ("token_embd.weight", "output.weight")


def convert(base: Path, out: Path, kind: str, *, name: str, progress: Progress, reference: Path | None = None, base_hash: str = "", **of: Path | None) -> dict[str, Any]:
    """Writes `out`, and the same in 16-bit floats to `reference` where one is wanted. `of` says what is put on the base, as `open_source` takes it.

    Both appear whole or not at all, after they were read back and compared byte by byte. Returns what was written, and how far it is off.
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
    known = ", ".join(name.upper() for name in TYPES)
    message = f"There is no writer for {kind.upper()} here. k-quants (Q4_K_M, Q6_K, …) and I-quants need llama.cpp's own program."
    raise Problem("unknown_type", message, f"Take one of {known}; or export F16 and run `llama-quantize model-F16.gguf model.gguf {kind.upper()}`.")


def _check_base(base: Path, base_hash: str, folder: Path | None) -> None:
    """An adapter fits the weights it was trained on and no others."""
    wanted = {base_hash} - {""}
    manifest = None if folder is None else folder / "training.json"
    if manifest is not None and manifest.is_file():
        wanted |= {json.loads(manifest.read_text(encoding="utf-8")).get("base_hash") or ""} - {""}
    found = sha256_of(base) if wanted else ""
    for one in wanted:
        if one != found:
            message = f"This was trained on a base with the SHA-256 {one[:12]}…, and {base.name} has {found[:12]}…."
            raise Problem("wrong_base", message, "Name the file that it was trained on.")


def _bits(kind: gguf.GGMLQuantizationType) -> float:
    block, size = gguf.GGML_QUANT_SIZES[kind]
    return size * 8 / block


def _check_twice(source: Source, kind: str) -> None:
    """Weights that were rounded once are not rounded again to fewer bits: that loses more than doing so once."""
    sizes: dict[gguf.GGMLQuantizationType, int] = {}
    for tensor in source.reader.tensors:
        sizes[tensor.tensor_type] = sizes.get(tensor.tensor_type, 0) + int(tensor.n_elements)
    main = max(sizes, key=lambda one: sizes[one])
    if main.name in _WHOLE or _bits(TYPES[kind]) > _bits(main):
        return
    message = f"These weights are {main.name} already, {_bits(main):g} bits each; writing {kind.upper()} would round them a second time."
    raise Problem("rounded_twice", message, "Convert the file that they were made from, or take a type of more bits, such as F16.")


@dataclass
class _File:
    """A GGUF that is being written."""

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
        """Writes the head of the file: metadata, and what tensors it will hold."""
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
        """Writes the next tensor. Returns the sum of the squares of what rounding moved."""
        kind = self.types[name]
        stored = np.ascontiguousarray(gguf.quants.quantize(weights, TYPES[kind]))
        found = gguf.quants.dequantize(stored, TYPES[kind]).reshape(weights.shape)
        off = np.abs(found - weights)
        largest = float(np.abs(weights).max(initial=0.0))
        if not float(off.max(initial=0.0)) <= _ROUNDING[kind] * largest + 1e-7:
            message = f"The weight {name} cannot be written as {kind.upper()}: its largest number is {largest:g}."
            raise Problem("cannot_export", message, "Take BF16 or F32, which hold larger numbers.", is_user_error=True)
        self.writer.write_tensor_data(stored)
        self.hashes[name] = hashlib.sha256(stored.tobytes()).digest()
        return float((off.astype(np.float64) ** 2).sum())

    def finish(self, source: Source) -> None:
        """Reads the whole file back before it appears under its name."""
        self.writer.close()
        _verify(self, source)
        self.building.rename(self.out)

    def drop(self) -> None:
        """Leaves nothing behind."""
        self.writer.close()
        self.building.unlink(missing_ok=True)
        self.out.unlink(missing_ok=True)


def _type_of(weights: Weights, kind: str) -> str:
    """Norms and what has no rows of whole blocks stay 32-bit floats; a small type keeps embeddings and head at Q8_0."""
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
            raise Problem("bad_weights", f"The weight {one.name} holds numbers that are none.", "Train or import the model again.")
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
    """Compares what stands on the disk with what was meant: the vocabulary and all metadata, each tensor's type, shape and bytes."""
    reader = gguf.GGUFReader(str(file.building))
    own = {*OWN_KEYS, *(["tokenizer.chat_template"] if source.chat_template is not None else [])}
    for key, meant in source.reader.fields.items():
        if key.startswith("GGUF.") or key in own:
            continue
        found = reader.get_field(key)
        if found is None or found.contents() != meant.contents():
            raise _damaged(f"The metadata {key} did not come back as it was written.")
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    for one in source.weights:
        tensor = tensors.get(one.name)
        shape = None if tensor is None else tuple(int(size) for size in reversed(tensor.shape))
        if tensor is None or shape != one.shape or tensor.tensor_type != TYPES[file.types[one.name]]:
            raise _damaged(f"The weight {one.name} did not come back as it was written.")
        if hashlib.sha256(np.ascontiguousarray(tensor.data).tobytes()).digest() != file.hashes[one.name]:
            raise _damaged(f"The bytes of the weight {one.name} did not come back as they were written.")


def _damaged(message: str) -> Problem:
    return Problem("bad_export", message, "Try again; look at the disk when it happens twice.", is_user_error=False)
