"""Whether somebody will be ready, and why, in words. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from quizapp.scheduling.goals.projecting import days_needed, minutes_needed
from quizapp.scheduling.goals.prospects import Outset
from quizapp.scheduling.goals.words import counted, minutes_a_day, on_day, percent

IDLE_DAYS = 4
"""So many days without an answer are a reason."""


class Status(StrEnum):
    READY = "ready"
    ON_COURSE = "on-course"
    AT_RISK = "at-risk"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a member stands on a day of theirs, and where that leads.

    `readiness`, `forecast` and `target` run from 0 to 1; `forecast` is for `due_on`, by when
    `met` of the `total` questions will have been met, with so many `minutes` a study day.
    `minutes_needed` are those a study day that reach the target, None where none would, and
    `possible_on` is when the `limit`, the minutes wished for by the assignment, would reach it.
    `waiting` reviews are due, `last_answer_on` is None before any answer, `leave_until` unless on
    leave. One who has no pace has not been at it for long enough; then `minutes` are the limit.
    """

    today: date
    due_on: date
    target: float
    readiness: float
    forecast: float
    total: int
    seen: int
    met: int
    minutes: float
    limit: int
    minutes_needed: float | None
    possible_on: date | None = None
    waiting: int = 0
    last_answer_on: date | None = None
    leave_until: date | None = None
    has_pace: bool = True


def judge(now: Situation) -> tuple[Status, str]:
    """The status, and the reason in sentences for a lead."""
    if not now.total:
        return Status.READY, "The track has no questions."
    holds = now.today >= now.due_on or now.forecast >= now.target
    if now.readiness >= now.target and holds:
        return Status.READY, _ready(now)
    if now.today > now.due_on:
        return Status.OVERDUE, _overdue(now)
    if now.forecast >= now.target:
        return Status.ON_COURSE, _on_course(now)
    return Status.AT_RISK, _at_risk(now)


def _ready(now: Situation) -> str:
    recalls = f"Recalls {percent(now.readiness)} of the track today"
    if now.today >= now.due_on:
        return f"{recalls}."
    return f"{recalls}; {percent(now.forecast)} expected on {on_day(now.due_on, now.today)}."


def _overdue(now: Situation) -> str:
    was_due = (
        f"Was due on {on_day(now.due_on, now.today)}; recalls "
        f"{percent(now.readiness, now.target)} of the track, not {percent(now.target)}."
    )
    return _joined(was_due, _absence(now) or _left(now))


def _on_course(now: Situation) -> str:
    expected = f"{percent(now.forecast)} expected on {on_day(now.due_on, now.today)}"
    if now.leave_until:
        return f"{_on_leave(now.leave_until, now.today)} Even so, {expected}."
    if now.last_answer_on is None and not now.seen:
        return f"Has not started; with {minutes_a_day(now.minutes)}, {expected}."
    if not now.has_pace:
        return f"With {minutes_a_day(now.minutes)}, {expected}."
    return f"At {minutes_a_day(now.minutes)}, {expected}."


def _at_risk(now: Situation) -> str:
    return _joined(_absence(now) or _course(now), _needs(now))


def _absence(now: Situation) -> str:
    """Why nothing is happening; empty if it is."""
    if now.leave_until:
        return _on_leave(now.leave_until, now.today)
    if now.last_answer_on is None:
        left = (now.due_on - now.today).days
        days = f"; {counted(left, 'day')} {'is' if left == 1 else 'are'} left" if left > 0 else ""
        return "" if now.seen else f"Has not started{days}."
    idle = (now.today - now.last_answer_on).days
    if idle < IDLE_DAYS:
        return ""
    reviews = f"{counted(now.waiting, 'review')} {'waits' if now.waiting == 1 else 'wait'}"
    waiting = f"; {reviews}" if now.waiting else ""
    return f"No answer for {counted(idle, 'day')}{waiting}."


