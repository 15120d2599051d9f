"""Failures, with messages that say what to do about them."""

from __future__ import annotations

import errno

EXIT_DONE = 0
EXIT_BAD_JOB = 1
EXIT_FAILED = 2
EXIT_SIGNAL = 3


class Problem(Exception):
    """A failure: its code, what happened, and what to do. `is_user_error`: the job or its data is wrong, not the machine."""

    def __init__(self, code: str, message: str, what_to_do: str, is_user_error: bool = True) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.what_to_do = what_to_do
        self.is_user_error = is_user_error

    def __str__(self) -> str:
        return f"{self.message} {self.what_to_do}"

    @property
    def exit_code(self) -> int:
        """1 for an invalid job, 2 for a failed training."""
        return EXIT_BAD_JOB if self.is_user_error else EXIT_FAILED

    def fields(self) -> dict[str, str]:
        """The fields of an `error` event."""
        return {"code": self.code, "message": self.message, "what_to_do": self.what_to_do}


class Interrupted(Exception):
    """Stopped before the first step, so there is nothing to save."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Stopped before the first step ({reason}).")
        self.reason = reason


_OUT_OF_MEMORY = Problem(
    "out_of_memory",
    "The machine does not have enough memory for this run.",
    "Lower micro_batch_size (and raise gradient_accumulation_steps by the same factor), lower sequence_len, or use an adapter.",
    is_user_error=False,
)
_DISK_FULL = Problem(
    "disk_full",
    "The disk is full.",
    "Free some disk space, or lower save.keep. The run continues from its last complete checkpoint.",
    is_user_error=False,
)
_MEMORY_WORDS = ("can't allocate memory", "not enough memory", "out of memory", "cannot allocate memory", "std::bad_alloc")
_DISK_WORDS = ("no space left", "file write failed", "writing file", "unexpected pos", "disk quota")


def explain(error: BaseException) -> Problem:
    """The problem behind an exception. Its causes are searched too, so that a full disk is reported as one."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, Problem):
            return seen
        if isinstance(seen, MemoryError):
            return _OUT_OF_MEMORY
        if isinstance(seen, OSError) and seen.errno in (errno.ENOSPC, errno.EDQUOT):
            return _DISK_FULL
        if isinstance(seen, ImportError):
            return _package_missing(seen)
        words = str(seen).lower()
        if any(word in words for word in _MEMORY_WORDS):
            return _OUT_OF_MEMORY
        if any(word in words for word in _DISK_WORDS):
            return _DISK_FULL
        seen = seen.__cause__ or seen.__context__
    text = f"{type(error).__name__}: {error}".strip()
    return Problem("training_failed", text[:2_000], "The run's log has the details.", is_user_error=False)


def _package_missing(error: ImportError) -> Problem:
    """A package is missing or cannot be loaded: the environment has changed since its installation."""
    message = f"The trainer's Python cannot load its packages: {str(error)[:500].rstrip('.')}."
    return Problem("package_missing", message, "Run `treadle trainer install` again, then resume the run.", is_user_error=False)
