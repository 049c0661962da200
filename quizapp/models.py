"""An index of the areas' models, so that Django finds them. No code."""

from quizapp.authoring.models import Draft, ItemStatistics
from quizapp.content.models import (
    Chapter,
    ChapterFact,
    ChapterQuestion,
    Confusable,
    ConfusableFact,
    Fact,
    Question,
    QuestionFact,
    QuestionText,
    Revision,
    Topic,
    Track,
    TrackTopic,
)
from quizapp.scheduling.models import Card, DayTally, Flag, MemoryFit, Review
from quizapp.study.models import Quiz, QuizQuestion, Reading
from quizapp.teams.models import SetupLink, User

__all__ = [
    "Card",
    "Chapter",
    "ChapterFact",
    "ChapterQuestion",
    "Confusable",
    "ConfusableFact",
    "DayTally",
    "Draft",
    "Fact",
    "Flag",
    "ItemStatistics",
    "MemoryFit",
    "Question",
    "QuestionFact",
    "QuestionText",
    "Quiz",
    "QuizQuestion",
    "Reading",
    "Review",
    "Revision",
    "SetupLink",
    "Topic",
    "Track",
    "TrackTopic",
    "User",
]
