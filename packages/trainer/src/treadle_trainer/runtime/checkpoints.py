"""Checkpoints that are either complete or absent: a seal file with the SHA-256 of every file is written last."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, Iterable

from treadle_trainer.runtime.problems import Problem

SEAL = "treadle.json"
# Files that only a resume needs, and notes of the libraries that say nothing about the model.
_OF_THE_RUN = {"optimizer.pt", "scheduler.pt", "scaler.pt", "trainer_state.json", "training_args.bin", "README.md", SEAL}


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, without loading it into memory."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_files(folder: Path, *, but: Iterable[str] = ()) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by relative path."""
    left_out = set(but)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: sha256_of(path) for name, path in named.items() if name not in left_out}


def seal(folder: Path, facts: dict[str, Any]) -> dict[str, str]:
    """Marks a folder as complete: flushes its files to disk, then writes their hashes and `facts` into it. Returns the hashes."""
    for path in folder.rglob("*"):
        if path.is_file():
            sync(path)
    files = hash_files(folder, but=[SEAL])
    write_json(folder / SEAL, {"files": files, **facts})
    return files


def read_seal(folder: Path) -> dict[str, Any] | None:
    """The contents of a folder's seal, None if the folder is incomplete."""
    try:
        contents = json.loads((folder / SEAL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return contents if isinstance(contents, dict) and isinstance(contents.get("files"), dict) else None


def verify(folder: Path) -> dict[str, Any]:
    """The facts of a complete checkpoint. Raises if it is incomplete, or if a file differs from its hash."""
    facts = read_seal(folder)
    if facts is None:
        raise Problem("broken_checkpoint", f"{folder} is not a complete checkpoint.", "Resume from an earlier one.")
    for name, digest in facts["files"].items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != digest:
            raise Problem("broken_checkpoint", f"{path} has changed since it was saved.", "Resume from an earlier checkpoint.")
    return facts


def whole_checkpoints(folder: Path) -> list[Path]:
    """The complete checkpoints below a folder, most recent last."""
    checkpoints = [path for path in folder.glob("checkpoint-*") if read_seal(path) is not None]
    return sorted(checkpoints, key=lambda path: (path / SEAL).stat().st_mtime_ns)


def step_of(checkpoint: Path) -> int:
    """The step in a checkpoint's name."""
    return int(checkpoint.name.rpartition("-")[2])


def eval_loss_of(checkpoint: Path) -> float | None:
    """The evaluation loss in a checkpoint's seal. None if there was no evaluation at its step."""
    loss = (read_seal(checkpoint) or {}).get("eval_loss")
    return float(loss) if isinstance(loss, (int, float)) else None


def rotate(folder: Path, keep: int, best_step: int | None) -> None:
    """Deletes all checkpoints except the last `keep` and the best one."""
    for path in whole_checkpoints(folder)[:-keep]:
        if step_of(path) != best_step:
            (path / SEAL).unlink()  # Without its seal, it counts as incomplete.
            shutil.rmtree(path)


def drop_unfinished(folder: Path) -> None:
    """Deletes incomplete checkpoints that a crash left."""
    for path in folder.glob("checkpoint-*"):
        if read_seal(path) is None:
            shutil.rmtree(path)


def copy_model(checkpoint: Path, target: Path, base_name: str) -> None:
    """Copies the model of a checkpoint, without the files for a resume. `target` appears only when it is complete."""
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
    """Sets the name of an adapter's base, because a path of this machine means nothing elsewhere."""
    if not path.is_file():
        return
    config = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, {**config, "base_model_name_or_path": base_name})


def write_json(path: Path, value: Any) -> None:
    """Writes a file atomically."""
    building = path.with_name(f".{path.name}.building")
    building.write_text(json.dumps(value, indent=2, sort_keys=True), encoding="utf-8")
    sync(building)
    building.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Flushes a file or folder to disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def require_room(folder: Path, needed: int) -> None:
    """Raises if a disk has less free space than `needed` bytes plus a reserve for the rest of the machine."""
    free = shutil.disk_usage(folder).free
    if free < needed + 64 * 2**20:
        message = f"A checkpoint needs about {needed // 2**20 + 1} MB, but only {free // 2**20} MB are free."
        what_to_do = "Free some disk space, or lower save.keep. The run continues from its last complete checkpoint."
        raise Problem("disk_full", message, what_to_do, is_user_error=False)
