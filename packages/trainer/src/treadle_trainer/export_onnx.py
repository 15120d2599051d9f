"""A model as ONNX in the layout that transformers.js reads: configuration and tokenizer, and below `onnx` the weights whole and in 8 bits.

It runs in an environment of its own: the exporter wants an older transformers than training does.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Callable

import numpy as np

from treadle_trainer.checkpoints import hash_files, write_json
from treadle_trainer.probe_logits import logits_of, probe_ids
from treadle_trainer.problems import Problem

Progress = Callable[[int, int, str], None]
MOST_OFF = 1e-3
STEPS = 5
_TASK = "text-generation-with-past"
# What each step of the graph is given besides tokens, by the beginning of its name.
_CACHE = "past_key_values."


def export_onnx(model: Path, out: Path, reference: Path | None, progress: Progress) -> dict[str, Any]:
    """Writes `out`, whole or not at all. `reference` is what training's own environment says the model says.

    Throws where the graph answers otherwise than the model, in one go or token by token. Returns files, and how far the 8 bits are off.
    """
    building = out.with_name(f"{out.name}.building")
    older = out.with_name(f"{out.name}.older")
    shutil.rmtree(building, ignore_errors=True)
    try:
        _make_readable(model, older)
        meant = np.load(reference, allow_pickle=False) if reference is not None else logits_of(older)
        progress(1, STEPS, "Tracing the model")
        _trace(older, building)
        progress(2, STEPS, "Comparing the graph with the model")
        whole = building / "onnx" / "model.onnx"
        found, stepped = _run(whole, meant.shape[1])
        off, off_stepped = float(np.abs(found - meant).max()), float(np.abs(stepped - meant).max())
        if not max(off, off_stepped) < MOST_OFF:
            message = f"The graph answers otherwise than the model: logits are {off:g} apart in one go, {off_stepped:g} token by token."
            raise Problem("bad_export", message, "Export another format.", is_user_error=False)
        progress(3, STEPS, "Rounding weights to 8 bits")
        rounded = building / "onnx" / "model_quantized.onnx"
        _quantise(whole, rounded)
        progress(4, STEPS, "Comparing the 8 bits with the model")
        told = _compare(_run(rounded, meant.shape[1])[0], meant)
        files = hash_files(building)
        shutil.rmtree(out, ignore_errors=True)
        building.rename(out)
    finally:
        shutil.rmtree(older, ignore_errors=True)
        shutil.rmtree(building, ignore_errors=True)
    progress(STEPS, STEPS, "Written")
    return {"path": str(out), "files": files, "most_off": off, "most_off_stepped": off_stepped, "q8": told}


def _make_readable(model: Path, older: Path) -> None:
    """The folder in the words of the older library: where it looks for the rotation's base, the type of weights and the tokenizer's class."""
    shutil.rmtree(older, ignore_errors=True)
    older.mkdir(parents=True)
    for path in model.iterdir():
        if path.is_file() and path.name not in ("config.json", "tokenizer_config.json"):
            (older / path.name).symlink_to(path)
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    rope = config.pop("rope_parameters", None)
    if isinstance(rope, dict):
        if any(isinstance(value, dict) for value in rope.values()):
            raise Problem("cannot_export", "This model turns positions differently by layer, which the exporter does not know.", "Export GGUF instead.")
        config.setdefault("rope_theta", rope.get("rope_theta", 10_000.0))
        if rope.get("rope_type", "default") != "default":
            config["rope_scaling"] = {name: value for name, value in rope.items() if name != "rope_theta"}
    config["torch_dtype"] = "float32"
    config.pop("dtype", None)
    (older / "config.json").write_text(json.dumps(config), encoding="utf-8")
    words = model / "tokenizer_config.json"
    told = json.loads(words.read_text(encoding="utf-8")) if words.is_file() else {}
    if not (model / "tokenizer.json").is_file():
        raise Problem("cannot_export", "The model has no tokenizer.json.", "Import it with its tokenizer.")
    told["tokenizer_class"] = "PreTrainedTokenizerFast"
    told.pop("backend", None)
    told.pop("extra_special_tokens", None)
    (older / "tokenizer_config.json").write_text(json.dumps(told), encoding="utf-8")


def _trace(model: Path, building: Path) -> None:
    from optimum.exporters.onnx import main_export

    traced = building / "traced"
    try:
        main_export(str(model), output=str(traced), task=_TASK, do_validation=False, local_files_only=True, library_name="transformers")
    except (KeyError, ValueError, NotImplementedError) as cause:
        message = f"The exporter does not take this model: {str(cause)[:500]}"
        raise Problem("cannot_export", message, "Export GGUF instead.") from cause
    weights = building / "onnx"
    weights.mkdir()
    for path in sorted(traced.iterdir()):
        path.rename((weights if path.name.startswith("model.onnx") else building) / path.name)
    traced.rmdir()
    _tell_template(model, building / "tokenizer_config.json")


def _tell_template(model: Path, words: Path) -> None:
    """transformers.js reads the chat template in the tokenizer's configuration and not beside it."""
    template = model / "chat_template.jinja"
    if template.is_file():
        told = json.loads(words.read_text(encoding="utf-8"))
        write_json(words, {**told, "chat_template": template.read_text(encoding="utf-8")})


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _run(path: Path, vocabulary: int) -> tuple[np.ndarray, np.ndarray]:
    """The logits of the probe in one go, and token by token with what the graph remembers."""
    session = _session(path)
    ids = probe_ids(vocabulary)
    whole = _step(session, ids, None)[0]
    rows, memory = [], None
    for at in range(ids.shape[1]):
        logits, memory = _step(session, ids[:, at : at + 1], memory)
        rows.append(logits[-1])
    return whole, np.stack(rows)


