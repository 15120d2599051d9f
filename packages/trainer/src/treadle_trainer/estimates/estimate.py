"""The expected memory and time of a run. Memory comes from a formula, time from a line through two measured points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from treadle_trainer.jobs.job import Job
from treadle_trainer.estimates.pace import Work
from treadle_trainer.data.splits import Split

MB = 2**20
# The memory of Python with its libraries, before the model is loaded.
RUNTIME_MB = 900.0
# Copies of the logits at the peak of a step: the logits, their logarithms, the gradients of both, and the input of the entropy.
LOGITS = 5


@dataclass(frozen=True)
class Shape:
    """A decoder as its configuration describes it. All counts are per layer, except `layers` and `vocabulary`."""

    hidden: int
    layers: int
    inner: int
    heads: int
    kv_heads: int
    head_size: int
    vocabulary: int
    is_tied: bool

    @classmethod
    def of(cls, config: Any) -> "Shape":
        """Reads a transformers configuration of the Llama kind."""
        heads = config.num_attention_heads
        return cls(
            hidden=config.hidden_size,
            layers=config.num_hidden_layers,
            inner=config.intermediate_size,
            heads=heads,
            kv_heads=getattr(config, "num_key_value_heads", None) or heads,
            head_size=getattr(config, "head_dim", None) or config.hidden_size // heads,
            vocabulary=config.vocab_size,
            is_tied=bool(getattr(config, "tie_word_embeddings", False)),
        )

    @property
    def linears(self) -> dict[str, tuple[int, int]]:
        """The linear layers of one block: inputs and outputs."""
        query, key = self.heads * self.head_size, self.kv_heads * self.head_size
        return {
            "q_proj": (self.hidden, query),
            "k_proj": (self.hidden, key),
            "v_proj": (self.hidden, key),
            "o_proj": (query, self.hidden),
            "gate_proj": (self.hidden, self.inner),
            "up_proj": (self.hidden, self.inner),
            "down_proj": (self.inner, self.hidden),
        }

    @property
    def parameters(self) -> int:
        """The number of weights: embeddings, linear layers, two norms per block and the last norm."""
        block = sum(inputs * outputs for inputs, outputs in self.linears.values()) + 2 * self.hidden
        return self.vocabulary * self.hidden * (1 if self.is_tied else 2) + self.layers * block + self.hidden

    def adapter_parameters(self, r: int, target: str | list[str]) -> int:
        """The number of weights of a LoRA adapter: `r * (inputs + outputs)` for each layer that it changes."""
        names = self.linears if target == "all-linear" else [name for name in self.linears if name in target]
        return self.layers * sum(r * sum(self.linears[name]) for name in names)


def trainable_parameters(job: Job, shape: Shape) -> int:
    """The number of weights that the optimiser changes. A reward model has one more row of weights, for its score."""
    head = shape.hidden if job.method == "reward" else 0
    total = shape.parameters - (0 if job.method != "reward" or shape.is_tied else shape.vocabulary * shape.hidden)
    return head + (shape.adapter_parameters(job.lora.r, job.lora.target) if job.has_adapter else total)


def memory_mb(job: Job, shape: Shape, length: int, precision: str) -> dict[str, float]:
    """Memory by part in MiB, for texts of `length` tokens. It is 9 % below to 6 % above the measured peaks in
    tests/test_memory.py.

    Weights and gradients take 4 bytes each, AdamW takes 8 per trained weight, and bfloat16 adds a rounded copy.
    Activations are the values that a block of the Llama kind stores for its backward pass. The bfloat16 figures use
    the same formula and are not measured.
    """
    texts = job.micro_batch_size * (2 if job.method in ("dpo", "reward") else 1)
    tokens = texts * length
    trained = trainable_parameters(job, shape)
    adapter = trained if job.has_adapter else 0
    copies = 2 if job.method in ("dpo", "kto") and not job.has_adapter else 1
    rounded = shape.parameters * 2 if precision == "bf16" else 0
    parts = {
        "weights": (shape.parameters * copies + adapter) * 4 + rounded,
        "gradients": trained * 4,
        "optimizer": trained * 8,
        "activations": tokens * shape.layers * _stored_bytes(job, shape, precision),
        "logits": 0 if job.method == "reward" else tokens * shape.vocabulary * 4 * LOGITS,
    }
    rounded_parts = {name: round(size / MB, 1) for name, size in parts.items()} | {"runtime": RUNTIME_MB}
    return {**rounded_parts, "total": round(sum(rounded_parts.values()), 1)}


def _stored_bytes(job: Job, shape: Shape, precision: str) -> float:
    """Bytes per token and block: two norms (their inputs and outputs), queries, keys, values, the result of attention,
    and four values of the inner size.

    Training the norms also stores their scaled inputs.
    """
    norms = shape.hidden * (4 if job.has_adapter else 6)
    multiplied = 4 * shape.heads * shape.head_size + 4 * shape.inner
    return 4 * norms + (2 if precision == "bf16" else 4) * multiplied


def steps_of(job: Job, rows: int) -> int:
    """The number of optimiser steps: fixed, or from the epochs. The last step of an epoch may have fewer rows."""
    if job.max_steps is not None:
        return job.max_steps
    batches = math.ceil(rows / job.micro_batch_size)
    return max(math.ceil((job.num_epochs or 1) * max(math.ceil(batches / job.gradient_accumulation_steps), 1)), 1)


def work_of(job: Job, lengths: list[int]) -> Work:
    """Rows and tokens that the steps read, without padding."""
    rows: float = steps_of(job, len(lengths)) * job.micro_batch_size * job.gradient_accumulation_steps
    if job.num_epochs is not None:
        rows = min(rows, math.ceil(len(lengths) * job.num_epochs))
    return Work(rows, rows * sum(lengths) / len(lengths))


def product_of(job: Job, config: Any, split: Split) -> tuple[int, int, int]:
    """The product that takes most of a step's time: tokens of a batch, hidden size, inner size."""
    shape = Shape.of(config)
    tokens = round(job.micro_batch_size * sum(split.lengths) / len(split.lengths))
    return max(tokens, 1), shape.hidden, shape.inner
