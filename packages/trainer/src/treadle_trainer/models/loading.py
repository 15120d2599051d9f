"""Loads the base model and its tokenizer from a local folder. Nothing is ever downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from treadle_trainer.data.encode import Encoder
from treadle_trainer.jobs.job import Job
from treadle_trainer.runtime.problems import Problem
from treadle_trainer.data.templates import find_template


def load_tokenizer(job: Job) -> Any:
    """The tokenizer of a job's base."""
    return open_tokenizer(job.base.path, is_reward=job.method == "reward")


def open_tokenizer(folder: Path, *, is_reward: bool) -> Any:
    """The tokenizer of a folder. It pads on the right, if possible with a token that does not end a text."""
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as cause:
        message = f"The tokenizer of {folder} cannot be read: {cause}."
        raise Problem("bad_base", message, "Import the base with `import-base` again.") from cause
    if not tokenizer.is_fast:
        raise Problem("bad_base", f"{folder} has no tokenizer.json.", "Import the base with `import-base` again.")
    tokenizer.padding_side = "right"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    if is_reward and tokenizer.pad_token == tokenizer.eos_token:
        message = "This tokenizer pads with its end token, but a reward model reads its score at the end token."
        raise Problem("bad_base", message, "Add a separate pad token to the tokenizer.")
    return tokenizer


def open_encoder(job: Job, tokenizer: Any) -> Encoder:
    """The encoder of a job's rows. Its template becomes the tokenizer's, so that the result is prompted with it."""
    template = find_template(job.chat_template, tokenizer)
    if template is not None:
        tokenizer.chat_template = template.inference
    return Encoder(tokenizer=tokenizer, template=template, train_on=job.train_on)


def trains_the_end(encoder: Encoder) -> bool:
    """Whether the model learns to stop: the last token that counts ends a turn. True for rows without turns."""
    if encoder.template is None:
        return True
    probe = encoder.chat([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}])
    counted = [token for token, counts in zip(probe.ids, probe.counted) if counts]
    return bool(counted) and counted[-1] in encoder.tokenizer.all_special_ids


def load_config(job: Job) -> Any:
    """The configuration of the base."""
    from transformers import AutoConfig

    try:
        return AutoConfig.from_pretrained(job.base.path, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as cause:
        message = f"The configuration of {job.base.path} cannot be read: {cause}."
        raise Problem("bad_base", message, "Import the base with `import-base` again.") from cause


def load_model(job: Job) -> Any:
    """The base in 32-bit floats. For a reward model, its head returns a single score."""
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

    extra = {"num_labels": 1} if job.method == "reward" else {}
    kind = AutoModelForSequenceClassification if job.method == "reward" else AutoModelForCausalLM
    torch.manual_seed(job.seed)  # The head of a reward model is new. Drawing it from the seed makes it the same after a resume.
    try:
        model = kind.from_pretrained(
            job.base.path, dtype=torch.float32, local_files_only=True, trust_remote_code=False, **extra
        )
    except (OSError, ValueError, KeyError) as cause:
        message = f"The model of {job.base.path} cannot be read: {cause}."
        raise Problem("bad_base", message, "Import the base with `import-base` again.") from cause
    if any(not weight.is_floating_point() for weight in model.parameters()):
        message = f"The weights of {job.base.path} are packed integers, which cannot be trained."
        raise Problem("bad_base", message, "Import the base with `import-base`, which unpacks them.")
    model.config.use_cache = False
    return model


def lora_config(job: Job) -> Any:
    """The adapter of a job, None if every weight is trained."""
    if not job.has_adapter:
        return None
    from peft import LoraConfig

    is_reward = job.method == "reward"
    return LoraConfig(
        task_type="SEQ_CLS" if is_reward else "CAUSAL_LM",
        r=job.lora.r,
        lora_alpha=job.lora.alpha,
        lora_dropout=job.lora.dropout,
        bias="none",
        target_modules=job.lora.target,
        modules_to_save=["score"] if is_reward else None,
    )
