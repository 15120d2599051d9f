"""Opens the base model and its tokenizer from a folder of this machine; nothing is ever fetched."""

from __future__ import annotations

from typing import Any

from treadle_trainer.encode import Encoder
from treadle_trainer.job import Job
from treadle_trainer.problems import Problem
from treadle_trainer.templates import find_template


def load_tokenizer(job: Job) -> Any:
    """The base's tokenizer, padding on the right with a token that ends nothing where there is one."""
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(job.base.path, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as cause:
        message = f"The tokenizer of {job.base.path} cannot be read: {cause}."
        raise Problem("bad_base", message, "Import the base with `import-base` again.") from cause
    if not tokenizer.is_fast:
        raise Problem("bad_base", f"{job.base.path} has no tokenizer.json.", "Import the base with `import-base` again.")
    tokenizer.padding_side = "right"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    if job.method == "reward" and tokenizer.pad_token == tokenizer.eos_token:
        message = "This tokenizer pads with its end token, where a reward model would read its score."
        raise Problem("bad_base", message, "Give the tokenizer a pad token of its own.")
    return tokenizer


def open_encoder(job: Job, tokenizer: Any) -> Encoder:
    """What makes tokens of this job's rows. The tokenizer takes the template that the result is asked with."""
    template = find_template(job.chat_template, tokenizer)
    if template is not None:
        tokenizer.chat_template = template.inference
    return Encoder(tokenizer=tokenizer, template=template, train_on=job.train_on)


def trains_the_end(encoder: Encoder) -> bool:
    """Whether a model learns to stop: the last token that counts ends a turn. True where there are no turns."""
    if encoder.template is None:
        return True
    probe = encoder.chat([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}])
    counted = [token for token, counts in zip(probe.ids, probe.counted) if counts]
    return bool(counted) and counted[-1] in encoder.tokenizer.all_special_ids


def load_config(job: Job) -> Any:
    """What the base says of its own shape."""
    from transformers import AutoConfig

    try:
        return AutoConfig.from_pretrained(job.base.path, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as cause:
        message = f"The configuration of {job.base.path} cannot be read: {cause}."
        raise Problem("bad_base", message, "Import the base with `import-base` again.") from cause


def load_model(job: Job) -> Any:
    """The base in 32-bit floats, with one score for a text where a reward model is trained."""
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

    extra = {"num_labels": 1} if job.method == "reward" else {}
    kind = AutoModelForSequenceClassification if job.method == "reward" else AutoModelForCausalLM
    torch.manual_seed(job.seed)  # A reward model's head is new: drawn from the seed, it is the same again on a resume.
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
    """The adapter of a job, None where every weight is trained."""
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
