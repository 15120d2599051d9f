"""A model in another format is the same model, within the rounding error of the format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import gguf
import numpy as np
import pytest
from conftest import start

from treadle_trainer.runtime.checkpoints import sha256_of
from treadle_trainer.formats.convert_gguf import convert
from treadle_trainer.formats.export_adapter import export_adapter
from treadle_trainer.formats.export_gguf import tensors_of
from treadle_trainer.formats.gguf_layout import TYPES, read_base
from treadle_trainer.formats.import_base import import_base
from treadle_trainer.runtime.problems import Problem


def nothing(*_: object) -> None:
    """Ignores progress."""


def weights_of(path: Path) -> dict[str, np.ndarray]:
    """All tensors of a file as 32-bit floats."""
    return {tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type) for tensor in gguf.GGUFReader(str(path)).tensors}


@pytest.fixture(scope="module")
def adapter(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter of random weights over the tiny model, with a strong effect."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    folder = tmp_path_factory.mktemp("adapter")
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(tiny), LoraConfig(r=4, lora_alpha=8, target_modules="all-linear"))
    torch.manual_seed(1)
    for name, weights in model.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weights, std=0.1)
    model.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("kind", list(TYPES))
def test_every_type_holds_the_weights_within_its_rounding(tiny: Path, tmp_path: Path, kind: str) -> None:
    steps: list[tuple[int, int]] = []
    out = tmp_path / "model.gguf"
    result = convert(tiny / "tiny.gguf", out, kind, name="tiny", progress=lambda done, total, _: steps.append((done, total)))
    before, after = weights_of(tiny / "tiny.gguf"), weights_of(out)
    assert before.keys() == after.keys()
    bits = {"f32": 32, "f16": 11, "bf16": 8, "q8_0": 7, "q5_1": 5, "q5_0": 4, "q4_1": 4, "q4_0": 3}[kind]
    for name, weights in before.items():
        assert np.abs(after[name] - weights).max() <= np.abs(weights).max() * 2.2 * 2.0**-bits + 1e-7, name
    assert result["sha256"] == sha256_of(out) and result["size_bytes"] == out.stat().st_size
    assert result["relative_error"] < 2.0**-bits and result["tensors"] == len(before)
    assert steps[-1][0] == steps[-1][1] and sorted(steps) == steps
    reader, base = gguf.GGUFReader(str(out)), gguf.GGUFReader(str(tiny / "tiny.gguf"))
    for key in ("tokenizer.ggml.tokens", "tokenizer.ggml.merges", "tokenizer.ggml.pre", "tokenizer.chat_template", "llama.context_length"):
        assert reader.get_field(key).contents() == base.get_field(key).contents()
    kinds = {tensor.name: tensor.tensor_type.name.lower() for tensor in reader.tensors}
    assert kinds["blk.0.attn_q.weight"] == kind and kinds["output_norm.weight"] == "f32"
    assert kinds["token_embd.weight"] == (kind if kind in ("f32", "f16", "bf16", "q8_0") else "q8_0")


def test_the_reference_is_the_same_in_16_bits(tiny: Path, tmp_path: Path) -> None:
    convert(tiny / "tiny.gguf", tmp_path / "small.gguf", "q4_0", name="tiny", progress=nothing, reference=tmp_path / "reference.gguf")
    convert(tiny / "tiny.gguf", tmp_path / "whole.gguf", "f16", name="tiny", progress=nothing)
    assert sha256_of(tmp_path / "reference.gguf") == sha256_of(tmp_path / "whole.gguf")


def test_an_adapter_is_merged_as_its_own_library_merges_it(tiny: Path, adapter: Path, tmp_path: Path) -> None:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    convert(tiny / "tiny.gguf", tmp_path / "folder.gguf", "f32", name="tiny", progress=nothing, adapter=adapter)
    export_adapter(tiny / "tiny.gguf", adapter, tmp_path / "adapter.gguf", "f32")
    convert(tiny / "tiny.gguf", tmp_path / "file.gguf", "f32", name="tiny", progress=nothing, adapter_gguf=tmp_path / "adapter.gguf")
    merged = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(tiny), adapter).merge_and_unload()
    merged.save_pretrained(tmp_path / "merged")
    _, layout = read_base(tiny / "tiny.gguf")
    plain, by_folder, by_file = (weights_of(path) for path in (tiny / "tiny.gguf", tmp_path / "folder.gguf", tmp_path / "file.gguf"))
    for hf_name, weights in tensors_of(tmp_path / "merged"):
        name = layout.name_of(hf_name)
        assert np.abs(by_folder[name] - layout.rows(hf_name, weights)).max() < 1e-5, name
        assert np.abs(by_file[name] - by_folder[name]).max() < 1e-5, name
    assert np.abs(by_folder["blk.0.attn_q.weight"] - plain["blk.0.attn_q.weight"]).max() > 1e-2


def test_a_folder_takes_the_place_of_the_weights_and_brings_its_template(tiny: Path, tmp_path: Path) -> None:
    import_base(tiny / "tiny.gguf", tmp_path / "model")
    (tmp_path / "model/chat_template.jinja").write_text("{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}")
    convert(tiny / "tiny.gguf", tmp_path / "out.gguf", "f32", name="tiny", progress=nothing, model=tmp_path / "model")
    before, after = weights_of(tiny / "tiny.gguf"), weights_of(tmp_path / "out.gguf")
    assert all(np.array_equal(before[name], after[name]) for name in before)
    template = gguf.GGUFReader(str(tmp_path / "out.gguf")).get_field("tokenizer.chat_template").contents()
    assert template == "{% for m in messages %}{{ m.content }}{% endfor %}"


def test_an_adapter_of_other_weights_is_refused(tiny: Path, adapter: Path, tmp_path: Path) -> None:
    own = tmp_path / "adapter"
    own.mkdir()
    for path in adapter.iterdir():
        if path.is_file():
            (own / path.name).write_bytes(path.read_bytes())
    (own / "training.json").write_text(json.dumps({"base_hash": "0" * 64}))
    out = tmp_path / "out.gguf"
    with pytest.raises(Problem, match="trained on a base with the SHA-256 000000000000"):
        convert(tiny / "tiny.gguf", out, "f16", name="tiny", progress=nothing, adapter=own)
    with pytest.raises(Problem, match="SHA-256 abc"):
        convert(tiny / "tiny.gguf", out, "f16", name="tiny", progress=nothing, adapter=adapter, base_hash="abc")
    assert list(tmp_path.glob("out*")) == []


def test_weights_are_not_rounded_twice(tiny: Path, tmp_path: Path) -> None:
    convert(tiny / "tiny.gguf", tmp_path / "small.gguf", "q4_1", name="tiny", progress=nothing)
    for kind in ("q4_0", "q4_1"):
        with pytest.raises(Problem, match="round them a second time"):
            convert(tmp_path / "small.gguf", tmp_path / "out.gguf", kind, name="tiny", progress=nothing)
    convert(tmp_path / "small.gguf", tmp_path / "out.gguf", "f16", name="tiny", progress=nothing)


def test_k_quants_are_refused_with_the_program_that_makes_them(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="llama-quantize model-F16.gguf model.gguf Q4_K_M"):
        convert(tiny / "tiny.gguf", tmp_path / "out.gguf", "q4_k_m", name="tiny", progress=nothing)


@pytest.mark.parametrize(("value", "kind", "words"), [(float("nan"), "f16", "values that are not numbers"), (1e30, "f16", "Use BF16")])
def test_weights_that_a_type_cannot_hold_leave_no_file(tiny: Path, tmp_path: Path, value: float, kind: str, words: str) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes((tiny / "tiny.gguf").read_bytes())
    tensor = next(one for one in gguf.GGUFReader(str(broken), "r+").tensors if one.name == "blk.1.ffn_up.weight")
    tensor.data[3, 5] = value
    tensor.data.base.flush() if hasattr(tensor.data.base, "flush") else None
    del tensor
    with pytest.raises(Problem, match=words):
        convert(broken, tmp_path / "out.gguf", kind, name="tiny", progress=nothing)
    assert list(tmp_path.glob("out*")) == []


def test_the_program_tells_how_far_it_is_and_what_it_wrote(tiny: Path, tmp_path: Path) -> None:
    process = start("convert-gguf", "--base-gguf", str(tiny / "tiny.gguf"), "--out", str(tmp_path / "out.gguf"), "--type", "Q8_0")
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    lines: list[dict[str, Any]] = [json.loads(line) for line in stdout.splitlines()]
    assert all("progress" in line for line in lines[:-1]) and len(lines) > 5
    assert lines[-1]["type"] == "Q8_0" and lines[-1]["sha256"] == sha256_of(tmp_path / "out.gguf")


def test_what_is_read_at_once_is_one_tensor(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import treadle_trainer.formats.convert_gguf as module

    held: list[int] = []
    original: Callable[..., Any] = module._File.add

    def add(self: Any, name: str, weights: np.ndarray) -> float:
        held.append(sum(1 for info in self.writer.tensors[0].values() if info.tensor is not None))
        return original(self, name, weights)

    monkeypatch.setattr(module._File, "add", add)
    convert(tiny / "tiny.gguf", tmp_path / "out.gguf", "q8_0", name="tiny", progress=nothing)
    assert held and not any(held)
