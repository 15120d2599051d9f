"""Writes the result of a run: the model of the chosen checkpoint, and a GGUF of it if the job requests one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from treadle_trainer.runtime.checkpoints import copy_model, hash_files, read_seal, sha256_of, write_json
from treadle_trainer.runtime.control import Control
from treadle_trainer.data.encode import Encoder
from treadle_trainer.runtime.events import Emitter
from treadle_trainer.jobs.job import Job
from treadle_trainer.data.templates import renders_same

MANIFEST = "training.json"


def write_result(job: Job, checkpoint: Path, encoder: Encoder, emit: Emitter, control: Control) -> Path:
    """Writes `final/` and the exports of the job. Returns the folder of the model."""
    final = job.folder / "final"
    copy_model(checkpoint, final, job.base.path.name)
    write_json(final / MANIFEST, manifest(job, checkpoint, encoder))
    kind = "adapter" if job.has_adapter else "model"
    emit("artifact", kind=kind, path=str(final), files=hash_files(final))
    if job.export_gguf != "none":
        control.check_signal()
        _export(job, final, encoder, emit, control)
    return final


def manifest(job: Job, checkpoint: Path, encoder: Encoder) -> dict[str, Any]:
    """The origin of a model: the hash of its base, the hash of its template, and its step."""
    facts = read_seal(checkpoint) or {}
    return {
        "v": 1,
        "job": job.id,
        "method": job.method,
        "base_hash": job.base.hash,
        "chat_template_sha256": None if encoder.template is None else encoder.template.sha256,
        "step": facts.get("step"),
        "eval_loss": facts.get("eval_loss"),
        "trained_tokens": facts.get("trained_tokens"),
        "precision": facts.get("precision"),
    }


def _export(job: Job, final: Path, encoder: Encoder, emit: Emitter, control: Control) -> None:
    from treadle_trainer.formats.export_adapter import export_adapter
    from treadle_trainer.formats.export_gguf import export_model
    from treadle_trainer.formats.gguf_layout import template_of
    from treadle_trainer.formats.merge import merge

    assert job.base.gguf is not None
    exports = job.folder / "exports"
    exports.mkdir(exist_ok=True)
    emit("status", status="exporting", message=f"Writing the {job.export_gguf} GGUF")
    template = None if encoder.template is None else encoder.template.inference
    if job.export_gguf == "adapter":
        out = exports / "adapter.gguf"
        export_adapter(job.base.gguf, final, out, job.gguf_type)
        if template is not None and not renders_same(template, template_of(job.base.gguf)):
            message = "An adapter contains no chat template, and it was trained with another template than its base has. Use the template from training when you run the base with this adapter."
            emit.warn("adapter_without_template", message)
    else:
        folder = final
        if job.has_adapter:
            folder = exports / "merged"
            merge(job.base.path, final, folder)
            emit("artifact", kind="model", path=str(folder), files=hash_files(folder))
            control.check_signal()
        out = exports / "model.gguf"
        export_model(job.base.gguf, folder, out, job.gguf_type, name=job.id, chat_template=template)
    kind = "gguf-adapter" if job.export_gguf == "adapter" else "gguf"
    emit("artifact", kind=kind, path=str(out), files={out.name: sha256_of(out)})
