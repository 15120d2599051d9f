"""The command line: `python -m treadle_trainer COMMAND`. Results are JSON on standard output, a failure is one line of JSON on standard error."""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from pathlib import Path
from typing import Any

from treadle_trainer.runtime.doctor import ONNX_PACKAGES, PACKAGES, doctor, stay_offline
from treadle_trainer.runtime.priority import lower_priority
from treadle_trainer.runtime.problems import Problem, explain


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Returns the exit code."""
    stay_offline()
    options = _parser().parse_args(arguments)
    lower_priority()
    try:
        if options.command == "run":
            return _run(options.job)
        if options.command == "torchrun":
            from treadle_trainer.runtime.torchrun import torchrun

            return torchrun(options.job.resolve(), options.processes)
        if options.command == "reward":
            from treadle_trainer.models.reward import serve

            return serve(options.model.resolve(), options.base)
        print(json.dumps(_answer(options), ensure_ascii=False))
        return 0
    except Exception as error:
        problem = explain(error)
        if not isinstance(error, Problem):
            traceback.print_exc()
        print(json.dumps({"error": problem.fields()}, ensure_ascii=False), file=sys.stderr)
        return problem.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="treadle_trainer", description="Fine-tunes language models, one job folder at a time.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, help_text: str, *paths: str) -> argparse.ArgumentParser:
        subparser = commands.add_parser(name, help=help_text, description=help_text)
        for path in paths:
            subparser.add_argument(path, type=Path, **({"required": True} if path.startswith("--") else {}))
        return subparser

    command("run", "Trains as described in job.json.", "job")
    command("torchrun", "Trains in several processes on this machine.", "job").add_argument("--processes", type=int, required=True)
    command("preview", "Shows rows as tokens, and which tokens count towards the loss.", "job").add_argument("--limit", type=int, default=5)
    command("estimate", "Estimates the memory and time of a job.", "job")
    command("import-base", "Converts a GGUF to a folder that can be trained.", "--gguf", "--out")
    command("merge", "Merges an adapter into its base.", "--base", "--adapter", "--out").add_argument("--base-hash", default="")
    export = command("export-gguf", "Writes an adapter or a whole model as a GGUF.", "--base-gguf", "--out")
    what = export.add_mutually_exclusive_group(required=True)
    what.add_argument("--adapter", type=Path, help="the folder of an adapter")
    what.add_argument("--model", type=Path, help="the folder of a whole model")
    export.add_argument("--type", choices=("f16", "q8_0", "f32"), default="f16")
    export.add_argument("--name", default="fine-tune")
    convert = command("convert-gguf", "Writes a model as a GGUF of one type, tensor by tensor, with an optional adapter merged into it.", "--base-gguf", "--out")
    added = convert.add_mutually_exclusive_group()
    added.add_argument("--adapter", type=Path, help="the folder of an adapter")
    added.add_argument("--adapter-gguf", type=Path, help="an adapter as a GGUF")
    added.add_argument("--model", type=Path, help="the folder of a whole model whose weights replace the base's weights")
    convert.add_argument("--type", type=str.lower, default="f16")
    convert.add_argument("--reference", type=Path, help="where to write the same model in 16-bit floats, for comparison")
    convert.add_argument("--base-hash", default="", help="the SHA-256 that the base must have")
    convert.add_argument("--name", default="model")
    reward = command("reward", "Scores answers with a reward model. It reads one JSON object per line and writes one per line until the input ends.", "--model")
    reward.add_argument("--base", type=Path, help="the folder of the base model, where --model is an adapter")
    command("probe-logits", "Writes the logits of a model for a few tokens, to compare another format with it.", "--model", "--out")
    onnx = command("export-onnx", "Writes a model as ONNX in the layout of transformers.js. Needs the packages in requirements-onnx.txt.", "--model", "--out")
    onnx.add_argument("--reference", type=Path, help="the output of probe-logits for the model")
    command("make-tiny", "Writes a tiny random model for tests.", "--out").add_argument("--seed", type=int, default=0)
    command("make-parity", "Writes a tiny fine-tuned model with its answers, to compare another engine with it.", "--out")
    doctor = command("doctor", "Reports versions, missing packages and the speed of this machine.")
    doctor.add_argument("--onnx", action="store_true", help="check the packages for ONNX export")
    return parser


def _run(path: Path) -> int:
    from treadle_trainer.runtime.control import Control
    from treadle_trainer.runtime.events import Emitter, Mute
    from treadle_trainer.runtime.ranks import Ranks, end_with_parent
    from treadle_trainer.jobs.read_job import read_job

    folder, ranks = path.resolve().parent, Ranks.from_environment()
    if ranks.size > 1:
        end_with_parent()
    try:
        job = read_job(path)
    except Problem as problem:
        if folder.is_dir() and ranks.is_first:
            Emitter(folder / "events.jsonl", _name_of(path))("error", **problem.fields())
        raise
    emit = Emitter(folder / "events.jsonl", job.id) if ranks.is_first else Mute()
    control = Control(folder, job.max_minutes, ranks)
    control.catch_signals()
    from treadle_trainer.training.run import run

    return run(job, emit, control, ranks)


def _name_of(path: Path) -> str:
    """The name of a job whose file is invalid: the name in the file if it can be read, otherwise the name of its folder."""
    try:
        name = json.loads(path.read_text(encoding="utf-8")).get("job")
    except (OSError, ValueError, AttributeError):
        name = None
    return name if isinstance(name, str) else path.resolve().parent.name


def _answer(options: argparse.Namespace) -> Any:
    match options.command:
        case "doctor":
            return doctor(ONNX_PACKAGES if options.onnx else PACKAGES)
        case "preview":
            from treadle_trainer.training.preview import preview

            return preview(_job(options.job), options.limit)
        case "estimate":
            from treadle_trainer.estimates.calibrate import estimate

            return estimate(_job(options.job), report_progress)
        case "import-base":
            from treadle_trainer.formats.import_base import import_base

            return import_base(options.gguf.resolve(), options.out.resolve())
        case "merge":
            from treadle_trainer.formats.merge import merge

            return merge(options.base.resolve(), options.adapter.resolve(), options.out.resolve(), options.base_hash)
        case "convert-gguf":
            return _convert(options)
        case "probe-logits":
            from treadle_trainer.formats.probe_logits import probe_logits

            return probe_logits(options.model.resolve(), options.out.resolve())
        case "export-onnx":
            from treadle_trainer.formats.export_onnx import export_onnx

            return export_onnx(options.model.resolve(), options.out.resolve(), options.reference, report_progress)
        case "make-tiny":
            from treadle_trainer.formats.tiny import make_tiny

            return make_tiny(options.out.resolve(), options.seed)
        case "make-parity":
            from treadle_trainer.training.parity import make_parity

            return make_parity(options.out.resolve())
    return _export(options)


def _job(path: Path) -> Any:
    from treadle_trainer.jobs.read_job import read_job

    return read_job(path)


def _export(options: argparse.Namespace) -> dict[str, str]:
    from treadle_trainer.runtime.checkpoints import sha256_of
    from treadle_trainer.formats.export_adapter import export_adapter
    from treadle_trainer.formats.export_gguf import export_model

    if options.adapter is not None:
        export_adapter(options.base_gguf, options.adapter.resolve(), options.out, options.type)
    else:
        export_model(options.base_gguf, options.model, options.out, options.type, name=options.name)
    return {"path": str(options.out), "sha256": sha256_of(options.out)}


def _convert(options: argparse.Namespace) -> dict[str, Any]:
    from treadle_trainer.formats.convert_gguf import convert

    of = {name: None if path is None else path.resolve() for name, path in {"adapter": options.adapter, "adapter_gguf": options.adapter_gguf, "model": options.model}.items()}
    files = {"reference": options.reference, "base_hash": options.base_hash, "name": options.name}
    return convert(options.base_gguf.resolve(), options.out.resolve(), options.type, progress=report_progress, **files, **of)


def report_progress(done: int, total: int, message: str) -> None:
    """Prints the progress of a command as one line of JSON."""
    print(json.dumps({"progress": {"done": done, "total": total, "message": message}}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