def _course(now: Situation) -> str:
    """Where this leads, short of the target."""
    if now.due_on <= now.today:
        due = f"Due today; recalls {percent(now.readiness, now.target)} of the track."
        return _joined(due, _left(now))
    on = on_day(now.due_on, now.today)
    pace = f"at {minutes_a_day(now.minutes)}" if now.minutes else "with no time for it"
    if now.met >= now.total:
        share = percent(now.forecast, now.target)
        return f"Will have met every question; {pace}, {share} expected on {on}."
    met = f"Has met {now.seen} of {counted(now.total, 'question')}"
    if now.met <= now.seen:
        return f"{met}; {pace} there is no time for more."
    return f"{met}; {pace} {now.met} will be met by {on}."


def _needs(now: Situation) -> str:
    if (now.due_on - now.today).days <= 0:
        return ""
    if now.minutes_needed is None:
        reach = f"No number of minutes a day reaches {percent(now.target)} by then."
        return _joined(reach, _move(now, "Move"))
    needs = f"Needs {minutes_a_day(now.minutes_needed)}"
    if math.ceil(now.minutes_needed) <= now.limit:
        return f"{needs}."
    return _joined(f"{needs}; the limit is {now.limit}.", _move(now, "Or move"))


def _move(now: Situation, verb: str) -> str:
    if now.possible_on is None:
        return ""
    return f"{verb} the date to {on_day(now.possible_on, now.today)}."


def _left(now: Situation) -> str:
    unmet = now.total - now.seen
    if unmet <= 0:
        return ""
    return f"{counted(unmet, 'question')} {'was' if unmet == 1 else 'were'} never met."


def _on_leave(until: date, today: date) -> str:
    return f"On leave until {on_day(until, today)}; memory still fades."


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


@dataclass(frozen=True, slots=True)
class Advice:
    """Whether the target can be reached within the minutes by the date, and what would do.

    `minutes_needed` are minutes a study day, None where no number would do; `possible_on` is the
    date on which the minutes given would have sufficed, None if that is more than a year away.
    `sentence` says all that.
    """

    is_feasible: bool
    minutes_needed: float | None
    possible_on: date | None
    sentence: str


def advice(
    outset: Outset, *, today: date, due_on: date, study_days: int, minutes: float, target: float
) -> Advice:
    """What would reach the target, from where somebody stands.

    `study_days` are those of the days until `due_on` that are for studying; what is to be put
    off is put off by the days on leave as well.
    """
    days = max(0, (due_on - today).days)
    needed = minutes_needed(outset, days=days, study_days=study_days, target=target)
    if needed is None:
        by = on_day(due_on, today)
        sentence = f"No number of minutes a day reaches {percent(target)} by {by}."
    else:
        sentence = f"Needs {minutes_a_day(needed)}; the limit is {minutes:g}."
    if needed is not None and math.ceil(needed) <= minutes:
        return Advice(
            is_feasible=True, minutes_needed=needed, possible_on=due_on, sentence=sentence
        )
    on = possible_on(
        outset,
        today=today,
        due_on=due_on,
        away=days - study_days,
        minutes=minutes,
        target=target,
    )
    if on is None:
        sentence += f" At {minutes_a_day(minutes)} it takes more than a year."
    else:
        verb = "Move" if needed is None else "Or move"
        sentence += f" {verb} the date to {on_day(on, today)}."
    return Advice(is_feasible=False, minutes_needed=needed, possible_on=on, sentence=sentence)


def possible_on(
    outset: Outset, *, today: date, due_on: date, away: int, minutes: float, target: float
) -> date | None:
    """The first date after `due_on` on which so many minutes a study day will have reached the
    target, with so many days away until then; None if that is more than a year off."""
    needed = days_needed(outset, minutes=minutes, target=target)
    if needed is None:
        return None
    return max(today + timedelta(days=needed + away), due_on + timedelta(days=1))
