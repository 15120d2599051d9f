"""The logits of a model for a few fixed tokens, as an array that another environment can compare with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

TOKENS = 24


def probe_ids(vocabulary: int) -> np.ndarray:
    """`[1, TOKENS]` tokens, always the same for a vocabulary size."""
    return ((np.arange(TOKENS, dtype=np.int64) * 97 + 13) % vocabulary)[None]


def logits_of(folder: Path) -> np.ndarray:
    """`[TOKENS, vocabulary]` logits of the model in a Hugging Face folder, in 32-bit floats."""
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True).eval()
    with torch.no_grad():
        return model(input_ids=torch.from_numpy(probe_ids(model.config.vocab_size))).logits[0].float().numpy()


def probe_logits(folder: Path, out: Path) -> dict[str, Any]:
    """Writes the logits to a `.npy` file."""
    logits = logits_of(folder)
    np.save(out, logits, allow_pickle=False)
    return {"path": str(out), "tokens": logits.shape[0], "vocabulary": logits.shape[1]}
