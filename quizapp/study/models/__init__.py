"""What the learner's pages keep: quizzes, and how far a chapter was read."""

from quizapp.study.models.quiz import Quiz, QuizQuestion
from quizapp.study.models.reading import Reading

__all__ = ["Quiz", "QuizQuestion", "Reading"]
