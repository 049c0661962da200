"""What the page of reminders says of mails to come: when the next is, and what is in the way."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest

from quizapp.onboarding.reminders.recipients import Kind, hours_of, is_away
from quizapp.scheduling.models import DayTally
from quizapp.teams.models import Mailing, User

CONSOLE = "django.core.mail.backends.console.EmailBackend"


def next_mail(user: User, kind: Kind, now: datetime) -> str:
    """A sentence: when the next mail of the kind can come."""
    if kind == Kind.DIGEST:
        name, condition = "digest", "if anybody has an assignment"
    else:
        name, condition = "reminder", "if something is due and you have not come"
    hours = hours_of(user, kind)
    today = hours.date_for(now)
    if today and not _is_settled(user, kind, today):
        return f"The next {name} can come any minute, {condition}."
    moment = hours.next_after(now)
    if moment is None:
        return f"No {name} comes, since no day is chosen."
    if is_away(user, hours.day.date_of(moment)):
        return f"No {name} comes while you are away."
    local = moment.astimezone(user.zone)
    return (
        f"The next {name} can come on {local:%A}, {local.day} {local:%B}, "
        f"from {local.hour}:{local:%M} on, {condition}."
    )


def obstacles() -> list[str]:
    """What keeps the whole installation from sending mail, in sentences for administrators."""
    found = []
    if settings.EMAIL_BACKEND == CONSOLE:
        found.append(
            "No mail server is set, so mail goes to the console. Set EMAIL_URL, such as "
            "smtp+tls://user:password@mail.example.com:587."
        )
    if not settings.QUIZAPP_URL:
        found.append(
            "manage.py sendreminders sends nothing until QUIZAPP_URL is set to the address of "
            "this installation."
        )
    return found


def site_of(request: HttpRequest) -> str:
    """Where links lead: to the address that is set, or else to the one that was asked for."""
    url: str = settings.QUIZAPP_URL
    return url or request.build_absolute_uri("/").rstrip("/")


def _is_settled(user: User, kind: Kind, day: date) -> bool:
    """Whether none comes any more on the day: it has been, or the learner has come or is away."""
    if is_away(user, day) or Mailing.objects.filter(user=user, kind=kind, day=day).exists():
        return True
    has_come = DayTally.objects.of(user).filter(day=day, reviews__gt=0)
    return kind == Kind.REMINDER and has_come.exists()
