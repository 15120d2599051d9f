"""Reads the weights of a model one by one, as 32-bit floats in a GGUF's order, from any source."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import gguf
import numpy as np

from treadle_trainer.formats.export_adapter import alpha_of, pairs_of, read_config
from treadle_trainer.formats.gguf_layout import Layout, open_gguf, read_base, value_of
from treadle_trainer.runtime.problems import Problem
from treadle_trainer.data.templates import without_marks


@dataclass(frozen=True)
class Weights:
    """One tensor: its name, its shape with the longest stride first, and a function that reads it."""

    name: str
    shape: tuple[int, ...]
    read: Callable[[], np.ndarray]


@dataclass(frozen=True)
class Source:
    """A base file, whose metadata is copied, and the weights to write with it."""

    reader: gguf.GGUFReader
    weights: list[Weights]
    # Replaces the base's template. None to retain it.
    chat_template: str | None
    # Whether the weights are the base's own.
    is_plain: bool


def open_source(base: Path, *, adapter: Path | None = None, adapter_gguf: Path | None = None, model: Path | None = None) -> Source:
    """Opens a GGUF: as it is, with an adapter merged in 32-bit floats, or with its weights replaced by the weights of a Hugging Face folder."""
    if model is not None:
        reader, layout = read_base(base)
        return Source(reader, _of_folder(reader, layout, model), _template_in(model, reader), False)
    if adapter is not None:
        reader, layout = read_base(base)
        return Source(reader, _with_deltas(reader, _deltas_of_folder(adapter, layout)), _template_in(adapter, reader), False)
    reader = open_gguf(base)
    if value_of(reader, "general.type") == "adapter":
        raise Problem("bad_base", f"{base.name} is an adapter, not a base model.", "Name its base model with --base-gguf.")
    if adapter_gguf is not None:
        return Source(reader, _with_deltas(reader, _deltas_of_file(adapter_gguf, reader)), None, False)
    return Source(reader, _with_deltas(reader, {}), None, True)


def _read(tensor: gguf.ReaderTensor) -> np.ndarray:
    try:
        weights = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
    except NotImplementedError as cause:
        message = f"The weight {tensor.name} has the type {tensor.tensor_type.name}, which the trainer cannot read."
        raise Problem("cannot_export", message, "Use a file of another type, such as F16.") from cause
    return weights.reshape(_shape_of(tensor))


def _shape_of(tensor: gguf.ReaderTensor) -> tuple[int, ...]:
    return tuple(int(size) for size in reversed(tensor.shape))


Delta = Callable[[], np.ndarray]


def _with_deltas(reader: gguf.GGUFReader, deltas: dict[str, tuple[tuple[int, int], Delta]]) -> list[Weights]:
    """Every tensor of a base, with the adapter's change added. Raises if the adapter belongs to another base."""
    shapes = {tensor.name: _shape_of(tensor) for tensor in reader.tensors}
    for name, (shape, _) in deltas.items():
        if shapes.get(name) != shape:
            message = f"The adapter changes {name} with the shape {list(shape)}, but the base has the shape {list(shapes.get(name, ()))} there."
            raise Problem("wrong_base", message, "Name the base that the adapter was trained on.")

    def read_of(tensor: gguf.ReaderTensor) -> Callable[[], np.ndarray]:
        if tensor.name not in deltas:
            return lambda: _read(tensor)
        delta = deltas[tensor.name][1]
        return lambda: _read(tensor) + delta()

    return [Weights(tensor.name, shapes[tensor.name], read_of(tensor)) for tensor in reader.tensors]


def _product(a: np.ndarray, b: np.ndarray, scale: float) -> tuple[tuple[int, int], Delta]:
    """The product of the matrices A `[r, inputs]` and B `[outputs, r]`, computed on demand."""
    return (b.shape[0], a.shape[1]), lambda: np.float32(scale) * (b @ a)


def _deltas_of_folder(adapter: Path, layout: Layout) -> dict[str, tuple[tuple[int, int], Delta]]:
    config = read_config(adapter)
    scale = alpha_of(config) / float(config["r"])
    named = {f"{name}.weight": pair for name, pair in pairs_of(adapter).items()}
    return {layout.name_of(name): _product(a, layout.rows(name, b), scale) for name, (a, b) in named.items()}


