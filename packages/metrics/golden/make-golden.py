"""Writes the golden values that the tests of packages/metrics compare with, from pinned reference implementations.

    python3 -m venv .venv && .venv/bin/pip install -r packages/metrics/golden/requirements.txt
    .venv/bin/python packages/metrics/golden/make-golden.py [part …] && npm run format

Each `<part>-cases.py` next to this file has a `make()` that returns the contents of `<part>.json`. Without arguments, all parts are
made.
"""

import importlib.util
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parent
ENDING = "-cases.py"


def load(path):
    """Imports a module from a file whose name is not a Python name."""
    spec = importlib.util.spec_from_file_location(path.stem.replace("-", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(wanted):
    sys.path.insert(0, str(FOLDER))
    for path in sorted(FOLDER.glob(f"*{ENDING}")):
        part = path.name.removesuffix(ENDING)
        if wanted and part not in wanted:
            continue
        target = FOLDER / f"{part}.json"
        target.write_text(json.dumps(load(path).make(), indent=2, ensure_ascii=True) + "\n", encoding="utf-8")
        print(f"wrote {target.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
