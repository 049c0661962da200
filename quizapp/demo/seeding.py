"""Lives twelve weeks of a made-up team, day by day, and leaves it as it is today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password

from quizapp.content.models import Question, Track
from quizapp.demo.people import LEAD_EMAIL, LEAD_NAME, PEOPLE, Person
from quizapp.demo.studying import Learner
from quizapp.scheduling.goals import notes, syncing
from quizapp.scheduling.models import Goal
from quizapp.teams.addresses import vouch
from quizapp.teams.models import Absence, Assignment, Membership, Team, User

WEEKS = 12
TRACK, FIRST_TRACK = "kubernetes-primer", "storage"
"""What the team learns now, and what its first members learned before."""

_DUE_IN = timedelta(days=17)
_FIRST_DUE_AFTER = timedelta(weeks=6)


def lead() -> User | None:
    return User.objects.filter(email=LEAD_EMAIL).first()


def set_passwords(password: str) -> None:
    """One for everybody in the demo."""
    everybody = [LEAD_EMAIL, *(person.email for person in PEOPLE)]
    User.objects.filter(email__in=everybody).update(password=make_password(password))


def seed(now: datetime, tell: Callable[[str], None], people: tuple[Person, ...] = PEOPLE) -> Team:
    """Needs a database with content and without people."""
    begun = now - timedelta(weeks=WEEKS)
    boss = User.objects.create_user(LEAD_EMAIL, name=LEAD_NAME, timezone="Europe/Stockholm")
    vouch(boss)
    team = Team.objects.create(name="Platform", created_at=begun)
    Membership.objects.create(team=team, user=boss, role=Membership.Role.LEAD, joined_at=begun)
    first = _assign(team, boss, FIRST_TRACK, begun, begun + _FIRST_DUE_AFTER, minutes=8)
    questions = {each.pk: each for each in Question.objects.active()}
    waiting = sorted(people, key=lambda each: -each.joined)
    learners: list[tuple[Person, Learner]] = []
    for day in range(7 * WEEKS + 1):
        today = begun + timedelta(days=day)
        while waiting and waiting[0].joined >= WEEKS - day / 7:
            person = waiting.pop(0)
            learners.append((person, Learner(_join(team, person, today), person.habits, questions)))
        if today >= begun + _FIRST_DUE_AFTER + timedelta(days=2) and first.ended_at is None:
            first.ended_at = today
            first.save()
            _assign(team, boss, TRACK, today, now + _DUE_IN, minutes=12)
            syncing.sync(team)
        given = sum(_live(person, learner, today, now) for person, learner in learners)
        if today.weekday() == 0 or today.date() in (first.due_on, now.date()):
            notes.note_forecasts(min(now, today + timedelta(hours=1)))
        tell(f"{today:%a %d %b}: {given} answers")
    return team


def _assign(
    team: Team, boss: User, track: str, at: datetime, due: datetime, *, minutes: int
) -> Assignment:
    assignment = Assignment.objects.create(
        team=team,
        track=Track.objects.get(slug=track),
        due_on=due.date(),
        minutes_per_day=minutes,
        created_at=at,
        created_by=boss,
    )
    syncing.sync(team)
    Goal.objects.filter(assignment=assignment).update(created_at=at)
    return assignment


def _join(team: Team, person: Person, at: datetime) -> User:
    user = User.objects.create_user(
        person.email, name=person.name, timezone=person.timezone, date_joined=at
    )
    vouch(user)
    membership = Membership.objects.create(team=team, user=user, joined_at=at)
    if person.away:
        first, last = (timedelta(weeks=person.joined, days=days) for days in person.away)
        Absence.objects.create(
            membership=membership, first_day=(at + first).date(), last_day=(at + last).date()
        )
    syncing.sync(team)
    Goal.objects.filter(membership=membership).update(created_at=at)
    user.refresh_from_db()
    return user


def _live(person: Person, learner: Learner, today: datetime, now: datetime) -> int:
    """The person's day: the number of answers."""
    learner.user.refresh_from_db()
    moment = datetime.combine(today.date(), time(person.hour), learner.user.zone)
    is_idle = (now - moment).days // 7 in person.habits.idle
    if moment > now or is_idle or not learner.studies_on(moment.weekday()):
        return 0
    return learner.study(moment + timedelta(minutes=learner.chance.uniform(0, 50)))
