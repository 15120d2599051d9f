"""Scores answers with a reward model. It reads one JSON batch per line and writes one line for each, until the input ends."""

from __future__ import annotations

import json
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from treadle_trainer.data.encode import Encoder
from treadle_trainer.models.loading import open_tokenizer
from treadle_trainer.runtime.problems import Problem
from treadle_trainer.data.templates import require_template

# Tokens per forward pass, including padding. More would need memory and save no time.
PASS_TOKENS = 16_384
Answer = dict[str, Any]


@dataclass(frozen=True)
class RewardModel:
    """A loaded reward model, with the encoder for its conversations."""

    model: Any
    encoder: Encoder
    context: int

    def score(self, items: list[dict[str, Any]]) -> list[Answer]:
        """The reward of each answer with its length in tokens, or an error. Other texts in a batch do not change a reward."""
        texts = [self._read(item) for item in items]
        whole = sorted((place for place, text in enumerate(texts) if isinstance(text, list)), key=lambda place: len(texts[place]))
        answers: list[Answer] = [{"error": text} for text in texts]
        while whole:
            count = self._fitting([len(texts[place]) for place in whole])
            batch, whole = whole[:count], whole[count:]
            for place, reward in zip(batch, self._rewards([texts[place] for place in batch])):
                is_number = math.isfinite(reward)
                answers[place] = {"reward": reward, "tokens": len(texts[place])} if is_number else {"error": f"The reward model returned {reward}, which is not a number."}
        return answers

    def _read(self, item: dict[str, Any]) -> list[int] | str:
        """The tokens of a conversation with its answer, or an error message."""
        try:
            ids = self.encoder.continued(item["messages"], [{"role": "assistant", "content": item["answer"]}], item.get("tools")).ids
        except Exception as cause:  # A chat template may reject a conversation with any exception.
            return f"The chat template of the reward model cannot render this conversation: {str(cause)[:500].rstrip('.')}."
        if len(ids) > self.context:
            return f"The conversation has {len(ids)} tokens, but the reward model reads at most {self.context}. Shorten it, because nothing is cut off."
        return ids

    def _fitting(self, lengths: list[int]) -> int:
        """How many texts, by ascending length, fit into one pass. At least one."""
        return max(1, sum(length * (place + 1) <= PASS_TOKENS for place, length in enumerate(lengths)))

    def _rewards(self, texts: list[list[int]]) -> list[float]:
        import torch

        padded = self.encoder.tokenizer.pad({"input_ids": texts}, padding=True, return_tensors="pt").to(self.model.device)
        with torch.inference_mode():
            return self.model(input_ids=padded["input_ids"], attention_mask=padded["attention_mask"]).logits[:, 0].float().tolist()


def open_reward_model(folder: Path, base: Path | None) -> RewardModel:
    """Loads a full reward model, or an adapter with its base. Raises for any other folder."""
    import torch

    tokenizer = open_tokenizer(folder, is_reward=True)
    encoder = Encoder(tokenizer, require_template("model", tokenizer), "assistant")
    if (folder / "adapter_config.json").is_file():
        model = _with_adapter(folder, base)
    else:
        _require_head(folder)
        model = _load(folder)
    model.config.pad_token_id = tokenizer.pad_token_id
    context = getattr(model.config, "max_position_embeddings", None)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return RewardModel(model.to(device).eval(), encoder, context if isinstance(context, int) else sys.maxsize)


def _load(folder: Path) -> Any:
    import torch
    from transformers import AutoModelForSequenceClassification

    return AutoModelForSequenceClassification.from_pretrained(folder, num_labels=1, dtype=torch.float32, local_files_only=True, trust_remote_code=False)


def _with_adapter(folder: Path, base: Path | None) -> Any:
    from peft import PeftModel

    config = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    if config.get("task_type") != "SEQ_CLS" or "score" not in (config.get("modules_to_save") or []):
        raise _no_head(folder)
    if base is None:
        raise Problem("no_base", f"{folder} is an adapter.", "Name the folder of its base with --base.")
    model = _load(base)
    return PeftModel.from_pretrained(model, folder)


def _require_head(folder: Path) -> None:
    """Raises if a model has no head with a single score, because the libraries would add a random one."""
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    names = config.architectures or []
    if config.num_labels != 1 or not any(name.endswith("ForSequenceClassification") for name in names):
        raise _no_head(folder)


def _no_head(folder: Path) -> Problem:
    message = f"The model in {folder} has no head that gives a single score, so it is not a reward model."
    return Problem("not_a_reward_model", message, "Train a model with `method: reward`.")


def serve(folder: Path, base: Path | None) -> int:
    """Answers `{"items": [{"messages", "answer"}]}` with `{"items": [{"reward", "tokens"} or {"error"}]}`, line by line."""
    out = claim_output()
    model = open_reward_model(folder, base)
    for line in sys.stdin:
        answers = model.score(json.loads(line)["items"])
        print(json.dumps({"items": answers}), file=out, flush=True)
    return 0


def claim_output() -> TextIO:
    """Reserves standard output for the answers, and redirects what libraries print to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out
