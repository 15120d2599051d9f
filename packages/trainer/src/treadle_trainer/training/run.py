"""A whole run: from a job to its events, checkpoints and result."""

from __future__ import annotations

import hashlib
import json
import traceback
from typing import Any

from treadle_trainer.runtime.checkpoints import drop_unfinished, eval_loss_of, sha256_of, step_of, verify
from treadle_trainer.runtime.control import Control
from treadle_trainer.runtime.doctor import write_versions
from treadle_trainer.data.encode import Encoder
from treadle_trainer.estimates.estimate import product_of
from treadle_trainer.runtime.events import Emitter, Heartbeat, Mute
from treadle_trainer.training.finish import write_result
from treadle_trainer.estimates.forecast import forecast, remember
from treadle_trainer.jobs.job import Job
from treadle_trainer.models.loading import load_config, load_model, load_tokenizer, open_encoder, trains_the_end
from treadle_trainer.estimates.memory import peak_mb
from treadle_trainer.runtime.precision import choose
from treadle_trainer.runtime.problems import EXIT_DONE, EXIT_FAILED, EXIT_SIGNAL, Interrupted, Problem, explain
from treadle_trainer.runtime.progress import Progress
from treadle_trainer.runtime.ranks import Ranks
from treadle_trainer.training.sampling import make_sampler
from treadle_trainer.data.splits import Split, read_split
from treadle_trainer.training.report_rows import report_rows
from treadle_trainer.models.trainers import make_trainer


def run(job: Job, emit: Emitter | Mute, control: Control, ranks: Ranks = Ranks()) -> int:
    """Trains. Returns the exit code, after writing the outcome as an event. Of several processes, the first one's code counts."""
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
            _report(emit, problem)
            return problem.exit_code


def _report(emit: Emitter | Mute, problem: Problem) -> None:
    """Writes an `error` event. If the disk is too full for it, the exit code and the log remain."""
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
        write_versions(job.folder)
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
    step_s = forecast(job, config, splits, precision, emit)
    model = load_model(job)
    lasting = {"precision": precision, "fingerprint": fingerprint(job)}
    if facts and facts.get("fingerprint") != lasting["fingerprint"]:
        emit.warn("resumed_with_changes", "The data or the settings differ from those of the checkpoint.")
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
    """Trains until the end or a stop, and writes the result. `facts`: the state of the checkpoint to resume from, and `step_s`."""
    from treadle_trainer.training.watch import Watch

    model, encoder, splits = parts
    trainer = make_trainer(job, model, encoder.tokenizer, splits, facts["precision"], ranks.size)
    for name, split, dataset in (("train", splits[0], trainer.train_dataset), ("val", splits[1], trainer.eval_dataset)):
        if split is not None:
            report_rows(emit, name, split, dataset)
    progress = Progress.after(facts)
    lasting = {name: facts[name] for name in ("precision", "fingerprint")}
    sample = make_sampler(job, encoder, emit, lambda: trainer.model) if ranks.is_first else lambda _: None
    watch = Watch(job, emit, control, ranks, progress, lasting, sample)
    trainer.add_callback(watch)
    control.check()
    trainer.train(resume_from_checkpoint=None if job.resume_from is None else str(job.resume_from))
    if not ranks.is_first:
        return EXIT_DONE
    # The pace of several processes on one machine, or of a throttled run, does not apply to other runs.
    if ranks.size == 1 and not watch.gave_way:
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
    checkpoint, origin = watch.result()
    if reason == "non_finite_loss":
        message = "The loss became infinite or was no longer a number, so the run was stopped."
        what_to_do = "Lower learning_rate or max_grad_norm, use fp32, or look for broken rows. Then resume from a checkpoint."
        emit("error", code=reason, message=message, what_to_do=what_to_do)
    if checkpoint is not None and reason not in ("signal", "non_finite_loss"):
        try:
            write_result(job, checkpoint, encoder, emit, control)
            summary |= {"model_step": step_of(checkpoint), "model_from": origin, "model_eval_loss": eval_loss_of(checkpoint)}
        except Interrupted:
            summary["reason"] = reason = "signal"
    emit("done", **summary)
    return {"signal": EXIT_SIGNAL, "non_finite_loss": EXIT_FAILED}.get(reason, EXIT_DONE)


def _read_splits(job: Job, encoder: Encoder, emit: Emitter | Mute) -> tuple[Split, Split | None]:
    emit("status", status="tokenising")
    if not trains_the_end(encoder):
        emit.warn("end_not_trained", "The chat template excludes the end of a turn from the loss, so the model may not learn to stop.")

    def report(done: int, total: int) -> None:
        emit("status", status="tokenising", done=done, total=total)

    train = read_split(job, job.data.train, encoder, report)
    val = None if job.data.val is None else read_split(job, job.data.val, encoder, report)
    for name, split in (("train", train), ("val", val)):
        if split is None:
            continue
        counts = split.counts
        if counts.truncated:
            message = f"{counts.truncated} of {counts.rows} rows of {name} have more than {job.sequence_len} tokens and were truncated."
            emit.warn("rows_cut", message)
        if counts.dropped:
            message = f"{counts.dropped} of {counts.rows} rows of {name} were skipped, because they have nothing to learn within {job.sequence_len} tokens."
            emit.warn("rows_left_out", message)
    return train, val


def fingerprint(job: Job) -> str:
    """A hash that differs between jobs whose steps differ."""
    parts = [job.method, job.base.hash, job.chat_template, job.train_on, job.sequence_len, job.adapter, vars(job.lora)]
    parts += [job.micro_batch_size, job.gradient_accumulation_steps, job.num_epochs, job.max_steps, job.learning_rate]
    parts += [job.lr_scheduler, job.warmup, job.weight_decay, job.beta, job.seed, sha256_of(job.data.train)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
