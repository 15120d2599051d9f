"""Determines the packages that an installation would download, and their sizes. Runs in a new environment, so it needs only Python and pip."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

# A package: its name, its version, and the address of its file.
Found = tuple[str, str, str]
AT_ONCE = 8
SIZE_SECONDS = 20
# The CPU index is a second source. If it is unreachable, the lookup must fail soon.
SOON = ("--retries=0", "--timeout=20", "--no-deps")


class Refused(Exception):
    """An error message of pip."""


def plan(requirements: Path, torch_index: str) -> dict[str, Any]:
    """The packages with their sizes in bytes, null if unknown. `torch_index`: the index for the CPU build of PyTorch, empty for none."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    torch = next((line.strip() for line in lines if line.startswith("torch==")), None)
    note = ""
    if torch_index and torch is not None:
        try:
            cpu = look_up(*SOON, f"--index-url={torch_index}", f"{torch}+cpu")
            rest = [line for line in lines if not line.startswith("torch==")]
            return {"packages": measure([*cpu, *_without_torch(rest)]), "torch": "cpu", "note": ""}
        except Refused as problem:
            note = str(problem)
    return {"packages": measure(look_up("-r", str(requirements))), "torch": "usual", "note": note}


def _without_torch(lines: list[str]) -> list[Found]:
    """The packages to install next to the CPU build. Each has its own line, so that no package is resolved through torch."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "requirements.txt")
        path.write_text("\n".join(lines), encoding="utf-8")
        return look_up("--no-deps", "-r", str(path))


def look_up(*arguments: str) -> list[Found]:
    """The packages that pip would install, without installing them."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
        command += ["--disable-pip-version-check", "--no-input", "--report", str(report), *arguments]
        process = subprocess.run(command, capture_output=True, text=True)
        if process.returncode != 0:
            raise Refused(_reason_in(process.stderr))
        packages = json.loads(report.read_text(encoding="utf-8"))["install"]
    return [(one["metadata"]["name"], one["metadata"]["version"], one["download_info"]["url"]) for one in packages]


def _reason_in(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    wrong = [line for line in lines if line.startswith("ERROR:")]
    return re.sub(r"^ERROR:\s*", "", (wrong or lines or ["pip gave no reason"])[-1])[:500]


def measure(packages: list[Found]) -> list[dict[str, Any]]:
    """Packages with the sizes of their files."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sizes = pool.map(size_of, [url for _, _, url in packages])
    return [{"name": name, "version": version, "bytes": size} for (name, version, _), size in zip(packages, sizes)]


def size_of(url: str) -> int | None:
    """The size of a file in bytes. None if its server does not report it."""
    if url.startswith("file://"):
        return Path(urllib.request.url2pathname(url.removeprefix("file://"))).stat().st_size
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=SIZE_SECONDS) as answer:
            length = answer.headers.get("Content-Length", "")
    except (OSError, ValueError):
        return None
    return int(length) if length.isdecimal() else None


def main() -> int:
    """Prints the plan as JSON. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("requirements", type=Path)
    parser.add_argument("--torch-index", default="")
    options = parser.parse_args()
    try:
        print(json.dumps(plan(options.requirements, options.torch_index)))
        return 0
    except Refused as problem:
        print(f"ERROR: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
