"""Writes two indexes of tiny packages for a test of the installation: every package of a requirements file, and a CPU build of torch."""

import base64
import hashlib
import re
import sys
import zipfile
from pathlib import Path


def write_wheel(folder: Path, name: str, version: str, requires: list[str], size: int) -> None:
    """Writes a wheel with one module of `size` bytes, and its metadata next to it, as indexes serve it."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r"[-_.]+", "_", name)
    module = plain.lower()
    info = f"{plain}-{version}.dist-info"
    metadata = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in requires), ""])
    files = {
        f"{module}_stub.bin": b"\0" * size,
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digest = lambda content: base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    record = "".join(f"{path},sha256={digest(content)},{len(content)}\n" for path, content in files.items())
    wheel = folder / f"{plain}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        for path, content in {**files, f"{info}/RECORD": (record + f"{info}/RECORD,,\n").encode()}.items():
            file.writestr(path, content)
    wheel.with_name(wheel.name + ".metadata").write_bytes(files[f"{info}/METADATA"])


def main(requirements: Path, out: Path) -> None:
    """Writes `out/usual` with every package, whose torch depends on a large GPU library, and `out/cpu` with the CPU build of torch only."""
    for line in requirements.read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition("==")
        if not version or line.startswith("#"):
            continue
        requires = ["graphics-library==1.0"] if name == "torch" else []
        write_wheel(out / "usual" / name, name, version, requires, 1_000)
        if name == "torch":
            write_wheel(out / "cpu" / name, name, f"{version}+cpu", [], 200_000)
    write_wheel(out / "usual" / "graphics-library", "graphics-library", "1.0", [], 3_000_000)


main(Path(sys.argv[1]), Path(sys.argv[2]))
