"""Tracks, topics, facts, questions, confusables and chapters, and the history of them all.

Each row that comes from a file carries `source_digest`, the digest of the source that it was
last loaded from, so that loading can tell what changed: the file, the row, or both.
"""

from quizapp.content.models.chapter import Chapter, ChapterFact, ChapterQuestion
from quizapp.content.models.confusable import Confusable, ConfusableFact
from quizapp.content.models.fact import Fact
from quizapp.content.models.question import Question, QuestionFact
from quizapp.content.models.question_text import QuestionText
from quizapp.content.models.revision import Revision
from quizapp.content.models.sourced import Sourced
from quizapp.content.models.topic import Topic
from quizapp.content.models.track import Track, TrackTopic

__all__ = [
    "Chapter",
    "ChapterFact",
    "ChapterQuestion",
    "Confusable",
    "ConfusableFact",
    "Fact",
    "Question",
    "QuestionFact",
    "QuestionText",
    "Revision",
    "Sourced",
    "Topic",
    "Track",
    "TrackTopic",
]
