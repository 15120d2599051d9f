"""Imports a GGUF as a folder that can be trained: weights in 32-bit floats, and a tokenizer that splits text like llama.cpp."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from treadle_trainer.runtime.checkpoints import sha256_of, write_json
from treadle_trainer.formats.gguf_layout import read_base, value_of
from treadle_trainer.runtime.problems import Problem


def import_base(source: Path, out: Path) -> dict[str, Any]:
    """Writes the folder. Returns its parameters, its special tokens, its way of splitting text, and a greedy answer."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    reader, layout = read_base(source)
    where = dict(pretrained_model_name_or_path=str(source.parent), gguf_file=source.name, local_files_only=True)
    model = _unpacked(AutoModelForCausalLM, torch, where)
    tokenizer = AutoTokenizer.from_pretrained(**where)
    split = value_of(reader, "tokenizer.ggml.pre")
    is_known = _fix_split(tokenizer, split)
    _fix_tokens(tokenizer, reader)
    for config in (model.config, model.generation_config):
        config.bos_token_id = tokenizer.bos_token_id
        config.eos_token_id = tokenizer.eos_token_id
        config.pad_token_id = tokenizer.pad_token_id
    building = out.with_name(f"{out.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    model.save_pretrained(building)
    tokenizer.save_pretrained(building)
    summary = {
        "origin": {"kind": "gguf", "sha256": sha256_of(source), "quantised": _is_quantised(reader)},
        "architecture": layout.architecture,
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "tokens": {name: getattr(tokenizer, f"{name}_token_id") for name in ("bos", "eos", "pad", "unk")},
        "split": split,
        "is_split_known": is_known,
        "greedy": _check_saved(model, building),
    }
    write_json(building / "import.json", summary)
    shutil.rmtree(out, ignore_errors=True)
    building.rename(out)
    return {"path": str(out), **summary}


def _unpacked(kind: Any, torch: Any, where: dict[str, Any]) -> Any:
    """The model in plain floats, even where the library keeps the file's packed integers or a quantization setting."""
    model = kind.from_pretrained(dtype=torch.float32, **where)
    if any(not weight.is_floating_point() for weight in model.parameters()):
        from transformers import GgufConfig

        model = kind.from_pretrained(dtype=torch.float32, quantization_config=GgufConfig(dequantize=True), **where)
    weights = model.state_dict()
    config = type(model.config).from_dict({k: v for k, v in model.config.to_dict().items() if k != "quantization_config"})
    plain = kind.from_config(config, dtype=torch.float32)
    plain.load_state_dict(weights, assign=True)
    plain.tie_weights()
    plain.generation_config = model.generation_config
    return plain.eval()


def _fix_split(tokenizer: Any, split: str | None) -> bool:
    """Makes the tokenizer split text like llama.cpp does for the file's `tokenizer.ggml.pre`. Returns whether that value is known."""
    from tokenizers import decoders, pre_tokenizers

    if split not in ("smollm", "gpt-2", "gpt2"):
        return False
    backend = tokenizer.backend_tokenizer
    pieces = [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    if split == "smollm":  # Single digits. Otherwise "2024" would become other tokens than in the model's training.
        pieces.insert(0, pre_tokenizers.Digits(individual_digits=True))
    backend.pre_tokenizer = pre_tokenizers.Sequence(pieces)
    backend.decoder = decoders.ByteLevel()
    return True


def _fix_tokens(tokenizer: Any, reader: Any) -> None:
    """Sets the special tokens of the file. The padding token is one that neither starts nor ends a text, if possible."""
    texts = value_of(reader, "tokenizer.ggml.tokens")
    for name in ("bos", "eos"):
        number = value_of(reader, f"tokenizer.ggml.{name}_token_id")
        if number is not None:
            setattr(tokenizer, f"{name}_token", texts[number])
    if tokenizer.eos_token is None:
        raise Problem("bad_gguf", "The file declares no token that ends a text.", "Use a file with tokenizer.ggml.eos_token_id.")
    named = [value_of(reader, f"tokenizer.ggml.{name}_token_id") for name in ("padding", "unknown")]
    candidates = [texts[number] for number in named if number is not None] + ["<|endoftext|>", "<pad>", "<unk>"]
    vocabulary = tokenizer.get_vocab()
    in_use = {tokenizer.eos_token, tokenizer.bos_token}
    padding = next((text for text in candidates if text in vocabulary and text not in in_use), tokenizer.eos_token)
    tokenizer.pad_token = padding
    if tokenizer.unk_token is None or tokenizer.unk_token not in vocabulary:
        tokenizer.unk_token = padding
    tokenizer.padding_side = "right"
    tokenizer.clean_up_tokenization_spaces = False
    tokenizer.chat_template = value_of(reader, "tokenizer.chat_template")


def _is_quantised(reader: Any) -> bool:
    """Whether any weight has fewer than 16 bits, so that it differs from the published weights."""
    return any(tensor.tensor_type.name not in ("F32", "F16", "BF16") for tensor in reader.tensors)


def _check_saved(model: Any, folder: Path) -> str:
    """Reads a saved folder back and compares its logits with the model's. Returns its continuation of a few words."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    again = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    prompt = tokenizer("The capital of France is", return_tensors="pt")
    with torch.no_grad():
        if not torch.allclose(model(**prompt).logits, again(**prompt).logits, atol=1e-5):
            raise Problem("bad_import", "The folder gives different logits than the file.", "Try again.", is_user_error=False)
        generated = again.generate(**prompt, max_new_tokens=8, do_sample=False)
    return tokenizer.decode(generated[0])
