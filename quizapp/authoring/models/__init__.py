"""Drafts of questions, and figures about them."""

from quizapp.authoring.models.draft import Draft
from quizapp.authoring.models.statistics import ItemStatistics

__all__ = ["Draft", "ItemStatistics"]
