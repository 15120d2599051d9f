"""What ends an evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from treadle.evaluation import Evaluation


class EvaluationFailed(AssertionError):
    """A regression, a score below its floor, or, where that was asked for, one that could not be decided."""

    def __init__(self, evaluation: Evaluation):
        super().__init__(evaluation.text)
        self.evaluation = evaluation


class ProviderErrors(Exception):
    """Nothing was found out: too many answers never came, or a scorer failed. It is no verdict about the program."""

    def __init__(self, message: str, evaluation: Optional[Evaluation] = None):
        super().__init__(message)
        self.evaluation = evaluation


class NoScore(Exception):
    """There can be no such score for this answer, such as without an expected one."""
