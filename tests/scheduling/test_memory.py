from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizapp.grading import Grade
from quizapp.scheduling.day import LearnerDay
from quizapp.scheduling.memory import (
    MAXIMUM_INTERVAL,
    LoggedReview,
    Memory,
    Rating,
    Schedule,
    State,
    fuzz_range,
    leech_threshold_met,
    replay,
    retrievability,
    review,
    suggested_rating,
    unseen,
)

AGAIN, HARD, GOOD, EASY = Rating
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
UTC_DAY = LearnerDay(ZoneInfo("UTC"), 4)
SCHEDULE = Schedule(UTC_DAY)

ratings = st.sampled_from(Rating)
histories = st.lists(st.tuples(ratings, st.integers(0, 40 * 24 * 60)), min_size=1, max_size=12)


def studied(
    history: Sequence[tuple[Rating, int]], schedule: Schedule = SCHEDULE, seed: str = "1:1"
) -> tuple[Memory, list[LoggedReview]]:
    """The memory after (rating, minutes since the last review) one after the other."""
    now, memory, log = MORNING, unseen(MORNING), []
    for rating, minutes in history:
        now += timedelta(minutes=minutes)
        memory = review(memory, rating, now, schedule, seed=seed)
        log.append(LoggedReview(rating, now, schedule.desired_retention))
    return memory, log


def test_the_intervals_of_a_known_history_stay_what_they_are() -> None:
    """Each question is reviewed the moment it is due; a lapse after months is relearned."""
    now, memory, days = MORNING, unseen(MORNING), []
    for rating in [GOOD, GOOD, GOOD, GOOD, GOOD, AGAIN, GOOD, GOOD, HARD, EASY]:
        memory = review(memory, rating, now, SCHEDULE, seed="golden")
        days.append((UTC_DAY.date_of(memory.due) - UTC_DAY.date_of(now)).days)
        now = memory.due
    assert days == [0, 2, 13, 52, 173, 0, 5, 14, 25, 67]


def test_a_first_right_response_comes_back_in_ten_minutes_and_then_on_another_day() -> None:
    first = review(unseen(MORNING), GOOD, MORNING, SCHEDULE, seed="1:1")
    assert (first.state, first.due) == (State.LEARNING, MORNING + timedelta(minutes=10))
    second = review(first, GOOD, first.due, SCHEDULE, seed="1:1")
    assert second.state is State.REVIEW
    assert second.due == UTC_DAY.start(MORNING, 2)


def test_a_first_wrong_response_comes_back_in_a_minute() -> None:
    first = review(unseen(MORNING), AGAIN, MORNING, SCHEDULE, seed="1:1")
    assert (first.state, first.due) == (State.LEARNING, MORNING + timedelta(minutes=1))


def test_too_easy_skips_the_learning_steps() -> None:
    first = review(unseen(MORNING), EASY, MORNING, SCHEDULE, seed="1:1")
    assert first.state is State.REVIEW
    assert first.due >= UTC_DAY.start(MORNING, 7)


def test_a_lapse_is_relearned_in_ten_minutes_and_counted() -> None:
    known, _ = studied([(GOOD, 0), (GOOD, 10), (GOOD, 3 * 24 * 60)])
    assert known.last_review
    later = known.last_review + timedelta(days=20)
    lapsed = review(known, AGAIN, later, SCHEDULE, seed="1:1")
    assert (lapsed.state, lapsed.lapses) == (State.RELEARNING, 1)
    assert lapsed.due == later + timedelta(minutes=10)


def test_a_clock_that_goes_back_counts_as_standing_still() -> None:
    first = review(unseen(MORNING), GOOD, MORNING, SCHEDULE, seed="1:1")
    back = review(first, GOOD, MORNING - timedelta(days=400), SCHEDULE, seed="1:1")
    still = review(first, GOOD, MORNING, SCHEDULE, seed="1:1")
    assert back == still


def test_reviews_fall_due_when_the_learners_day_begins() -> None:
    berlin = Schedule(LearnerDay(ZoneInfo("Europe/Berlin"), 4))
    evening = datetime(2026, 3, 27, 22, tzinfo=UTC)
    memory = review(unseen(evening), EASY, evening, berlin, seed="1:1")
    assert memory.due.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") == "04:00"


@pytest.mark.parametrize("retention", [0.69, 0.98, 1.0, 0.0])
def test_a_retention_out_of_range_is_refused(retention: float) -> None:
    with pytest.raises(ValueError, match="desired retention"):
        Schedule(UTC_DAY, desired_retention=retention)


