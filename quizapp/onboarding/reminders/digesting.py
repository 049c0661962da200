"""What the leads of a team are told once a week: who will be ready, who will not, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean

from django.db.models import Count

from quizapp.onboarding.reminders.recipients import Kind, Recipient, recipients
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals import counting
from quizapp.scheduling.models import Goal, ReadinessNote, Review
from quizapp.teams.models import Membership, Team, User

WEEK = timedelta(days=7)
ORDER = (Goal.Status.OVERDUE, Goal.Status.AT_RISK, Goal.Status.ON_COURSE, Goal.Status.READY)
"""What calls for something comes first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one member towards one goal. `change` is that of the readiness in a week, from -1 to 1.

    `forecast` is for a date that is to come. `was_on_course` a week ago, and now is not.
    """

    name: str
    track: str
    due_on: date
    status: Goal.Status
    reason: str
    target: float
    readiness: float
    forecast: float | None
    change: float | None
    was_on_course: bool


@dataclass(frozen=True, slots=True)
class WrongTopic:
    title: str
    answers: int
    people: int


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """How a team stands. `wrong` is what several were sure of though it was wrong."""

    team: Team
    standings: Sequence[Standing]
    wrong: WrongTopic | None

    def having(self, status: Goal.Status) -> list[Standing]:
        return [each for each in self.standings if each.status == status]

    @property
    def readiness(self) -> float:
        return fmean(each.readiness for each in self.standings)

    @property
    def change(self) -> float | None:
        changes = [each.change for each in self.standings if each.change is not None]
        return fmean(changes) if changes else None


def digested(now: datetime) -> Iterator[tuple[Recipient, list[Team]]]:
    """Whoever is to get a digest now, with the teams that they lead. A query more for each chunk.

    Administrators who are no leads by name get none.
    """
    for chunk in recipients(Kind.DIGEST, now):
        led = led_by(each.user for each in chunk)
        for each in chunk:
            yield each, led[each.user.pk]


def led_by(users: Iterable[User]) -> dict[int, list[Team]]:
    """The teams that people lead by name and that are not archived, by the keys of the people."""
    led: dict[int, list[Team]] = {user.pk: [] for user in users}
    leads = Membership.objects.leads().filter(user__in=led, team__archived_at=None)
    for membership in leads.select_related("team").order_by("team__name", "team"):
        led[membership.user_id].append(membership.team)
    return led


class Weeks:
    """Those of teams, each looked at once, however many lead it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._known: dict[int, TeamWeek | None] = {}

    def of(self, teams: Sequence[Team]) -> list[TeamWeek]:
        """Without the teams of which there is nothing to tell."""
        for team in teams:
            if team.pk not in self._known:
                self._known[team.pk] = week_of(team, self.now)
        return [week for team in teams if (week := self._known[team.pk])]


def week_of(team: Team, now: datetime) -> TeamWeek | None:
    """None for a team in which nobody has a goal. Three queries, beside counting what is stale."""
    counting.refresh(team, now)
    goals = (
        Goal.objects.filter(membership__team=team)
        .exclude(readiness=None)
        .exclude(status="")
        .select_related("assignment__track", "user")
        .order_by("due_on", "pk")
    )
    earlier = _notes_of_last_week(team, now)
    found = [
        _standing(goal, earlier.get((goal.assignment_id, goal.user_id)), goal.readiness, now)
        for goal in goals
        if goal.readiness is not None
    ]
    return TeamWeek(team, found, _confidently_wrong(team, now)) if found else None


def _standing(goal: Goal, note: ReadinessNote | None, readiness: float, now: datetime) -> Standing:
    status, target = Goal.Status(goal.status), goal.assignment.target
    is_to_come = goal.due_on > day_of(goal.user).date_of(now)
    is_in_trouble = status in (Goal.Status.AT_RISK, Goal.Status.OVERDUE)
    return Standing(
        name=str(goal.user),
        track=goal.assignment.track.title,
        due_on=goal.due_on,
        status=status,
        reason=goal.reason,
        target=target,
        readiness=readiness,
        forecast=goal.forecast if is_to_come else None,
        change=readiness - note.readiness if note else None,
        was_on_course=bool(note and is_in_trouble and note.forecast >= target),
    )


def _notes_of_last_week(team: Team, now: datetime) -> dict[tuple[int, int], ReadinessNote]:
    """The latest of a week ago, or of the week before that; a day less, for the time of day."""
    today = now.date()
    notes = ReadinessNote.objects.filter(
        assignment__team=team,
        noted_on__gt=today - 2 * WEEK,
        noted_on__lte=today - WEEK + timedelta(days=1),
    )
    return {(note.assignment_id, note.user_id): note for note in notes.order_by("noted_on")}


def _confidently_wrong(team: Team, now: datetime) -> WrongTopic | None:
    """Of the last week, and of two people at least, so that it does not tell on anybody."""
    members = Membership.objects.members().filter(team=team)
    row = (
        Review.objects.standing()
        .told()
        .since(now - WEEK)
        .filter(user__in=members.values("user"), is_sure=True, score__lt=1)
        .values("question__topic__title")
        .annotate(answers=Count("pk"), people=Count("user", distinct=True))
        .filter(people__gte=2)
        .order_by("-answers", "-people", "question__topic__title")
        .first()
    )
    if row is None:
        return None
    return WrongTopic(row["question__topic__title"], row["answers"], row["people"])
