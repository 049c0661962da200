"""Cards, the log of reviews, its sums by day, fits of the memory model, flags, and goals."""

from quizapp.scheduling.models.card import Card
from quizapp.scheduling.models.fit import MemoryFit
from quizapp.scheduling.models.flag import Flag
from quizapp.scheduling.models.goal import Goal, ReadinessNote
from quizapp.scheduling.models.review import Review
from quizapp.scheduling.models.tally import DayTally

__all__ = ["Card", "DayTally", "Flag", "Goal", "MemoryFit", "ReadinessNote", "Review"]
