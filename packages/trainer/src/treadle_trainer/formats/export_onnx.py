"""Exports a model as ONNX in the layout of transformers.js: configuration and tokenizer, and the weights in `onnx` in
full precision and in 8 bits.

It runs in a separate environment, because the exporter needs an older version of transformers than training does.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Callable

import numpy as np

from treadle_trainer.runtime.checkpoints import hash_files, write_json
from treadle_trainer.formats.probe_logits import logits_of, probe_ids
from treadle_trainer.runtime.problems import Problem

Progress = Callable[[int, int, str], None]
MOST_OFF = 1e-3
STEPS = 5
_TASK = "text-generation-with-past"
# The prefix of the graph's inputs that hold the key-value cache.
_CACHE = "past_key_values."


def export_onnx(model: Path, out: Path, reference: Path | None, progress: Progress) -> dict[str, Any]:
    """Writes `out` atomically. `reference` holds the model's logits, computed in the training environment.

    Raises if the graph's logits differ from the model's, in one pass or token by token. Returns files, and the error
    of the 8-bit weights.
    """
    building = out.with_name(f"{out.name}.building")
    older = out.with_name(f"{out.name}.older")
    shutil.rmtree(building, ignore_errors=True)
    try:
        _make_readable(model, older)
        expected = np.load(reference, allow_pickle=False) if reference is not None else logits_of(older)
        progress(1, STEPS, "Tracing the model")
        _trace(older, building)
        progress(2, STEPS, "Comparing the graph with the model")
        whole = building / "onnx" / "model.onnx"
        found, stepped = _run(whole, expected.shape[1])
        off, off_stepped = float(np.abs(found - expected).max()), float(np.abs(stepped - expected).max())
        if not max(off, off_stepped) < MOST_OFF:
            message = f"The graph gives different logits than the model: they differ by {off:g} in one pass and by {off_stepped:g} token by token."
            raise Problem("bad_export", message, "Export another format.", is_user_error=False)
        progress(3, STEPS, "Rounding weights to 8 bits")
        rounded = building / "onnx" / "model_quantized.onnx"
        _quantise(whole, rounded)
        progress(4, STEPS, "Comparing the 8-bit graph with the model")
        difference = _compare(_run(rounded, expected.shape[1])[0], expected)
        files = hash_files(building)
        shutil.rmtree(out, ignore_errors=True)
        building.rename(out)
    finally:
        shutil.rmtree(older, ignore_errors=True)
        shutil.rmtree(building, ignore_errors=True)
    progress(STEPS, STEPS, "Written")
    return {"path": str(out), "files": files, "most_off": off, "most_off_stepped": off_stepped, "q8": difference}


def _make_readable(model: Path, older: Path) -> None:
    """Copies the folder for the older library, which expects other names for the rotary base, the weight type and the tokenizer class."""
    shutil.rmtree(older, ignore_errors=True)
    older.mkdir(parents=True)
    for path in model.iterdir():
        if path.is_file() and path.name not in ("config.json", "tokenizer_config.json"):
            (older / path.name).symlink_to(path)
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    rope = config.pop("rope_parameters", None)
    if isinstance(rope, dict):
        if any(isinstance(value, dict) for value in rope.values()):
            raise Problem("cannot_export", "This model encodes positions differently in each layer, which the exporter does not support.", "Export GGUF instead.")
        config.setdefault("rope_theta", rope.get("rope_theta", 10_000.0))
        if rope.get("rope_type", "default") != "default":
            config["rope_scaling"] = {name: value for name, value in rope.items() if name != "rope_theta"}
    config["torch_dtype"] = "float32"
    config.pop("dtype", None)
    (older / "config.json").write_text(json.dumps(config), encoding="utf-8")
    words = model / "tokenizer_config.json"
    tokenizer = json.loads(words.read_text(encoding="utf-8")) if words.is_file() else {}
    if not (model / "tokenizer.json").is_file():
        raise Problem("cannot_export", "The model has no tokenizer.json.", "Import it with its tokenizer.")
    tokenizer["tokenizer_class"] = "PreTrainedTokenizerFast"
    tokenizer.pop("backend", None)
    tokenizer.pop("extra_special_tokens", None)
    (older / "tokenizer_config.json").write_text(json.dumps(tokenizer), encoding="utf-8")


def _trace(model: Path, building: Path) -> None:
    from optimum.exporters.onnx import main_export

    traced = building / "traced"
    try:
        main_export(str(model), output=str(traced), task=_TASK, do_validation=False, local_files_only=True, library_name="transformers")
    except (KeyError, ValueError, NotImplementedError) as cause:
        message = f"The exporter does not support this model: {str(cause)[:500]}"
        raise Problem("cannot_export", message, "Export GGUF instead.") from cause
    weights = building / "onnx"
    weights.mkdir()
    for path in sorted(traced.iterdir()):
        path.rename((weights if path.name.startswith("model.onnx") else building) / path.name)
    traced.rmdir()
    _copy_template(model, building / "tokenizer_config.json")


def _copy_template(model: Path, words: Path) -> None:
    """Copies the chat template into the tokenizer configuration, the only place where transformers.js reads it."""
    template = model / "chat_template.jinja"
    if template.is_file():
        config = json.loads(words.read_text(encoding="utf-8"))
        write_json(words, {**config, "chat_template": template.read_text(encoding="utf-8")})


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _run(path: Path, vocabulary: int) -> tuple[np.ndarray, np.ndarray]:
    """The logits of the probe in one pass, and token by token with the cache."""
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
    cache_names = {name for name in inputs if name.startswith(_CACHE)}
    if memory is None:
        memory = {name: _nothing(inputs[name].shape) for name in cache_names}
    before = next(iter(memory.values())).shape[2] if memory else 0
    feed: dict[str, np.ndarray] = {"input_ids": ids, **memory}
    if "attention_mask" in inputs:
        feed["attention_mask"] = np.ones((1, before + ids.shape[1]), np.int64)
    if "position_ids" in inputs:
        feed["position_ids"] = np.arange(before, before + ids.shape[1], dtype=np.int64)[None]
    names = [one.name for one in session.get_outputs()]
    outputs = dict(zip(names, session.run(None, feed)))
    after = {name: outputs[name.replace(_CACHE, "present.")] for name in cache_names}
    return outputs["logits"][0], after


def _nothing(shape: list[Any]) -> np.ndarray:
    """The empty cache before the first token: `[1, heads, 0, size]`. In `shape`, batch and tokens are names instead of numbers."""
    return np.zeros([size if isinstance(size, int) else (1, 0, 0, 0)[at] for at, size in enumerate(shape)], np.float32)


def _quantise(whole: Path, rounded: Path) -> None:
    """Quantises to unsigned weights, because signed weights may overflow on processors without VNNI."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(str(whole), str(rounded), weight_type=QuantType.QUInt8, extra_options={"EnableSubgraph": True})


def _compare(found: np.ndarray, meant: np.ndarray) -> dict[str, float]:
    """How often the most likely token is the same, and the divergence from the model's probabilities (Kullback–Leibler, nats per token)."""
    p, q = _log_softmax(meant), _log_softmax(found)
    return {
        "agreement": float((found.argmax(-1) == meant.argmax(-1)).mean()),
        "divergence": float((np.exp(p) * (p - q)).sum(-1).mean()),
    }


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits.astype(np.float64) - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
