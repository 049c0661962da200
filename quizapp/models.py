"""An index of the areas' models, so that Django finds them. No code."""

from quizapp.content.models import Fact, Question, QuestionFact, Topic, Track, TrackTopic
from quizapp.scheduling.models import Card, Flag, Review
from quizapp.teams.models import SetupLink, User

__all__ = [
    "Card",
    "Fact",
    "Flag",
    "Question",
    "QuestionFact",
    "Review",
    "SetupLink",
    "Topic",
    "Track",
    "TrackTopic",
    "User",
]
