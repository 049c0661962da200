"""The lead's page of a large team and of a small one, and among many learners and few, in turns."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from quizapp.content.models import Topic, Track, TrackTopic
from quizapp.scheduling.goals.syncing import sync
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Assignment, Membership, Team, User
from tests.bench.bank import QUESTIONS_PER_TOPIC
from tests.bench.browser import Request
from tests.bench.databases import Database, with_content
from tests.bench.figures import Figure
from tests.bench.learning import signed_in
from tests.bench.population import REVIEWS_EACH, populate
from tests.bench.timing import Action, Contender, medians, seconds

TITLE = "The lead's page: the yardstick is a team of 5, and the same with 100 learners"
SMALL, LARGE, MIDDLE = 5, 500, 20
QUESTIONS = 400
FEW, MANY, VERY_MANY = 100, 1_000, 10_000
MOST_QUERIES, MOST, MOST_BY_SCALE = 12, 4, 1.3
COLD_ROUNDS = 3
DAYS = 42

TALLIES = """
INSERT INTO quizapp_daytally (user_id, day, reviews, new, known, recalled, duration_ms)
SELECT user_id, date(reviewed_at), count(*), 0, count(*), sum(rating > 1), sum(duration_ms)
FROM quizapp_review GROUP BY user_id, date(reviewed_at)
"""

_leads = count(1)


def figures(*, is_full: bool) -> list[Figure]:
    return [*_by_size(), *_by_scale(VERY_MANY if is_full else MANY)]


def _by_size() -> list[Figure]:
    database = _installation("team-sizes", LARGE)
    small, large = _visit(SMALL), _visit(LARGE)
    queries = _queries(large)
    taken = medians(small=_contender(small, database), large=_contender(large, database))
    cold = {name: _cold(visit) for name, visit in (("small", small), ("large", large))}
    Goal.objects.update(counted_at=None)
    cold_queries = _queries(large)
    database.close()
    return [
        Figure(
            f"Page of {LARGE} members, {QUESTIONS} questions",
            taken["large"],
            "ms",
            taken["small"],
            most=MOST,
        ),
        Figure(f"Queries of the page of {LARGE}", queries, most=MOST_QUERIES, digits=0),
        Figure("The same, with everybody to be counted", cold["large"], "ms", cold["small"]),
        Figure("Its queries", cold_queries, digits=0),
    ]


def _by_scale(learners: int) -> list[Figure]:
    installations = [_installation(f"team-of-{number}", number) for number in (FEW, learners)]
    visits = []
    for database in installations:
        database.use()
        visits.append(_visit(MIDDLE))
        # What was read while preparing must not be at hand when the time is taken.
        database.close()
        database.connect()
    few, many = (
        _contender(visit, database) for visit, database in zip(visits, installations, strict=True)
    )
    taken = medians(few=few, many=many)
    cold = []
    for database, visit in zip(installations, visits, strict=True):
        database.use()
        cold.append(_cold(visit))
        database.close()
    name = f"Page of {MIDDLE} members: {learners:,} learners, {learners * REVIEWS_EACH:,} reviews"
    return [
        Figure(name, taken["many"], "ms", taken["few"], most=MOST_BY_SCALE),
        Figure("The same, with everybody to be counted", cold[1], "ms", cold[0]),
    ]


def _installation(name: str, learners: int) -> Database:
    """So many learners, each with two hundred cards; the database is in use from here on."""
    database = Database(name, copy_of=with_content())
    populate(database.path, learners)
    with sqlite3.connect(database.path) as direct:
        direct.execute(TALLIES)
    direct.close()
    database.use()
    return database


def _visit(members: int) -> Callable[[], Request]:
    """To the page of a new team of so many of the learners, who have just been counted."""
    now = timezone.now()
    lead = User.objects.create_user(f"lead{next(_leads)}@example.com", timezone="Europe/Berlin")
    team = Team.objects.create(name=f"Team of {members}")
    Membership.objects.create(team=team, user=lead, role=Membership.Role.LEAD)
    learners: Sequence[User] = User.objects.filter(is_guest=True).order_by("pk")[:members]
    if len(learners) < members:
        raise RuntimeError(f"There are only {len(learners)} learners.")
    Membership.objects.bulk_create(
        Membership(team=team, user=user, joined_at=now - timedelta(days=DAYS)) for user in learners
    )
    due_on = (now + timedelta(days=DAYS)).date()
    Assignment.objects.create(team=team, track=_track(), due_on=due_on, created_by=lead)
    sync(team)
    browser, url = signed_in(lead), reverse("team", args=[team.pk])
    browser.get(url)
    return lambda: browser.request(url)


def _track() -> Track:
    """Of four hundred questions; every learner has cards of some of them at least."""
    track, is_new = Track.objects.get_or_create(slug="onboarding", title="Onboarding")
    if is_new:
        topics = Topic.objects.order_by("position")[: QUESTIONS // QUESTIONS_PER_TOPIC]
        TrackTopic.objects.bulk_create(
            TrackTopic(track=track, topic=topic, position=place)
            for place, topic in enumerate(topics)
        )
    return track


def _contender(visit: Callable[[], Request], database: Database) -> Contender:
    def prepared(_: int) -> Action:
        database.use()
        return visit().send

    return prepared


def _cold(visit: Callable[[], Request]) -> float:
    """Median milliseconds while nobody has been counted."""
    taken = []
    for _ in range(COLD_ROUNDS):
        Goal.objects.update(counted_at=None)
        taken.append(1000 * seconds(visit().send))
    return median(taken)


def _queries(visit: Callable[[], Request]) -> int:
    with CaptureQueriesContext(connection) as captured:
        visit().send()
    return len(captured)
