"""Which questions a learner can be shown now, and in which order. One notion for all pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from quizapp.content.models import Topic
from quizapp.scheduling.backlog import Fading
from quizapp.scheduling.candidates import Candidate, candidates
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.goals.aims import Aims, aims_of
from quizapp.scheduling.goals.refreshing import refreshed
from quizapp.scheduling.interleaving import contrasting_first
from quizapp.scheduling.limits import Limits, limits_of
from quizapp.scheduling.memory import State
from quizapp.scheduling.today import Today, today_of
from quizapp.teams.models import User


@dataclass(frozen=True, slots=True)
class Plan:
    """How many questions are left to do now, by why they are shown.

    `early` are reviews that are not due yet, which the learner has asked for, or which the date
    of a goal asks for.
    """

    steps: int = 0
    reviews: int = 0
    new: int = 0
    early: int = 0

    @property
    def total(self) -> int:
        return self.steps + self.reviews + self.new + self.early

    @property
    def is_empty(self) -> bool:
        return self.total == 0


@dataclass(frozen=True, slots=True)
class LineUp:
    """What there is to show, each list in its own order, but what people mix up in turns.

    `due` are all reviews that are due, and `reviews` those of them that are for today. `early`
    are reviews ahead of time, `ahead` steps that are due soon, and `more_new` counts the new
    questions beyond the day's limit. `over` counts the reviews that wait because the day is
    full, while those `held` wait for that or for a sibling.
    """

    today: Today
    steps: list[Candidate]
    due: list[Candidate]
    reviews: list[Candidate]
    early: list[Candidate]
    new: list[Candidate]
    ahead: list[Candidate]
    more_new: int
    over: int
    limits: Limits

    @property
    def plan(self) -> Plan:
        return Plan(len(self.steps), len(self.reviews), len(self.new), len(self.early))

    @property
    def has_contrast(self) -> bool:
        """Whether the next review is about what is mixed up with the question asked last."""
        return bool(self.reviews) and not self.reviews[0].facts.isdisjoint(self.today.opposites)

    @property
    def held(self) -> int:
        return len(self.due) - len(self.reviews)

    @property
    def due_by_topic(self) -> Counter[int]:
        return Counter(candidate.topic_id for candidate in (*self.steps, *self.reviews))


def line_up(
    user: User,
    now: datetime,
    topic: Topic | None = None,
    *,
    extra_new: int = 0,
    ahead_days: int = 0,
) -> LineUp:
    """Two queries, and one more for a learner with goals.

    New questions are then those of the goals' tracks, as many as lead to their dates, and others
    once all of these are met, or if their topic is studied on purpose.

    `extra_new` is how many new questions more than the limit are wanted today, and `ahead_days`
    for how many days to come the reviews are. What is asked for so is under no limit.
    """
    day = day_of(user)
    date = day.date_of(now)
    today, aims = today_of(user, now), aims_of(user, date)
    found = list(candidates(user, now, topic, aims, ahead_days=ahead_days))
    in_steps = sorted(
        (each for each in found if each.is_in_steps), key=lambda each: each.due or now
    )
    steps = [each for each in in_steps if each.due and each.due <= now]
    known = sorted(
        (each for each in found if each.state is State.REVIEW),
        key=lambda each: each.faded(now),
        reverse=True,
    )
    due = [each for each in known if each.due and each.due <= now]
    pace = next((each.pace for each in found if each.pace), None)
    limits = limits_of(user, aims.minutes(user.minutes_per_day), today, len(in_steps), pace)
    room = limits.lifted() if ahead_days else limits
    unseen = [each for each in found if each.state is State.NEW]
    to_meet = [] if topic else aims.in_turn(unseen)
    share = aims.new_today(to_meet, today.new) if to_meet else user.new_per_day
    new_left = max(0, share + extra_new - today.new)
    seen = set(today.facts).union(*(each.facts for each in steps))
    fading = {each.question_id: each.fading(date, day) for each in due} if room.is_limited else {}
    beside = room.beside_new(new_left, today.new) if to_meet else room
    reviews, over = _for_today(due, seen, beside, fading, aims)
    seen.update(*(each.facts for each in reviews))
    not_due = [each for each in known if each.due and each.due > now]
    early = list(_one_of_a_fact(not_due, seen)) if ahead_days else []
    new = list(_one_of_a_fact(to_meet or unseen, seen))
    if room.is_limited and not extra_new:
        new_left = min(new_left, room.new_beside([fading[each.question_id] for each in reviews]))
    if aims.near and not topic and not ahead_days:
        asked = set(today.facts).union(
            *(each.facts for each in (*steps, *reviews, *new[:new_left]))
        )
        left = room.beside([fading[each.question_id] for each in reviews], len(new[:new_left]))
        early = refreshed(found, {each.question_id for each in reviews}, aims, asked, left, day)
    return LineUp(
        today=today,
        steps=steps,
        due=due,
        reviews=contrasting_first(reviews, today.opposites),
        early=contrasting_first(early, today.opposites),
        new=new[:new_left],
        ahead=in_steps[len(steps) :],
        more_new=len(new[new_left:]),
        over=over,
        limits=limits,
    )


def _for_today(
    due: list[Candidate],
    seen: set[int],
    room: Limits,
    fading: Mapping[int, Fading],
    aims: Aims,
) -> tuple[list[Candidate], int]:
    """The reviews for today, one of a fact, and how many more there would be without a limit.

    If all fit, they keep their order. If not, those come first of which a review saves most.
    """
    reviews = list(_one_of_a_fact(due, set(seen)))
    if not room.is_limited:
        return reviews, 0
    fit = room.fitting([fading[each.question_id] for each in reviews])
    if 0 < fit < len(reviews):
        saved = {
            each.question_id: fading[each.question_id].saved(room.formulas, aims.worth_after(each))
            for each in due
        }
        most_first = sorted(due, key=lambda each: saved[each.question_id], reverse=True)
        reviews = list(_one_of_a_fact(most_first, set(seen)))
        fit = room.fitting([fading[each.question_id] for each in reviews])
    return reviews[:fit], len(reviews) - fit


def _one_of_a_fact(candidates: Iterable[Candidate], seen: set[int]) -> Iterator[Candidate]:
    """Those that share no fact with `seen`, which grows, so that siblings keep a day apart."""
    for candidate in candidates:
        if seen.isdisjoint(candidate.facts):
            seen |= candidate.facts
            yield candidate
