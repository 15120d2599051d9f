"""Checkpoints that are either whole or not there: sealed with the SHA-256 of every file, written last."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, Iterable

from treadle_trainer.problems import Problem

SEAL = "treadle.json"
# What only a resume needs, and notes of the libraries that tell nothing of the model.
_OF_THE_RUN = {"optimizer.pt", "scheduler.pt", "scaler.pt", "trainer_state.json", "training_args.bin", "README.md", SEAL}


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_files(folder: Path, *, but: Iterable[str] = ()) -> dict[str, str]:
    """Every file below a folder by its relative name, with its SHA-256."""
    left_out = set(but)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: sha256_of(path) for name, path in named.items() if name not in left_out}


def seal(folder: Path, facts: dict[str, Any]) -> dict[str, str]:
    """Says that a folder is whole: writes its files to the disk, then their hashes and `facts` beside them. Returns the hashes."""
    for path in folder.rglob("*"):
        if path.is_file():
            sync(path)
    files = hash_files(folder, but=[SEAL])
    write_json(folder / SEAL, {"files": files, **facts})
    return files


def read_seal(folder: Path) -> dict[str, Any] | None:
    """What was sealed with a folder, None when it is not whole."""
    try:
        found = json.loads((folder / SEAL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("files"), dict) else None


def verify(folder: Path) -> dict[str, Any]:
    """The facts of a whole checkpoint. Throws when it is not whole, or when a file is not what was sealed."""
    facts = read_seal(folder)
    if facts is None:
        raise Problem("broken_checkpoint", f"{folder} is not a whole checkpoint.", "Resume from an earlier one.")
    for name, digest in facts["files"].items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != digest:
            raise Problem("broken_checkpoint", f"{path} is not as it was saved.", "Resume from an earlier checkpoint.")
    return facts


def whole_checkpoints(folder: Path) -> list[Path]:
    """The whole checkpoints below a folder, the last saved last."""
    found = [path for path in folder.glob("checkpoint-*") if read_seal(path) is not None]
    return sorted(found, key=lambda path: (path / SEAL).stat().st_mtime_ns)


def step_of(checkpoint: Path) -> int:
    """The step in a checkpoint's name."""
    return int(checkpoint.name.rpartition("-")[2])


def rotate(folder: Path, keep: int, best_step: int | None) -> None:
    """Deletes all but the last `keep` checkpoints and the best one."""
    for path in whole_checkpoints(folder)[:-keep]:
        if step_of(path) != best_step:
            (path / SEAL).unlink()  # From here on nobody takes it for whole.
            shutil.rmtree(path)


def drop_unfinished(folder: Path) -> None:
    """Deletes what a crash left half written."""
    for path in folder.glob("checkpoint-*"):
        if read_seal(path) is None:
            shutil.rmtree(path)


def copy_model(checkpoint: Path, target: Path, base_name: str) -> None:
    """The model of a checkpoint without what only a resume needs. `target` appears whole or not at all."""
    building = target.with_name(f"{target.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    for path in sorted(checkpoint.iterdir()):
        if path.is_file() and path.name not in _OF_THE_RUN and not path.name.startswith("rng_state"):
            shutil.copyfile(path, building / path.name)
    _name_base(building / "adapter_config.json", base_name)
    shutil.rmtree(target, ignore_errors=True)
    building.rename(target)


def _name_base(path: Path, base_name: str) -> None:
    """An adapter names its base; a path of this machine would mean nothing elsewhere."""
    if not path.is_file():
        return
    config = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, {**config, "base_model_name_or_path": base_name})


def write_json(path: Path, value: Any) -> None:
    """Writes a file that appears whole or not at all."""
    building = path.with_name(f".{path.name}.building")
    building.write_text(json.dumps(value, indent=2, sort_keys=True), encoding="utf-8")
    sync(building)
    building.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Waits until a file or folder is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def require_room(folder: Path, needed: int) -> None:
    """Throws when a disk has less room than `needed` bytes and a little for the rest of the machine."""
    free = shutil.disk_usage(folder).free
    if free < needed + 64 * 2**20:
        message = f"A checkpoint takes about {needed // 2**20 + 1} MB, and {free // 2**20} MB are free."
        what_to_do = "Free some room, or lower save.keep; the run goes on from its last whole checkpoint."
        raise Problem("disk_full", message, what_to_do, is_user_error=False)
