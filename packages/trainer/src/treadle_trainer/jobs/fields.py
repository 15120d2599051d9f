"""Reads the fields of an object one by one. Errors contain the full name of the field."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Mapping

from treadle_trainer.runtime.problems import Problem

_MISSING: Any = object()
_ROLES = ("system", "user", "assistant")


class Fields:
    """An object in `job.json`. `prefix` is its path, such as `lora.`."""

    def __init__(self, given: Mapping[str, Any], file: str, prefix: str = "") -> None:
        self.given = given
        self._file = file
        self._prefix = prefix

    def wrong(self, name: str, why: str, what_to_do: str) -> Problem:
        """The problem of one field. Pass both texts without a full stop."""
        return Problem("bad_job", f"`{self._prefix}{name}` in {self._file} {why}.", f"{what_to_do}.")

    def child(self, name: str) -> "Fields":
        """An object inside this one. If it is missing, it is empty: each of its fields gets its default or is reported as missing."""
        value = self.given.get(name)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(name, f"is {value!r}, not an object", "Write an object with its fields")
        return Fields(value or {}, self._file, f"{self._prefix}{name}.")

    def _take(self, name: str, default: Any) -> Any:
        value = self.given.get(name)
        if value is not None:
            return value
        if default is _MISSING:
            raise self.wrong(name, "is missing", "Write it")
        return default

    def text(self, name: str, default: Any = _MISSING) -> str:
        """A text. Without a default, an empty text counts as missing."""
        value = self._take(name, default)
        if not isinstance(value, str) or (value == "" and default is _MISSING):
            raise self.wrong(name, f"is {value!r}", "Write text")
        return value

    def choice(self, name: str, words: tuple[str, ...], default: Any = _MISSING) -> str:
        """One of a few known words."""
        value = self._take(name, default)
        if value not in words:
            raise self.wrong(name, f"is {value!r}", f"Write one of {', '.join(words)}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, f"is {value!r}", "Write true or false")
        return value

    def integer(self, name: str, default: Any = _MISSING, *, least: int, most: float = math.inf) -> int:
        """An integer within bounds, both inclusive."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            upper = "" if most == math.inf else f" and at most {most}"
            raise self.wrong(name, f"is {value!r}", f"Write a whole number of at least {least}{upper}")
        return value

    def optional_integer(self, name: str, *, least: int) -> int | None:
        """An integer, or None for null."""
        return None if self.given.get(name) is None else self.integer(name, least=least)

    def number(
        self,
        name: str,
        default: Any = _MISSING,
        *,
        above: float = -math.inf,
        least: float = -math.inf,
        most: float = math.inf,
    ) -> float:
        """A finite number greater than `above`, at least `least`, and at most `most`."""
        value = self._take(name, default)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if is_number and above < value and least <= value <= most:
            return float(value)
        bounds = [f"above {above:g}" if above > -math.inf else "", f"at least {least:g}" if least > -math.inf else ""]
        range_text = " and ".join(bound for bound in [*bounds, f"at most {most:g}" if most < math.inf else ""] if bound)
        raise self.wrong(name, f"is {value!r}", f"Write a number {range_text}".rstrip())

    def optional_number(self, name: str, *, above: float) -> float | None:
        """A number, or None for null."""
        return None if self.given.get(name) is None else self.number(name, above=above)

    def path(self, name: str, *, is_folder: bool = False) -> Path:
        """The absolute path of an existing file or folder."""
        path = Path(self.text(name))
        if not path.is_absolute():
            raise self.wrong(name, f"is {str(path)!r}", "Write an absolute path that starts with /")
        if not (path.is_dir() if is_folder else path.is_file()):
            raise self.wrong(name, f"names {path}, which is not a {'folder' if is_folder else 'file'}", "Check that it exists")
        return path

    def optional_path(self, name: str, *, is_folder: bool = False) -> Path | None:
        """A path, or None for null."""
        return None if self.given.get(name) is None else self.path(name, is_folder=is_folder)

    def conversations(self, name: str) -> list[list[dict[str, str]]]:
        """Lists of messages for the model to answer."""
        value = self._take(name, [])
        is_right = isinstance(value, list) and all(
            isinstance(turns, list) and turns and all(_is_message(turn) for turn in turns) for turns in value
        )
        if not is_right:
            raise self.wrong(name, "is not a list of conversations", 'Write [[{"role": "user", "content": "…"}], …]')
        return [[{"role": turn["role"], "content": turn["content"]} for turn in turns] for turns in value]


def _is_message(turn: Any) -> bool:
    return isinstance(turn, dict) and turn.get("role") in _ROLES and isinstance(turn.get("content"), str)
