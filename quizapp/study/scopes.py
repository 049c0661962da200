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
    """The scope with the new questions that the learner has asked for beyond today's limit."""
    today = _today(request, now)
    asked_on, extra = request.session.get(MORE_NEW, ("", 0))
    return queue.Scope(topic, extra if asked_on == today else 0)


def ask_for_more_new(request: LearnerRequest, now: datetime) -> None:
    extra = queue_scope(request, None, now).extra_new
    request.session[MORE_NEW] = (_today(request, now), extra + MORE_NEW_STEP)


def _today(request: LearnerRequest, now: datetime) -> str:
    user = request.user
    return LearnerDay(user.zone, user.rollover_hour).date_of(now).isoformat()
