"""The exceptions that end an evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from treadle.evaluation import Evaluation


class EvaluationFailed(AssertionError):
    """A regression, a score below its floor, or, if requested, an inconclusive result."""

    def __init__(self, evaluation: Evaluation):
        super().__init__(evaluation.text)
        self.evaluation = evaluation


class ProviderErrors(Exception):
    """Too many answers are missing, or a scorer failed. This is no verdict about the program."""

    def __init__(self, message: str, evaluation: Optional[Evaluation] = None):
        super().__init__(message)
        self.evaluation = evaluation


class NoScore(Exception):
    """The scorer has no score for this answer, for example without an expected answer."""
