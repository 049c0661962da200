"""What people have studied of late: their minutes by day, and how long an answer takes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, Count, DateField, F, Sum, Value, When

from quizapp.scheduling.goals.habits import PACE_DAYS, Worked
from quizapp.scheduling.models import DayTally
from quizapp.scheduling.today import TYPICAL_MS, TYPICAL_WEIGHT
from quizapp.teams.models import User

WEEKS = 6
"""Those before the single days, added up."""


@dataclass(slots=True)
class Studied:
    """`worked` holds single days that were studied on, and all weeks before them. `seconds` is
    what an answer takes, at first the typical time."""

    worked: list[Worked] = field(default_factory=list)
    seconds: float = TYPICAL_MS / 1000


def studied_by(users: Collection[User], now: datetime) -> dict[int, Studied]:
    """Of each of these people, by their ids. One query, whose rows are their days and weeks."""
    # Theirs may be the day before, and begins with the day.
    lately = now.date() - timedelta(days=PACE_DAYS + 1)
    weeks = [lately - timedelta(weeks=ago) for ago in range(1, WEEKS + 1)]
    week = [When(day__gte=first, then=Value(first)) for first in weeks]
    rows = (
        DayTally.objects.filter(
            user__in=[user.pk for user in users], day__gte=weeks[-1], reviews__gt=0
        )
        .order_by()
        .annotate(since=Case(When(day__gte=lately, then=F("day")), *week, output_field=DateField()))
        .values("user", "since")
        .annotate(ms=Sum("duration_ms"), answers=Sum("reviews"), days=Count("pk"))
        .values_list("user", "since", "ms", "answers", "days")
    )
    by_user = defaultdict(list)
    for key, *row in rows:
        by_user[key].append(row)
    found = {}
    for user in users:
        spans = by_user[user.pk]
        worked = [Worked(day, ms / 60_000) for day, ms, *_ in spans if day >= lately]
        of_weeks = {first: (ms, came) for first, ms, _, came in spans if first < lately}
        for first in weeks:
            ms, came = of_weeks.get(first, (0, 0))
            worked.append(Worked(first, ms / 60_000, came, days=7))
        spent = sum(ms for _, ms, *_ in spans) + TYPICAL_WEIGHT * TYPICAL_MS
        answers = sum(number for _, _, number, _ in spans) + TYPICAL_WEIGHT
        found[user.pk] = Studied(worked, spent / answers / 1000)
    return found
