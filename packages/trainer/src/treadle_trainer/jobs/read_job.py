"""Reads `job.json`, and checks all of it before anything is computed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from treadle_trainer.runtime.control import RESULTS
from treadle_trainer.jobs.fields import Fields
from treadle_trainer.jobs.job import Base, Data, Evaluation, Job, Lora, Saving
from treadle_trainer.runtime.problems import Problem

FORMATS = {
    "sft": ("chat", "prompt_completion", "text"),
    "dpo": ("preference",),
    "reward": ("preference",),
    "kto": ("kto",),
}


def read_job(path: Path) -> Job:
    """The job in a file. Raises a `Problem` that names the invalid field."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Problem("no_job", f"There is no file {path}.", "Pass the path of the job.json of a run.") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as cause:
        raise Problem("bad_job", f"{path} is not valid JSON: {cause}.", "Create it again.") from cause
    if not isinstance(fields, dict):
        raise Problem("bad_job", f"{path} is not a JSON object.", "Create it again.")
    job = _parse(Fields(fields, str(path)), path.resolve().parent)
    _check_together(job)
    return job


def _parse(at: Fields, folder: Path) -> Job:
    if at.integer("v", least=1) != 1:
        raise at.wrong("v", "is not 1, the only version this trainer reads", "Install the trainer of the same version as the server")
    budget, export = at.child("budget"), at.child("export")
    return Job(
        id=at.text("job"),
        folder=folder,
        method=at.choice("method", tuple(FORMATS)),
        base=_parse_base(at.child("base")),
        data=_parse_data(at.child("data")),
        chat_template=at.text("chat_template", "model"),
        train_on=at.choice("train_on", ("assistant", "last_assistant", "completion", "all"), "assistant"),
        sequence_len=at.integer("sequence_len", 512, least=8, most=131_072),
        adapter=at.choice("adapter", ("lora", "none"), "lora"),
        lora=_parse_lora(at.child("lora")),
        micro_batch_size=at.integer("micro_batch_size", 1, least=1),
        gradient_accumulation_steps=at.integer("gradient_accumulation_steps", 8, least=1),
        num_epochs=at.optional_number("num_epochs", above=0),
        max_steps=at.optional_integer("max_steps", least=1),
        learning_rate=at.number("learning_rate", 2e-4, above=0, most=1),
        lr_scheduler=at.choice("lr_scheduler", ("cosine", "linear", "constant"), "cosine"),
        warmup=at.number("warmup", 0.05, least=0, most=0.999),
        weight_decay=at.number("weight_decay", 0.0, least=0, most=1),
        max_grad_norm=at.number("max_grad_norm", 1.0, above=0),
        beta=at.number("beta", 0.1, above=0),
        precision=at.choice("precision", ("auto", "fp32", "bf16"), "auto"),
        eval=_parse_evaluation(at.child("eval")),
        save=_parse_saving(at.child("save")),
        seed=at.integer("seed", 42, least=0, most=2**32 - 1),
        threads=at.integer("threads", 2, least=1, most=1_024),
        max_minutes=budget.optional_number("max_minutes", above=0),
        max_memory_gb=budget.optional_number("max_memory_gb", above=0),
        resume_from=at.optional_path("resume_from", is_folder=True),
        export_gguf=export.choice("gguf", ("adapter", "merged", "none"), "none"),
        gguf_type=export.choice("gguf_type", ("f16", "q8_0", "f32"), "f16"),
        calibrations=Path(calibrations) if (calibrations := at.text("calibrations", "")) else None,
    )


def _parse_base(at: Fields) -> Base:
    base = Base(path=at.path("path", is_folder=True), gguf=at.optional_path("gguf"), hash=at.text("hash", ""))
    if not (base.path / "config.json").is_file():
        raise at.wrong("path", f"is {base.path}, which has no config.json", "Import the base with `import-base` first")
    return base


def _parse_data(at: Fields) -> Data:
    formats = tuple(dict.fromkeys(each for known in FORMATS.values() for each in known))
    return Data(train=at.path("train"), val=at.optional_path("val"), format=at.choice("format", formats))


def _parse_lora(at: Fields) -> Lora:
    target: Any = at.given.get("target", "all-linear")
    is_list = isinstance(target, list) and target and all(isinstance(name, str) and name for name in target)
    if target != "all-linear" and not is_list:
        raise at.wrong("target", f"is {target!r}", 'Write "all-linear" or a list of module names such as "q_proj"')
    return Lora(
        r=at.integer("r", 16, least=1, most=1_024),
        alpha=at.number("alpha", 32, above=0),
        dropout=at.number("dropout", 0.0, least=0, most=0.95),
        target=target,
    )


def _parse_evaluation(at: Fields) -> Evaluation:
    return Evaluation(
        every=at.integer("every", 20, least=1),
        patience=at.optional_integer("patience", least=1),
        min_delta=at.number("min_delta", 0.0, least=0),
        samples=at.conversations("samples"),
        sample_tokens=at.integer("sample_tokens", 32, least=1, most=4_096),
    )


def _parse_saving(at: Fields) -> Saving:
    return Saving(
        every=at.integer("every", 20, least=1),
        keep=at.integer("keep", 3, least=1),
        keep_best=at.flag("keep_best", True),
        result=at.choice("result", RESULTS, "best"),
    )


def _check_together(job: Job) -> None:
    """Checks rules that involve more than one field."""

    def wrong(field: str, why: str, what_to_do: str) -> Problem:
        return Problem("bad_job", f"`{field}` {why}.", f"{what_to_do}.")

    if job.data.format not in FORMATS[job.method]:
        formats = " or ".join(FORMATS[job.method])
        raise wrong("data.format", f"is {job.data.format}, which {job.method} cannot use", f"Use {formats}")
    if (job.num_epochs is None) == (job.max_steps is None):
        raise wrong("num_epochs", "and `max_steps` are both set or both missing", "Set one of them and leave the other null")
    if job.method == "kto" and job.micro_batch_size < 2:
        raise wrong("micro_batch_size", "is 1, but KTO compares the rows of one batch", "Set it to 2 or more")
    if job.eval.patience is not None and job.data.val is None:
        raise wrong("eval.patience", "is set, but there are no rows to evaluate on", "Set data.val, or set patience to null")
    if job.export_gguf == "none":
        return
    if job.method == "reward":
        raise wrong("export.gguf", "is set, but a reward model cannot be written as GGUF", "Set it to none")
    if job.base.gguf is None:
        raise wrong("export.gguf", "is set, but the base was not imported from a GGUF", "Set base.gguf, or set export.gguf to none")
    if job.export_gguf == "adapter" and not job.has_adapter:
        raise wrong("export.gguf", "is adapter, but the run trains every weight", "Set it to merged or none")