def _step(session: Any, ids: np.ndarray, memory: dict[str, np.ndarray] | None) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    inputs = {one.name: one for one in session.get_inputs()}
    kept = {name for name in inputs if name.startswith(_CACHE)}
    if memory is None:
        memory = {name: _nothing(inputs[name].shape) for name in kept}
    before = next(iter(memory.values())).shape[2] if memory else 0
    given: dict[str, np.ndarray] = {"input_ids": ids, **memory}
    if "attention_mask" in inputs:
        given["attention_mask"] = np.ones((1, before + ids.shape[1]), np.int64)
    if "position_ids" in inputs:
        given["position_ids"] = np.arange(before, before + ids.shape[1], dtype=np.int64)[None]
    names = [one.name for one in session.get_outputs()]
    found = dict(zip(names, session.run(None, given)))
    after = {name: found[name.replace(_CACHE, "present.")] for name in kept}
    return found["logits"][0], after


def _nothing(shape: list[Any]) -> np.ndarray:
    """What is remembered before the first token: `[1, heads, 0, size]`, where names stand for the batch and the tokens."""
    return np.zeros([size if isinstance(size, int) else (1, 0, 0, 0)[at] for at, size in enumerate(shape)], np.float32)


def _quantise(whole: Path, rounded: Path) -> None:
    """Unsigned weights: with signed ones a processor without VNNI may overflow."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(str(whole), str(rounded), weight_type=QuantType.QUInt8, extra_options={"EnableSubgraph": True})


def _compare(found: np.ndarray, meant: np.ndarray) -> dict[str, float]:
    """How often the likeliest token is the same, and how far the probabilities are from the model's (Kullback–Leibler, in nats a token)."""
    p, q = _log_softmax(meant), _log_softmax(found)
    return {
        "agreement": float((found.argmax(-1) == meant.argmax(-1)).mean()),
        "divergence": float((np.exp(p) * (p - q)).sum(-1).mean()),
    }


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits.astype(np.float64) - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
