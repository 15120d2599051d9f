"""A whole run: from a job to its events, checkpoints and result."""

from __future__ import annotations

import hashlib
import json
import traceback
from typing import Any

from treadle_trainer.checkpoints import drop_unfinished, sha256_of, verify
from treadle_trainer.control import Control
from treadle_trainer.encode import Encoder
from treadle_trainer.estimate import product_of
from treadle_trainer.events import Emitter, Heartbeat, Mute
from treadle_trainer.finish import write_result
from treadle_trainer.forecast import foretell, remember
from treadle_trainer.job import Job
from treadle_trainer.loading import load_config, load_model, load_tokenizer, open_encoder, trains_the_end
from treadle_trainer.memory import peak_mb
from treadle_trainer.precision import choose
from treadle_trainer.problems import EXIT_DONE, EXIT_FAILED, EXIT_SIGNAL, Interrupted, Problem, explain
from treadle_trainer.progress import Progress
from treadle_trainer.ranks import Ranks
from treadle_trainer.sampling import make_sampler
from treadle_trainer.splits import Split, read_split
from treadle_trainer.trainers import make_trainer


def run(job: Job, emit: Emitter | Mute, control: Control, ranks: Ranks = Ranks()) -> int:
    """Trains. Returns the exit code; whatever happens is told as an event first. Of several processes the first one's code counts."""
    with Heartbeat(emit):
        try:
            code = _train(job, emit, control, ranks)
            ranks.part()
            return code
        except Interrupted as stop:
            if not ranks.is_first:
                return EXIT_DONE
            emit("done", step=0, reason=stop.reason, best_step=None, best_eval_loss=None, trained_tokens=0)
            return EXIT_SIGNAL if stop.reason == "signal" else EXIT_DONE
        except Exception as error:
            traceback.print_exc()
            problem = explain(error)
            if ranks.is_first:
                drop_unfinished(job.folder / "checkpoints")
            _tell(emit, problem)
            return problem.exit_code


def _tell(emit: Emitter | Mute, problem: Problem) -> None:
    """Tells a failure; a disk too full for even that leaves the exit code and the log."""
    try:
        emit("error", **problem.fields())
    except OSError:
        traceback.print_exc()


def _train(job: Job, emit: Emitter | Mute, control: Control, ranks: Ranks) -> int:
    import torch

    torch.set_num_threads(job.threads)
    emit("status", status="starting")
    if job.gradient_accumulation_steps % ranks.size != 0:
        message = f"{ranks.size} processes cannot share the {job.gradient_accumulation_steps} micro batches of a step."
        raise Problem("bad_job", message, f"Set gradient_accumulation_steps to a multiple of {ranks.size}.")
    ranks.meet()
    if ranks.is_first:
        (job.folder / "checkpoints").mkdir(exist_ok=True)
        drop_unfinished(job.folder / "checkpoints")
    ranks.wait()
    facts = {} if job.resume_from is None else verify(job.resume_from)
    tokenizer = load_tokenizer(job)
    encoder = open_encoder(job, tokenizer)
    splits = _read_splits(job, encoder, emit)
    control.check()
    emit("status", status="loading")
    config = load_config(job)
    precision = facts.get("precision") or ranks.of_first(choose(job.precision, product_of(job, config, splits[0])))
    step_s = foretell(job, config, splits, precision, emit)
    model = load_model(job)
    lasting = {"precision": precision, "fingerprint": fingerprint(job)}
    if facts and facts.get("fingerprint") != lasting["fingerprint"]:
        emit.warn("resumed_with_changes", "The data or the settings differ from those the checkpoint was made with.")
    control.check()
    return _loop(job, emit, control, ranks, (model, encoder, splits), {**facts, **lasting, "step_s": step_s})


def _loop(
    job: Job,
    emit: Emitter | Mute,
    control: Control,
    ranks: Ranks,
    parts: tuple[Any, Encoder, tuple[Split, Split | None]],
    facts: dict[str, Any],
) -> int:
    """Trains until the end or a stop, and writes the result. `facts`: what the checkpoint that is resumed from remembers, and `step_s`."""
    from treadle_trainer.watch import Watch

    model, encoder, splits = parts
    trainer = make_trainer(job, model, encoder.tokenizer, splits, facts["precision"], ranks.size)
    progress = Progress.after(facts)
    lasting = {name: facts[name] for name in ("precision", "fingerprint")}
    sample = make_sampler(job, encoder, emit, lambda: trainer.model) if ranks.is_first else lambda _: None
    watch = Watch(job, emit, control, ranks, progress, lasting, sample)
    trainer.add_callback(watch)
    control.check()
    trainer.train(resume_from_checkpoint=None if job.resume_from is None else str(job.resume_from))
    if not ranks.is_first:
        return EXIT_DONE
    if ranks.size == 1 and not watch.gave_way:  # Several that share the machine have another pace, and so has what gave way.
        remember(job, splits[0], facts["precision"], progress)
    return _end(job, emit, control, encoder, watch, trainer.state.global_step)


def _end(job: Job, emit: Emitter | Mute, control: Control, encoder: Encoder, watch: Any, step: int) -> int:
    reason = control.reason or "completed"
    progress = watch.progress
    summary = dict(
        step=step,
        reason=reason,
        best_step=progress.best_step,
        best_eval_loss=progress.best_eval_loss,
        trained_tokens=progress.trained_tokens,
        peak_mb=peak_mb(),
    )
    checkpoint = watch.last_checkpoint()
    if reason == "non_finite_loss":
        message = "The loss became infinite or no number, and the run was stopped."
        what_to_do = "Lower learning_rate or max_grad_norm, use fp32, or look for broken rows; then resume from a checkpoint."
        emit("error", code=reason, message=message, what_to_do=what_to_do)
    if checkpoint is not None and reason not in ("signal", "non_finite_loss"):
        try:
            write_result(job, checkpoint, encoder, emit, control)
        except Interrupted:
            summary["reason"] = reason = "signal"
    emit("done", **summary)
    return {"signal": EXIT_SIGNAL, "non_finite_loss": EXIT_FAILED}.get(reason, EXIT_DONE)


def _read_splits(job: Job, encoder: Encoder, emit: Emitter | Mute) -> tuple[Split, Split | None]:
    emit("status", status="tokenising")
    if not trains_the_end(encoder):
        emit.warn("end_not_trained", "The chat template leaves the end of a turn out of the loss: the model may not learn to stop.")
    train = read_split(job, job.data.train, encoder)
    val = None if job.data.val is None else read_split(job, job.data.val, encoder)
    for name, split in (("train", train), ("val", val)):
        if split is None:
            continue
        counts = split.counts
        if counts.truncated:
            message = f"{counts.truncated} of {counts.rows} rows of {name} are longer than {job.sequence_len} tokens and were cut."
            emit.warn("rows_cut", message)
        if counts.dropped:
            message = f"{counts.dropped} of {counts.rows} rows of {name} were left out: within {job.sequence_len} tokens nothing of them could be learnt."
            emit.warn("rows_left_out", message)
    return train, val


def fingerprint(job: Job) -> str:
    """Tells two jobs apart whose steps would not be the same."""
    told = [job.method, job.base.hash, job.chat_template, job.train_on, job.sequence_len, job.adapter, vars(job.lora)]
    told += [job.micro_batch_size, job.gradient_accumulation_steps, job.num_epochs, job.max_steps, job.learning_rate]
    told += [job.lr_scheduler, job.warmup, job.weight_decay, job.beta, job.seed, sha256_of(job.data.train)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