def _deltas_of_file(path: Path, base: gguf.GGUFReader) -> dict[str, tuple[tuple[int, int], Delta]]:
    reader = open_gguf(path)
    if value_of(reader, "adapter.type") != "lora":
        raise Problem("bad_adapter", f"{path.name} is not a LoRA adapter.", "Name the GGUF file of an adapter.")
    architecture, required = value_of(base, "general.architecture"), value_of(reader, "general.architecture")
    if architecture != required:
        raise Problem("wrong_base", f"The adapter needs a {required} base, but the base is {architecture}.", "Name the base it was trained on.")
    alpha = float(value_of(reader, "adapter.lora.alpha"))
    parts = {tensor.name: tensor for tensor in reader.tensors}
    deltas = {}
    for name in sorted({name.rpartition(".lora_")[0] for name in parts}):
        if f"{name}.lora_a" not in parts or f"{name}.lora_b" not in parts:
            raise Problem("bad_adapter", f"{path.name} has only one of the two parts that change {name}.", "Export the adapter again.")
        a, b = _read(parts[f"{name}.lora_a"]), _read(parts[f"{name}.lora_b"])
        deltas[name] = _product(a, b, alpha / a.shape[0])
    return deltas


def _of_folder(reader: gguf.GGUFReader, layout: Layout, folder: Path) -> list[Weights]:
    """The weights of a folder under the base's names and in its order. Weights that transformers does not store come from the base."""
    own = _index(folder)
    by_name = {layout.name_of(hf_name): hf_name for hf_name in own}
    base = {tensor.name: tensor for tensor in reader.tensors}
    weights = []
    for name in [*base, *(name for name in by_name if name not in base)]:
        tensor = base.get(name)
        if name in by_name:
            weights.append(_from_folder(own, by_name[name], (name, None if tensor is None else _shape_of(tensor)), layout))
        elif tensor is not None and name.startswith("rope_"):
            weights.append(Weights(name, _shape_of(tensor), lambda tensor=tensor: _read(tensor)))
        else:
            message = f"The model has no weight for {name}, which its base has."
            raise Problem("wrong_base", message, "Name the GGUF that the model was trained from.")
    return weights


def _from_folder(own: dict[str, Path], hf_name: str, place: tuple[str, tuple[int, ...] | None], layout: Layout) -> Weights:
    from safetensors import safe_open

    name, base_shape = place
    with safe_open(own[hf_name], "pt") as file:
        shape = tuple(file.get_slice(hf_name).get_shape())
    if base_shape is not None and shape != base_shape:
        message = f"The weight {hf_name} has the shape {list(shape)}, but the base's weight has {list(base_shape)}."
        raise Problem("wrong_base", message, "Name the GGUF that the model was trained from.")

    def read() -> np.ndarray:
        with safe_open(own[hf_name], "pt") as file:
            return layout.rows(hf_name, file.get_tensor(hf_name).float().numpy())

    return Weights(name, shape, read)


def _index(folder: Path) -> dict[str, Path]:
    """The file of each weight in a folder. A head that is tied to the embeddings is skipped."""
    from safetensors import safe_open

    files = sorted(folder.glob("model*.safetensors"))
    if not files or not (folder / "config.json").is_file():
        raise Problem("bad_model", f"{folder} has no model.safetensors with a config.json.", "Name the folder of a whole model.")
    is_tied = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("tie_word_embeddings", False)
    files_by_name = {}
    for path in files:
        with safe_open(path, "pt") as file:
            files_by_name.update({name: path for name in file.keys()})
    if is_tied:
        files_by_name.pop("lm_head.weight", None)
    return files_by_name


def _template_in(folder: Path, reader: gguf.GGUFReader) -> str | None:
    """The chat template of a folder without the marks for training. None if it is the same as the base's."""
    path = folder / "chat_template.jinja"
    own = without_marks(path.read_text(encoding="utf-8")) if path.is_file() else None
    return None if own is None or own == value_of(reader, "tokenizer.chat_template") else own
