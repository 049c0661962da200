"""Whether somebody will be ready, and why, in words. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from quizapp.scheduling.goals.pacing import Aim
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
    `waiting` reviews are due, `last_answer_on` is None before any answer, and `idle_days` are those
    for studying since then, today among them: fewer by days of leave. `leave_until` is None unless
    on leave. One who has no pace has not been at it for long enough; then `minutes` are the limit.
    `is_late` says that it was asked of them only after the date.
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
    idle_days: int = 0
    leave_until: date | None = None
    has_pace: bool = True
    is_late: bool = False


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
    late = ", before it was asked of them" if now.is_late else ""
    was_due = f"Was due on {on_day(now.due_on, now.today)}{late}; {_falls_short(now)}"
    return _joined(was_due, _absence(now) or _left(now))


def _falls_short(now: Situation) -> str:
    recalls = percent(now.readiness, now.target)
    return f"recalls {recalls} of the track, not {percent(now.target)}."


def _on_course(now: Situation) -> str:
    expected = f"{percent(now.forecast)} expected on {on_day(now.due_on, now.today)}"
    if now.leave_until:
        return f"{_on_leave(now.leave_until, now.today)} Even so, {expected}."
    if now.last_answer_on is None and not now.seen:
        return f"Has not started; with {minutes_a_day(now.minutes)}, {expected}."
    if not now.has_pace:
        return f"With {minutes_a_day(now.minutes)}, {expected}."
    return f"{_at_pace(now).capitalize()}, {expected}."


def _at_risk(now: Situation) -> str:
    if now.due_on <= now.today:
        return _joined(f"Due today; {_falls_short(now)}", _absence(now) or _left(now))
    return _joined(_absence(now) or _course(now), _needs(now))


def _absence(now: Situation) -> str:
    """Why nothing is happening; empty if it is."""
    if now.leave_until:
        return _on_leave(now.leave_until, now.today)
    if now.last_answer_on is None:
        left = (now.due_on - now.today).days
        days = f"; {counted(left, 'day')} {'is' if left == 1 else 'are'} left" if left > 0 else ""
        return "" if now.seen else f"Has not started{days}."
    if now.idle_days < IDLE_DAYS:
        return ""
    idle = (now.today - now.last_answer_on).days
    leave = f", {idle - now.idle_days} of them on leave" if idle > now.idle_days else ""
    reviews = f"{counted(now.waiting, 'review')} {'waits' if now.waiting == 1 else 'wait'}"
    waiting = f"; {reviews}" if now.waiting else ""
    return f"No answer for {counted(idle, 'day')}{leave}{waiting}."


def _course(now: Situation) -> str:
    """Where this leads, short of the target."""
    on, pace = on_day(now.due_on, now.today), _at_pace(now)
    if now.met >= now.total:
        has_met = "Has met" if now.seen >= now.total else "Will have met"
        share = percent(now.forecast, now.target)
        return f"{has_met} every question; {pace}, {share} expected on {on}."
    met = f"Has met {now.seen} of {counted(now.total, 'question')}"
    if now.met <= now.seen:
        return f"{met}; {pace} there is no time for more."
    return f"{met}; {pace} {now.met} will be met by {on}."


def _at_pace(now: Situation) -> str:
    """What is studied now, to the nearest minute, and visibly less than what is needed."""
    minutes = round(now.minutes)
    if now.minutes_needed is not None and now.minutes < now.minutes_needed:
        minutes = min(minutes, math.ceil(now.minutes_needed) - 1)
    if minutes > 0:
        return f"at {minutes_a_day(minutes)}"
    return "at less than a minute a day" if now.minutes else "with nothing done any more"


def _needs(now: Situation) -> str:
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
    date on which the minutes given would have sufficed, None if that is more than a year later.
    `sentence` says all that.
    """

    is_feasible: bool
    minutes_needed: float | None
    possible_on: date | None
    sentence: str


def advice(outset: Outset, aim: Aim, *, today: date, minutes: float) -> Advice:
    """What would reach the target, from where somebody stands."""
    needed = minutes_needed(
        outset,
        days=aim.days_left(today),
        study_days=aim.study_days(today),
        target=aim.target,
    )
    if needed is None:
        by = on_day(aim.due_on, today)
        sentence = f"No number of minutes a day reaches {percent(aim.target)} by {by}."
    else:
        sentence = f"Needs {minutes_a_day(needed)}; the limit is {minutes:g}."
    if needed is not None and math.ceil(needed) <= minutes:
        return Advice(
            is_feasible=True, minutes_needed=needed, possible_on=aim.due_on, sentence=sentence
        )
    on = possible_on(outset, aim, today=today, minutes=minutes)
    if on is None:
        later = " longer" if aim.days_left(today) else ""
        sentence += f" At {minutes_a_day(minutes)} it takes more than a year{later}."
    else:
        verb = "Move" if needed is None else "Or move"
        sentence += f" {verb} the date to {on_day(on, today)}."
    return Advice(is_feasible=False, minutes_needed=needed, possible_on=on, sentence=sentence)


def possible_on(outset: Outset, aim: Aim, *, today: date, minutes: float) -> date | None:
    """A date after that of the aim, which does not do, on which so many minutes a study day will
    have reached the target; None if that is more than a year later."""

    def study_days(days: int) -> int:
        return replace(aim, due_on=today + timedelta(days=days)).study_days(today)

    needed = days_needed(
        outset,
        minutes=minutes,
        target=aim.target,
        after=aim.days_left(today),
        study_days=study_days,
    )
    return None if needed is None else today + timedelta(days=needed)
