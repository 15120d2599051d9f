"""Evaluates programs that call language models, with scores from a Treadle server. Needs only the standard library."""

from treadle.answers import Answer
from treadle.client import ApiError, Client
from treadle.evaluation import Evaluation, evaluate
from treadle.failures import EvaluationFailed, NoScore, ProviderErrors
from treadle.guards import Blocked, Guard, GuardResult
from treadle.scoring import Score, score

__all__ = [
    "Answer",
    "ApiError",
    "Blocked",
    "Client",
    "Evaluation",
    "EvaluationFailed",
    "Guard",
    "GuardResult",
    "NoScore",
    "ProviderErrors",
    "Score",
    "evaluate",
    "score",
]
