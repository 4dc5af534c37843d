from health.models.score import AccountScore, Band, ScoreDay
from health.models.scorecard import Scorecard

__all__ = ["AccountScore", "Band", "ScoreDay", "Scorecard"]