@given(
    history=histories,
    rating=st.sampled_from([HARD, GOOD, EASY]),
    low=st.floats(0.7, 0.97),
    high=st.floats(0.7, 0.97),
    seed=st.text(max_size=5),
)
def test_more_retention_never_lengthens_an_interval(
    history: list[tuple[Rating, int]], rating: Rating, low: float, high: float, seed: str
) -> None:
    low, high = min(low, high), max(low, high)
    memory, _ = studied(history)
    now = memory.due
    often = review(memory, rating, now, replace(SCHEDULE, desired_retention=high), seed=seed)
    seldom = review(memory, rating, now, replace(SCHEDULE, desired_retention=low), seed=seed)
    assert often.due <= seldom.due


@given(history=histories, minutes=st.integers(0, 400 * 24 * 60))
def test_again_never_lengthens_stability(history: list[tuple[Rating, int]], minutes: int) -> None:
    memory, _ = studied(history)
    assert memory.stability
    assert memory.last_review
    again = review(
        memory, AGAIN, memory.last_review + timedelta(minutes=minutes), SCHEDULE, seed="1:1"
    )
    assert again.stability
    assert again.stability <= memory.stability


@given(history=histories)
def test_better_ratings_never_come_back_sooner(history: list[tuple[Rating, int]]) -> None:
    memory, _ = studied(history)
    # Just before the day turns over, a step of ten minutes reaches further than "tomorrow".
    assume(UTC_DAY.start(memory.due, 1) - memory.due > timedelta(minutes=20))
    dues = [review(memory, rating, memory.due, SCHEDULE, seed="1:1").due for rating in Rating]
    assert dues == sorted(dues)


@given(history=histories)
def test_values_stay_in_their_ranges(history: list[tuple[Rating, int]]) -> None:
    memory, _ = studied(history)
    assert memory.stability
    assert memory.stability > 0
    assert memory.difficulty
    assert 1 <= memory.difficulty <= 10
    assert memory.reps == len(history)
    assert memory.last_review
    assert memory.last_review < memory.due
    assert memory.due <= UTC_DAY.start(memory.last_review, MAXIMUM_INTERVAL)
    chance = retrievability(memory, memory.due, SCHEDULE)
    assert chance is not None
    assert 0 < chance <= 1


@given(history=histories, seed=st.text(max_size=5))
def test_replaying_the_log_gives_the_memory(history: list[tuple[Rating, int]], seed: str) -> None:
    memory, log = studied(history, seed=seed)
    assert replay(log, SCHEDULE, seed=seed) == memory


def test_replaying_an_empty_log_gives_nothing() -> None:
    assert replay([], SCHEDULE, seed="1:1") is None


def test_replaying_starts_anew_with_a_new_version_of_the_question() -> None:
    _, log = studied([(GOOD, 0), (GOOD, 10)])
    anew = LoggedReview(GOOD, MORNING + timedelta(days=9), 0.9, question_version=2)
    memory = replay([*log, anew], SCHEDULE, seed="1:1")
    assert memory
    assert (memory.state, memory.step, memory.reps) == (State.LEARNING, 1, 3)


def test_fuzz_differs_between_cards_and_is_the_same_for_one() -> None:
    history = [(EASY, 0), (GOOD, 8 * 24 * 60), (GOOD, 30 * 24 * 60)]
    dues = {seed: studied(history, seed=seed)[0].due for seed in map(str, range(30))}
    assert len(set(dues.values())) > 3
    assert dues["7"] == studied(history, seed="7")[0].due


easy_days = st.frozensets(st.integers(0, 6))


def with_easy_days(days: frozenset[int]) -> Schedule:
    return replace(SCHEDULE, easy_days=days)


@given(history=histories, easy=easy_days, seed=st.text(max_size=5))
def test_easy_days_are_kept_clear_as_far_as_the_fuzz_reaches(
    history: list[tuple[Rating, int]], easy: frozenset[int], seed: str
) -> None:
    known, _ = studied(history, seed=seed)
    moved, _ = studied(history, with_easy_days(easy), seed)
    assert replace(moved, due=known.due) == known
    if moved.state is not State.REVIEW:
        assert moved.due == known.due
        return
    assert moved.last_review
    reviewed = UTC_DAY.date_of(moved.last_review)
    days = (UTC_DAY.date_of(moved.due) - reviewed).days
    exact = round(moved.stability or 0)
    least, most = fuzz_range(min(max(exact, 1), MAXIMUM_INTERVAL))
    assert least <= days <= most
    reachable = {(reviewed + timedelta(days=each)).weekday() for each in range(least, most + 1)}
    if reachable - easy:
        assert (reviewed + timedelta(days=days)).weekday() not in easy


