"""Days of leave: noted, joined with those that they touch, and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from quizapp.onboarding.members.acting import GONE, RefusedError, changing
from quizapp.scheduling.models import Goal
from quizapp.teams.models import Absence, Membership

LONGEST_DAYS = 366
EARLIEST_DAYS = 31
"""Before today, for who tells of it later."""

DAY = timedelta(days=1)

NO_DATE = "Give the first and the last day, such as 2026-03-31."
WRONG_WAY_ROUND = "The last day is before the first: swap them."
OVER = "These days are over. Give days that are still to come."
TOO_EARLY = f"Leave can begin {EARLIEST_DAYS} days ago at the earliest."
TOO_LATE = "Leave can last until a year from today at the latest."
ENDED = "That leave is over, or was taken back already."


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """`on 2 March 2026`, `from 2 to 13 March 2026`, `from 30 March to 2 April 2026`."""
        if self.first == self.last:
            return f"on {self.last:%-d %B %Y}"
        if self.first.year != self.last.year:
            first = f"{self.first:%-d %B %Y}"
        elif self.first.month != self.last.month:
            first = f"{self.first:%-d %B}"
        else:
            first = f"{self.first:%-d}"
        return f"from {first} to {self.last:%-d %B %Y}"

    def problem(self, today: date) -> str:
        """What speaks against noting these days, in a sentence; mostly nothing."""
        if self.last < self.first:
            return WRONG_WAY_ROUND
        if self.last < today:
            return OVER
        if self.first < today - EARLIEST_DAYS * DAY:
            return TOO_EARLY
        if self.last > today + LONGEST_DAYS * DAY:
            return TOO_LATE
        return ""


def note(membership: Membership, span: Span) -> Span:
    """The days of leave as they are noted now: with those that were noted before and touch them.

    Noting the same days twice changes nothing. Raises RefusedError.
    """
    with changing(membership.team):
        _need_present(membership)
        touched = list(
            Absence.objects.filter(
                membership=membership,
                first_day__lte=span.last + DAY,
                last_day__gte=span.first - DAY,
            )
        )
        whole = Span(
            min([span.first, *(each.first_day for each in touched)]),
            max([span.last, *(each.last_day for each in touched)]),
        )
        kept = touched[0] if touched else Absence(membership=membership)
        kept.first_day, kept.last_day = whole.first, whole.last
        Absence.objects.filter(pk__in=[each.pk for each in touched[1:]]).delete()
        kept.save()
        _count_anew(membership)
    return whole


def end(membership: Membership, pk: int, today: date) -> Span:
    """Take back the days of a leave from today on, which are returned. Raises RefusedError."""
    with changing(membership.team):
        _need_present(membership)
        absence = Absence.objects.filter(membership=membership, pk=pk).first()
        if absence is None or absence.last_day < today:
            raise RefusedError(ENDED)
        taken = Span(max(absence.first_day, today), absence.last_day)
        if absence.first_day < today:
            absence.last_day = today - DAY
            absence.save(update_fields=["last_day"])
        else:
            absence.delete()
        _count_anew(membership)
    return taken


def is_foreign(membership: Membership, pk: int) -> bool:
    """Whether the leave is somebody else's, or in another team."""
    return Absence.objects.filter(pk=pk).exclude(membership=membership).exists()


def coming(membership: Membership, today: date) -> list[Absence]:
    """Those that run, and those that are to come."""
    return list(Absence.objects.not_over(today).filter(membership=membership))


def _need_present(membership: Membership) -> None:
    if not Membership.objects.current().filter(pk=membership.pk).exists():
        raise RefusedError(GONE)


def _count_anew(membership: Membership) -> None:
    """Leave changes what is to be expected, so where the member stands has to be counted anew."""
    Goal.objects.filter(membership=membership).update(counted_at=None)
