"""Site administration: people and their rights, and a plain look at all other rows."""

from quizapp.admin import content, learning, people, teams

__all__ = ["content", "learning", "people", "teams"]
