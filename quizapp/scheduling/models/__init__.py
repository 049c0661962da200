"""Cards, the log of reviews, and learners' flags."""

from quizapp.scheduling.models.card import Card
from quizapp.scheduling.models.flag import Flag
from quizapp.scheduling.models.review import Review

__all__ = ["Card", "Flag", "Review"]
