"""The command line: `python -m treadle_trainer COMMAND`. Answers are JSON on standard output, failures a line on standard error."""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from treadle_trainer.doctor import ONNX_PACKAGES, PACKAGES, doctor, stay_offline
from treadle_trainer.problems import Problem, explain

NICENESS = 10


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Returns the exit code."""
    stay_offline()
    options = _parser().parse_args(arguments)
    try:
        if options.command == "run":
            return _run(options.job)
        if options.command == "torchrun":
            from treadle_trainer.torchrun import torchrun

            return torchrun(options.job.resolve(), options.processes)
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

    def command(name: str, told: str, *paths: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=told, description=told)
        for path in paths:
            found.add_argument(path, type=Path, **({"required": True} if path.startswith("--") else {}))
        return found

    command("run", "Trains as job.json says.", "job")
    command("torchrun", "Trains in several processes of this machine.", "job").add_argument("--processes", type=int, required=True)
    command("preview", "Shows rows as tokens, and which of them the loss counts.", "job").add_argument("--limit", type=int, default=5)
    command("estimate", "Tells what a job takes of memory and time.", "job")
    command("import-base", "Makes a folder that can be trained of a GGUF.", "--gguf", "--out")
    command("merge", "Puts an adapter into its base.", "--base", "--adapter", "--out").add_argument("--base-hash", default="")
    export = command("export-gguf", "Writes an adapter or a whole model as a GGUF.", "--base-gguf", "--out")
    what = export.add_mutually_exclusive_group(required=True)
    what.add_argument("--adapter", type=Path, help="the folder of an adapter")
    what.add_argument("--model", type=Path, help="the folder of a whole model")
    export.add_argument("--type", choices=("f16", "q8_0", "f32"), default="f16")
    export.add_argument("--name", default="fine-tune")
    convert = command("convert-gguf", "Writes a model as a GGUF of a type, tensor by tensor, with an adapter put into it where one is named.", "--base-gguf", "--out")
    added = convert.add_mutually_exclusive_group()
    added.add_argument("--adapter", type=Path, help="the folder of an adapter")
    added.add_argument("--adapter-gguf", type=Path, help="an adapter as a GGUF")
    added.add_argument("--model", type=Path, help="the folder of a whole model whose weights take the place of the base's")
    convert.add_argument("--type", type=str.lower, default="f16")
    convert.add_argument("--reference", type=Path, help="where the same goes in 16-bit floats, to compare with")
    convert.add_argument("--base-hash", default="", help="the SHA-256 that the base must have")
    convert.add_argument("--name", default="model")
    command("probe-logits", "Writes what a model says to a few tokens, to hold another form of it against.", "--model", "--out")
    onnx = command("export-onnx", "Writes a model as ONNX in the layout of transformers.js; needs the packages of requirements-onnx.txt.", "--model", "--out")
    onnx.add_argument("--reference", type=Path, help="what probe-logits wrote of the model")
    command("make-tiny", "Writes a tiny random model for tests.", "--out").add_argument("--seed", type=int, default=0)
    command("make-parity", "Writes a tiny fine-tune with its answers, to hold another engine against.", "--out")
    doctor = command("doctor", "Tells versions, what is missing, and how fast this machine is.")
    doctor.add_argument("--onnx", action="store_true", help="of the packages that write ONNX")
    return parser


def _run(path: Path) -> int:
    from treadle_trainer.control import Control
    from treadle_trainer.events import Emitter, Mute
    from treadle_trainer.ranks import Ranks, end_with_parent
    from treadle_trainer.read_job import read_job

    folder, ranks = path.resolve().parent, Ranks.from_environment()
    if ranks.size > 1:
        end_with_parent()
    try:
        job = read_job(path)
    except Problem as problem:
        if folder.is_dir() and ranks.is_first:
            Emitter(folder / "events.jsonl", _name_of(path))("error", **problem.fields())
        raise
    os.nice(NICENESS)
    emit = Emitter(folder / "events.jsonl", job.id) if ranks.is_first else Mute()
    control = Control(folder, job.max_minutes, ranks)
    control.catch_signals()
    from treadle_trainer.run import run

    return run(job, emit, control, ranks)


def _name_of(path: Path) -> str:
    """The name of a job that cannot be read whole: its own where that much can be, else its folder's."""
    try:
        found = json.loads(path.read_text(encoding="utf-8")).get("job")
    except (OSError, ValueError, AttributeError):
        found = None
    return found if isinstance(found, str) else path.resolve().parent.name


def _answer(options: argparse.Namespace) -> Any:
    match options.command:
        case "doctor":
            return doctor(ONNX_PACKAGES if options.onnx else PACKAGES)
        case "preview":
            from treadle_trainer.preview import preview

            return preview(_job(options.job), options.limit)
        case "estimate":
            from treadle_trainer.calibrate import estimate

            return estimate(_job(options.job))
        case "import-base":
            from treadle_trainer.import_base import import_base

            return import_base(options.gguf.resolve(), options.out.resolve())
        case "merge":
            from treadle_trainer.merge import merge

            return merge(options.base.resolve(), options.adapter.resolve(), options.out.resolve(), options.base_hash)
        case "convert-gguf":
            return _convert(options)
        case "probe-logits":
            from treadle_trainer.probe_logits import probe_logits

            return probe_logits(options.model.resolve(), options.out.resolve())
        case "export-onnx":
            os.nice(NICENESS)
            from treadle_trainer.export_onnx import export_onnx

            return export_onnx(options.model.resolve(), options.out.resolve(), options.reference, tell_progress)
        case "make-tiny":
            from treadle_trainer.tiny import make_tiny

            return make_tiny(options.out.resolve(), options.seed)
        case "make-parity":
            from treadle_trainer.parity import make_parity

            return make_parity(options.out.resolve())
    return _export(options)


def _job(path: Path) -> Any:
    from treadle_trainer.read_job import read_job

    return read_job(path)


def _export(options: argparse.Namespace) -> dict[str, str]:
    from treadle_trainer.checkpoints import sha256_of
    from treadle_trainer.export_adapter import export_adapter
    from treadle_trainer.export_gguf import export_model

    if options.adapter is not None:
        export_adapter(options.base_gguf, options.adapter.resolve(), options.out, options.type)
    else:
        export_model(options.base_gguf, options.model, options.out, options.type, name=options.name)
    return {"path": str(options.out), "sha256": sha256_of(options.out)}


def _convert(options: argparse.Namespace) -> dict[str, Any]:
    from treadle_trainer.convert_gguf import convert

    os.nice(NICENESS)
    of = {name: None if path is None else path.resolve() for name, path in {"adapter": options.adapter, "adapter_gguf": options.adapter_gguf, "model": options.model}.items()}
    files = {"reference": options.reference, "base_hash": options.base_hash, "name": options.name}
    return convert(options.base_gguf.resolve(), options.out.resolve(), options.type, progress=tell_progress, **files, **of)


def tell_progress(done: int, total: int, message: str) -> None:
    """A line on standard output that says how far a command is."""
    print(json.dumps({"progress": {"done": done, "total": total, "message": message}}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
