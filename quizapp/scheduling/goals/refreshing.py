"""The last days before a date: which questions are reviewed though they are not due."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from quizapp.scheduling.candidates import Candidate
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.goals import pacing
from quizapp.scheduling.goals.aims import Aims, TrackAim
from quizapp.scheduling.goals.pacing import Resting
from quizapp.scheduling.limits import Limits
from quizapp.scheduling.memory import State


def refreshed(
    found: Sequence[Candidate],
    planned: Collection[int],
    aims: Aims,
    asked: Collection[int],
    room: Limits,
    day: LearnerDay,
) -> list[Candidate]:
    """Those of the candidates that lift a track whose date is near to its target, as they fit.

    `planned` are the questions whose review is for today, `asked` the facts of all that is, and
    `room` is what that leaves of the day.
    """
    facts = set(asked)
    picked: list[Candidate] = []
    for track in aims.near:
        chosen = _of_track(track, found, planned, aims, facts, room, day)
        facts.update(*(each.facts for each in chosen))
        picked += chosen
    return picked[: room.fitting([each.fading(aims.today, day) for each in picked])]


def _of_track(
    track: TrackAim,
    found: Sequence[Candidate],
    planned: Collection[int],
    aims: Aims,
    facts: Collection[int],
    room: Limits,
    day: LearnerDay,
) -> list[Candidate]:
    of_track = [each for each in found if aims.of(each) is track]
    met = [each for each in of_track if each.stability]
    indices = pacing.weakest(
        [
            Resting(each.fading(aims.today, day), _comes_in(each, planned, aims, day), each.facts)
            for each in met
        ],
        total=len(of_track),
        aim=track.aim,
        today=aims.today,
        formulas=room.formulas,
        asked=facts,
    )
    return [met[index] for index in indices]


def _comes_in(candidate: Candidate, planned: Collection[int], aims: Aims, day: LearnerDay) -> int:
    """In days. A review that is due but has to wait counts for tomorrow."""
    if candidate.due is None or candidate.state is not State.REVIEW:
        return 0
    if candidate.question_id in planned:
        return 0
    return max(1, (day.date_of(candidate.due) - aims.today).days)
