"""A model with random weights, small enough for tests. Its files have the real formats; its answers are nonsense."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gguf

from treadle_trainer.formats.export_gguf import tensors_of
from treadle_trainer.formats.gguf_layout import Layout, finish
from treadle_trainer.data.templates import CHATML_SMOLLM2, without_marks

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CONTEXT = 512
_TEXTS = (
    "The quick brown fox jumps over the lazy dog. You are a helpful AI assistant named SmolLM, trained by Hugging Face.",
    "What is the answer to this question? The answer is that a user asks and an assistant answers in a few words.",
    "system user assistant name card account money transfer exchange rate top up order 0 1 2 3 4 5 6 7 8 9.",
)


def make_tiny(out: Path, seed: int = 0, vocabulary: int = 512) -> dict[str, Any]:
    """Writes a Llama of about 0.1 million weights to `out`, and the same as `out`/tiny.gguf. The same seed writes the same weights."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _tokenizer(vocabulary)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    torch.manual_seed(seed)
    model = LlamaForCausalLM(config)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    _write_gguf(out / "tiny.gguf", out, tokenizer, config)
    return {"path": str(out), "gguf": str(out / "tiny.gguf"), "parameters": sum(weight.numel() for weight in model.parameters())}


def _tokenizer(vocabulary: int) -> Any:
    """A tokenizer of bytes and a few merges. Like SmolLM2's, it splits numbers into single digits."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    backend = Tokenizer(models.BPE())
    digits, letters = pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.pre_tokenizer = pre_tokenizers.Sequence([digits, letters])
    backend.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, special_tokens=list(SPECIAL), initial_alphabet=alphabet, show_progress=False)
    backend.train_from_iterator(_TEXTS, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token=SPECIAL[1], eos_token=SPECIAL[2], pad_token=SPECIAL[0], unk_token=SPECIAL[0]
    )
    tokenizer.padding_side = "right"
    tokenizer.chat_template = without_marks(CHATML_SMOLLM2)
    return tokenizer


def _write_gguf(path: Path, folder: Path, tokenizer: Any, config: Any) -> None:
    writer = gguf.GGUFWriter(str(path) + ".building", "llama")
    writer.add_name("Tiny random model")
    writer.add_file_type(0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    head = config.hidden_size // config.num_attention_heads
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(head)
    writer.add_rope_freq_base(10_000.0)
    writer.add_vocab_size(config.vocab_size)
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    control = int(gguf.TokenType.CONTROL)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([control if token in SPECIAL else int(gguf.TokenType.NORMAL) for token in tokens])
    writer.add_token_merges([" ".join(pair) for pair in model["merges"]])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_chat_template(tokenizer.chat_template)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    layout = Layout("llama", config.num_hidden_layers, config.num_attention_heads, config.num_key_value_heads, names, True)
    for hf_name, weights in tensors_of(folder):
        writer.add_tensor(layout.name_of(hf_name), layout.rows(hf_name, weights).copy())
    finish(writer, Path(str(path) + ".building"), path)
