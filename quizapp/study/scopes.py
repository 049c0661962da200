"""What the learner has chosen to study: everything, or one topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.shortcuts import get_object_or_404
from django.urls import reverse

from quizapp.content.models import Topic
from quizapp.scheduling import queue
from quizapp.scheduling.day import LearnerDay
from quizapp.web.access import LearnerRequest

MORE_NEW = "more_new"
MORE_NEW_STEP = 10
AHEAD = "ahead"
MOST_DAYS_AHEAD = 30


@dataclass(frozen=True, slots=True)
class StudyScope:
    title: str
    url: str
    topic: Topic | None


def scope_of(topic_slug: str | None) -> StudyScope:
    if topic_slug is None:
        return StudyScope("Review", reverse("review"), None)
    topic = get_object_or_404(Topic.objects.active(), slug=topic_slug)
    return StudyScope(topic.title, reverse("review-topic", args=[topic.slug]), topic)


def queue_scope(request: LearnerRequest, topic: Topic | None, now: datetime) -> queue.Scope:
    """The scope with what the learner has asked for today beyond the day's work."""
    return queue.Scope(
        topic,
        extra_new=_asked_for_today(request, MORE_NEW, now),
        ahead_days=_asked_for_today(request, AHEAD, now),
    )


def ask_for_more_new(request: LearnerRequest, now: datetime) -> None:
    extra = _asked_for_today(request, MORE_NEW, now) + MORE_NEW_STEP
    request.session[MORE_NEW] = (_today(request, now), extra)


def ask_to_study_ahead(request: LearnerRequest, days: int, now: datetime) -> None:
    """Until tonight, reviews of so many days to come are taken too. 0 takes that back."""
    request.session[AHEAD] = (_today(request, now), days)


def _asked_for_today(request: LearnerRequest, key: str, now: datetime) -> int:
    asked_on, number = request.session.get(key, ("", 0))
    return int(number) if asked_on == _today(request, now) else 0


def _today(request: LearnerRequest, now: datetime) -> str:
    user = request.user
    return LearnerDay(user.zone, user.rollover_hour).date_of(now).isoformat()
