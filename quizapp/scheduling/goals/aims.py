"""What the queue is to know of a learner's goals: one query, and none for who has no goals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, Protocol, TypeVar

from django.db.models import Exists, F, FilteredRelation, Q

from quizapp.content.models import Question, QuestionFact
from quizapp.scheduling.backlog import SAVED_AFTER
from quizapp.scheduling.cards import day_of, parameters_of, schedule_of, seed_of
from quizapp.scheduling.formulas import formulas_of
from quizapp.scheduling.goals import pacing
from quizapp.scheduling.goals.pacing import Aim
from quizapp.scheduling.memory import Memory, Rating, Schedule, State, review
from quizapp.scheduling.models import Goal
from quizapp.teams.models import User


class Placed(Protocol):
    """A question, as far as that decides to which tracks it belongs."""

    @property
    def topic_id(self) -> int: ...

    @property
    def is_extension(self) -> bool: ...


Q_ = TypeVar("Q_", bound=Placed)


@dataclass(frozen=True, slots=True)
class TrackAim:
    """An aim with the questions it is about: `topics` maps the ids to their place in the track."""

    aim: Aim
    track_id: int
    minutes: int
    topics: Mapping[int, int]
    covers_extensions: bool | None

    def is_about(self, question: Placed) -> bool:
        return question.topic_id in self.topics and self.covers_extensions in (
            None,
            question.is_extension,
        )


@dataclass(frozen=True, slots=True)
class Aims:
    """Those of a learner on `today`, one of the learner's dates, nearest first."""

    today: date
    tracks: tuple[TrackAim, ...] = ()

    @property
    def tell_extensions(self) -> bool:
        """Whether it matters if a question drills an extension."""
        return any(each.covers_extensions is not None for each in self.tracks)

    @property
    def near(self) -> list[TrackAim]:
        """Those that are refreshed today, because these are the last days before their date."""
        return [
            each
            for each in self.tracks
            if each.aim.is_near(self.today) and not each.aim.is_away(self.today)
        ]

    @property
    def near_topics(self) -> Collection[int]:
        return {topic for each in self.near for topic in each.topics}

    def minutes(self, own: int | None) -> int | None:
        """Of a day: what the goals allow or what the learner has set, whichever is more.

        Goals for the same track share their minutes, those for different ones add up.
        """
        by_track: dict[int, int] = {}
        for each in self.tracks:
            by_track[each.track_id] = max(each.minutes, by_track.get(each.track_id, 0))
        return max(sum(by_track.values()), own or 0) or None

    def of(self, question: Placed) -> TrackAim | None:
        """The nearest that the question belongs to."""
        return next((each for each in self.tracks if each.is_about(question)), None)

    def worth_after(self, question: Placed) -> int:
        """In how many days it counts what a review of the question today was worth."""
        track = self.of(question)
        return track.aim.days_left(self.today) if track else SAVED_AFTER

    def in_turn(self, questions: Iterable[Q_]) -> list[Q_]:
        """The questions that belong to an aim, nearest date first, in the order of its track."""
        placed = [
            (index, each.topics[question.topic_id], question)
            for question in questions
            for index, each in enumerate(self.tracks)
            if each is self.of(question)
        ]
        return [question for *_, question in sorted(placed, key=lambda place: place[:2])]

    def new_today(self, unseen: Sequence[Placed], met: int) -> int:
        """How many new questions today's share is, `met` of them already among it."""
        whose = [self.of(question) for question in unseen]
        numbers = [(each.aim, sum(one is each for one in whose)) for each in self.tracks]
        return pacing.new_today(numbers, met, self.today)


def aims_of(user: User, today: date) -> Aims:
    """One query, whose rows are the topics of the goals' tracks; none for who has no goals."""
    if not user.has_goals:
        return Aims(today)
    track = "assignment__track"
    rows = (
        Goal.objects.of(user)
        .filter(due_on__gt=today)
        .annotate(
            leave=FilteredRelation(
                "membership__absences", condition=Q(membership__absences__last_day__gte=today)
            )
        )
        .order_by("due_on", "pk", f"{track}__tracktopic__position")
        .values_list(
            "pk",
            "due_on",
            "assignment__target",
            "assignment__minutes_per_day",
            f"{track}_id",
            f"{track}__covers_extensions",
            f"{track}__tracktopic__topic",
            "leave__first_day",
            "leave__last_day",
        )
    )
    goals = groupby(rows, key=lambda row: row[0])
    return Aims(today, tuple(_track_aim(list(group)) for _, group in goals))


def _track_aim(rows: Sequence[Any]) -> TrackAim:
    """From the rows of one goal, which differ in the topic and in the leave."""
    _, due_on, target, minutes, track_id, covers_extensions, *_ = rows[0]
    topics = dict.fromkeys(row[6] for row in rows if row[6] is not None)
    away = {(first, last) for *_, first, last in rows if first is not None}
    return TrackAim(
        aim=Aim(due_on, target, tuple(sorted(away))),
        track_id=track_id,
        minutes=minutes,
        topics={topic: place for place, topic in enumerate(topics)},
        covers_extensions=covers_extensions,
    )


def reviewed(
    user: User, question: Question, before: Memory, rating: Rating, now: datetime
) -> tuple[Memory, Schedule]:
    """The memory after a review, and the schedule by which it was made: that of the learner.

    Where a goal is at stake it is one of a higher retention, which the log has to hold. One query
    for who has goals, none for others.
    """
    return _reviewed(user, question, before, rating, now, _dates(user, question, now))


def dues(user: User, question: Question, before: Memory, now: datetime) -> dict[Rating, datetime]:
    """When each rating would bring the question back: by the schedule that `reviewed` gives it.

    One query for who has goals, none for others.
    """
    dates = _dates(user, question, now)
    return {
        rating: _reviewed(user, question, before, rating, now, dates)[0].due for rating in Rating
    }


def _reviewed(
    user: User,
    question: Question,
    before: Memory,
    rating: Rating,
    now: datetime,
    dates: Iterable[tuple[date, float]],
) -> tuple[Memory, Schedule]:
    """`dates` are gone through only where a goal can be at stake."""
    schedule, seed = schedule_of(user), seed_of(user.pk, question.pk)
    after = review(before, rating, now, schedule, seed=seed)
    if after.state is not State.REVIEW or after.stability is None:
        return after, schedule
    today = schedule.day.date_of(now)
    retention = schedule.desired_retention
    for due_on, target in dates:
        wanted = pacing.retention_to_the_date(
            schedule.desired_retention,
            stability=after.stability,
            comes_in=(schedule.day.date_of(after.due) - today).days,
            days_left=(due_on - today).days,
            target=target,
            formulas=formulas_of(parameters_of(user)),
        )
        retention = max(retention, wanted)
    if retention == schedule.desired_retention:
        return after, schedule
    schedule = replace(schedule, desired_retention=retention)
    return review(before, rating, now, schedule, seed=seed), schedule


def _dates(user: User, question: Question, now: datetime) -> Iterable[tuple[date, float]]:
    """Of the goals that the question belongs to: when they are due, and their target.

    Fetched when first gone through, and kept.
    """
    if not user.has_goals:
        return ()
    extension = QuestionFact.objects.filter(question=question.pk, fact__extends__isnull=False)
    covers = "assignment__track__covers_extensions"
    goals = (
        Goal.objects.of(user)
        .filter(due_on__gt=day_of(user).date_of(now), assignment__track__topics=question.topic_id)
        .annotate(is_extension=Exists(extension))
        .filter(Q(**{covers: None}) | Q(**{covers: F("is_extension")}))
    )
    return goals.values_list("due_on", "assignment__target")