@given(history=histories, easy=easy_days, seed=st.text(max_size=5))
def test_with_easy_days_too_the_log_gives_the_memory(
    history: list[tuple[Rating, int]], easy: frozenset[int], seed: str
) -> None:
    memory, log = studied(history, with_easy_days(easy), seed)
    assert replay(log, with_easy_days(easy), seed=seed) == memory


@given(history=histories, easy=easy_days)
def test_with_easy_days_too_better_ratings_never_come_back_sooner(
    history: list[tuple[Rating, int]], easy: frozenset[int]
) -> None:
    schedule = with_easy_days(easy)
    memory, _ = studied(history, schedule)
    assume(UTC_DAY.start(memory.due, 1) - memory.due > timedelta(minutes=20))
    dues = [review(memory, rating, memory.due, schedule, seed="1:1").due for rating in Rating]
    assert dues == sorted(dues)


def test_easy_days_lose_their_share_of_the_reviews_and_their_neighbours_gain_evenly() -> None:
    history = [(EASY, 0), (GOOD, 8 * 24 * 60), (GOOD, 30 * 24 * 60)]

    def weekdays(easy: frozenset[int]) -> list[int]:
        found = [0] * 7
        for seed in map(str, range(1400)):
            memory, _ = studied(history, with_easy_days(easy), seed)
            found[UTC_DAY.date_of(memory.due).weekday()] += 1
        return found

    plain, easy = weekdays(frozenset()), weekdays(frozenset({6}))
    assert plain[6] > 100
    assert easy[6] == 0
    gained = [after - before for before, after in zip(plain, easy, strict=True)]
    assert gained[0] + gained[5] == plain[6]
    assert min(gained[0], gained[5]) > 0.3 * plain[6]


def test_intervals_of_one_or_two_days_have_no_room_for_easy_days() -> None:
    every_day_but_one = frozenset(range(1, 7))
    first = review(unseen(MORNING), GOOD, MORNING, SCHEDULE, seed="1:1")
    second = review(first, GOOD, first.due, with_easy_days(every_day_but_one), seed="1:1")
    assert second.due == UTC_DAY.start(MORNING, 2)


def test_retrievability_falls_to_ninety_percent_after_the_stability() -> None:
    memory, _ = studied([(EASY, 0)])
    assert memory.stability
    assert memory.last_review
    whole_days = replace(memory, stability=8.0)
    chance = retrievability(whole_days, memory.last_review + timedelta(days=8), SCHEDULE)
    assert chance == pytest.approx(0.9)
    assert retrievability(unseen(MORNING), MORNING, SCHEDULE) is None


@pytest.mark.parametrize("hour", [4, 9, 14, 22])
def test_a_review_on_its_day_counts_the_same_at_any_hour(hour: int) -> None:
    """Asked in the evening, due in the morning: the days count, not the hours between."""
    evening = datetime(2026, 3, 2, 21, tzinfo=UTC)
    known = review(unseen(evening), EASY, evening, SCHEDULE, seed="1:1")
    days = (UTC_DAY.date_of(known.due) - UTC_DAY.date_of(evening)).days
    assert known.stability
    known = replace(known, stability=float(days))
    asked = known.due.replace(hour=hour)
    assert retrievability(known, asked, SCHEDULE) == pytest.approx(0.9)
    at_turn = review(known, GOOD, known.due, SCHEDULE, seed="1:1")
    assert review(known, GOOD, asked, SCHEDULE, seed="1:1").stability == at_turn.stability


def test_the_day_after_is_another_day_even_within_hours() -> None:
    night = datetime(2026, 3, 2, 23, tzinfo=UTC)
    known = replace(
        review(unseen(night), EASY, night, SCHEDULE, seed="1:1"), stability=1.0, difficulty=5.0
    )
    chance = retrievability(known, night + timedelta(hours=10), SCHEDULE)
    assert chance == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("score", "is_sure", "rating"),
    [(1, True, GOOD), (1, False, HARD), (0, True, AGAIN), (0, False, AGAIN), (0.9, True, AGAIN)],
)
def test_a_grade_stands_for_a_rating(score: float, is_sure: bool, rating: Rating) -> None:  # noqa: FBT001
    assert suggested_rating(Grade(score), is_sure=is_sure) is rating


def test_leeches_are_marked_at_eight_lapses_and_then_at_every_fourth() -> None:
    assert [n for n in range(25) if leech_threshold_met(n)] == [8, 12, 16, 20, 24]
