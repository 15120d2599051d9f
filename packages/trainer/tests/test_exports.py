"""Exported files contain the trained model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import gguf
import numpy as np
import pytest
from conftest import told

from treadle_trainer.formats.export_adapter import export_adapter
from treadle_trainer.formats.export_gguf import export_model, tensors_of
from treadle_trainer.formats.gguf_layout import interleave, read_base
from treadle_trainer.formats.import_base import import_base
from treadle_trainer.formats.merge import merge
from treadle_trainer.runtime.problems import Problem
from treadle_trainer.jobs.read_job import read_job


@pytest.fixture(scope="module")
def imported(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model's GGUF, imported as a folder."""
    folder = tmp_path_factory.mktemp("imported") / "base"
    import_base(tiny / "tiny.gguf", folder)
    return folder


def test_a_model_comes_back_from_its_gguf_as_it_was(tiny: Path, imported: Path) -> None:
    before, after = dict(tensors_of(tiny)), dict(tensors_of(imported))
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[name], after[name]) for name in before)
    facts = json.loads((imported / "import.json").read_text())
    assert facts["tokens"] == {"bos": 1, "eos": 2, "pad": 0, "unk": 0} and facts["is_split_known"]
    assert facts["origin"]["quantised"] is False and facts["parameters"] == sum(weights.size for weights in before.values())


def test_an_imported_tokenizer_splits_as_the_first_did(tokenizer: Any, imported: Path) -> None:
    from transformers import AutoTokenizer

    other = AutoTokenizer.from_pretrained(imported)
    for text in ("In 2024, 17 of 100", "a   4  b", "😀 漢字", "one\r\ntwo\n\n three", "<|im_start|>user\nhi<|im_end|>\n", "don't  'll"):
        assert other(text)["input_ids"] == tokenizer(text)["input_ids"]
        assert other.decode(other(text)["input_ids"], clean_up_tokenization_spaces=False) == text
    assert other.chat_template == tokenizer.chat_template


@pytest.mark.parametrize(("kind", "most"), [("f32", 0.0), ("f16", 1e-3), ("q8_0", 8e-3)])
def test_a_gguf_holds_the_weights_that_were_meant(tiny: Path, tmp_path: Path, kind: str, most: float) -> None:
    out = tmp_path / "out.gguf"
    export_model(tiny / "tiny.gguf", tiny, out, kind, name="mine", chat_template="{{ 1 }}")
    reader, layout = read_base(out)
    restored = {tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}
    for name, weights in tensors_of(tiny):
        original = layout.rows(name, weights)
        assert np.abs(restored[layout.name_of(name)].reshape(original.shape) - original).max() <= most * np.abs(original).max()
    assert reader.get_field("general.name").contents() == "mine" and reader.get_field("tokenizer.chat_template").contents() == "{{ 1 }}"
    base = gguf.GGUFReader(str(tiny / "tiny.gguf"))
    for key in ("tokenizer.ggml.tokens", "tokenizer.ggml.merges", "tokenizer.ggml.pre", "llama.context_length"):
        assert reader.get_field(key).contents() == base.get_field(key).contents()


def test_rows_of_a_head_are_taken_in_turn() -> None:
    assert interleave(np.arange(8)[:, None], 2)[:, 0].tolist() == [0, 2, 1, 3, 4, 6, 5, 7]


def test_an_adapter_merged_or_beside_its_base_says_the_same(
    make_job: Callable[..., Path], train: Callable[[Path], int], tiny: Path, tmp_path: Path
) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    path = make_job(adapter="lora", max_steps=20, learning_rate=1e-2, export={"gguf": "merged", "gguf_type": "f32"})
    assert train(path) == 0
    folder = path.parent
    kinds = [event["kind"] for event in told(folder, "artifact")]
    assert kinds == ["adapter", "model", "gguf"]
    base = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    ids = torch.arange(3, 40)[None]
    with torch.no_grad():
        plain = base(input_ids=ids).logits.clone()
        adapted = PeftModel.from_pretrained(base, folder / "final").eval()(input_ids=ids).logits
        merged = AutoModelForCausalLM.from_pretrained(folder / "exports/merged", dtype=torch.float32)(input_ids=ids).logits
    assert float((adapted - merged).abs().max()) < 1e-3 < float((adapted - plain).abs().max())

    export_adapter(tiny / "tiny.gguf", folder / "final", tmp_path / "adapter.gguf", "f32")
    reader, layout = gguf.GGUFReader(str(tmp_path / "adapter.gguf")), read_base(tiny / "tiny.gguf")[1]
    parts = {tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}
    assert reader.get_field("general.type").contents() == "adapter" and reader.get_field("adapter.lora.alpha").contents() == 8
    whole = dict(tensors_of(folder / "exports/merged"))
    for name, weights in tensors_of(tiny):
        tensor = layout.name_of(name)
        if f"{tensor}.lora_a" in parts:
            delta = parts[f"{tensor}.lora_b"] @ parts[f"{tensor}.lora_a"] * 8 / 4
            meant = layout.rows(name, whole[name]) - layout.rows(name, weights)
            assert np.abs(delta - meant).max() < 1e-5
    assert len(parts) == 2 * 7 * layout.blocks


def test_an_adapter_is_merged_only_into_its_own_base(make_job: Callable[..., Path], train: Callable[[Path], int], tiny: Path, tmp_path: Path) -> None:
    path = make_job(adapter="lora", max_steps=1)
    assert train(path) == 0
    with pytest.raises(Problem, match="hash abc"):
        merge(tiny, path.parent / "final", tmp_path / "merged", base_hash="def")


def test_an_adapter_that_gguf_cannot_hold_is_refused(tmp_path: Path, tiny: Path) -> None:
    (tmp_path / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "r": 4, "lora_alpha": 8, "use_dora": True}))
    with pytest.raises(Problem, match="use_dora"):
        export_adapter(tiny / "tiny.gguf", tmp_path, tmp_path / "out.gguf")


def test_an_estimate_counts_as_the_model_does(make_job: Callable[..., Path]) -> None:
    from treadle_trainer.estimates.calibrate import estimate

    for adapter in ("lora", "none"):
        result = estimate(read_job(make_job(adapter, adapter=adapter)))
        assert result["formula"] == {"parameters": result["parameters"], "trainable": result["trainable"]}
        assert result["steps"] == 4 and result["seconds"]["expected"] > 0 and result["seconds"]["plus_minus"] > 0
        parts = {name: size for name, size in result["memory_mb"].items() if name != "total"}
        assert result["memory_mb"]["total"] == pytest.approx(sum(parts.values()), abs=0.2)


def test_smollm2_has_as_many_weights_as_the_formula_says() -> None:
    from treadle_trainer.estimates.estimate import Shape

    shape = Shape(hidden=576, layers=30, inner=1536, heads=9, kv_heads=3, head_size=64, vocabulary=49_152, is_tied=True)
    assert shape.parameters == 134_515_008
    assert shape.adapter_parameters(16, "all-linear") == 4_884_480
    assert shape.adapter_parameters(8, ["q_proj"]) == 30 * 8 * (576 + 576)
