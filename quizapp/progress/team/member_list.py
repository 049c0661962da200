"""What the lead's page prints: the list of members, and the ways through it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from quizapp.progress.team import member_found
from quizapp.progress.team.dates import clock
from quizapp.progress.team.headline import headline
from quizapp.progress.team.member_found import PER_PAGE, Summary
from quizapp.progress.team.member_rows import ORDERS, STANDINGS, row_of
from quizapp.progress.team.member_search import Order, Search
from quizapp.progress.team.report_choice import title_of
from quizapp.scheduling.cards import day_of
from quizapp.scheduling.found import LONGEST_TEXT
from quizapp.scheduling.goals.words import on_day
from quizapp.teams.models import User


def shown(search: Search, viewer: User, now: datetime) -> dict[str, Any]:
    """The page of the list that was asked for, or the last one, and what stands around it."""
    day = day_of(viewer)
    today = day.date_of(now)
    everybody = member_found.listed(search.team, search.assignment)
    whole = member_found.summary(everybody)
    due = _common_date(whole, today)
    named = member_found.with_words(everybody, search.words)
    numbers = member_found.summary(named).numbers if search.words else whole.numbers
    number = numbers[search.standing] if search.standing else numbers.total()
    per_page = max(1, number) if search.is_all else PER_PAGE
    pages = max(1, -(-number // per_page))
    current = min(search.page, pages)
    members = member_found.with_standing(named, search.standing)
    start = (current - 1) * per_page
    part = member_found.in_order(members, search)[start : start + per_page]
    found = member_found.rows_of(part, search.assignment, today) if number else []
    return {
        "search": search,
        "headline": headline(whole.numbers, whole.first_due, whole.last_due, today),
        "as_of": whole.counted_at and clock(whole.counted_at, viewer.zone, today),
        "due": due,
        "assignments": [(str(each.pk), title_of(each)) for each in search.assignments],
        "chosen": search.assignment and str(search.assignment.pk),
        "sort": search.sort or str(Order.NEED),
        "assignment_title": search.assignment and title_of(search.assignment),
        "minutes_per_day": search.assignment and search.assignment.minutes_per_day,
        "target": search.assignment and round(100 * search.assignment.target),
        "rows": [row_of(each, day, now) for each in found],
        "number": number,
        "total": whole.total,
        "standings": _standings(search, numbers),
        "headings": _headings(search, due),
        "orders": _orders(search),
        "longest_text": LONGEST_TEXT,
        "clear_url": search.but(text="", standing=None, is_all=False).address(),
        "all_url": search.but(is_all=True).address(),
        "paged_url": search.but(is_all=False).address(),
        "csv_url": search.but(is_all=False).address("team-csv"),
        "json_url": search.but(is_all=False).address("team-json"),
        "current": current,
        "pages": pages,
        "previous_url": search.but(page=current - 1).address() if current > 1 else "",
        "next_url": search.but(page=current + 1).address() if current < pages else "",
    }


def _common_date(whole: Summary, today: date) -> str:
    """The date, where all have the same."""
    if whole.last_due is None or whole.first_due != whole.last_due:
        return ""
    return on_day(whole.last_due, today)


def _standings(search: Search, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """The ways to narrow by status: those that somebody is in, and the one that is chosen."""
    shown = [
        {
            "status": standing,
            "words": words,
            "number": numbers.get(standing, 0),
            "url": search.but(standing=standing).address(),
            "is_chosen": search.standing is standing,
        }
        for standing, words in STANDINGS.items()
        if numbers.get(standing) or search.standing is standing
    ]
    everybody = {
        "status": "all",
        "words": "Everybody",
        "number": sum(numbers.values()),
        "url": search.but(standing=None).address(),
        "is_chosen": search.standing is None,
    }
    return [everybody, *shown]


def _orders(search: Search) -> list[tuple[str, str]]:
    """To choose from: those there are, and the one that is turned round if it is chosen."""
    orders = [(str(order), words) for order, words in ORDERS.items()]
    if search.is_reversed:
        orders.append((search.sort, f"{ORDERS[search.order]}, turned round"))
    return orders


def _headings(search: Search, due: str) -> list[dict[str, Any]]:
    """The heads of the columns. To choose the one by which it is sorted turns the order round."""
    columns = [
        (Order.NAME, "Member", ""),
        (Order.NEED, "Status", ""),
        (Order.READINESS, "Ready today", "is-share"),
        (Order.FORECAST, f"On {due}" if due else "On the date", "is-share"),
        (None, "Met", ""),
        (Order.MINUTES, "This week", ""),
        (Order.SEEN, "Last seen", ""),
    ]
    shown = columns if search.assignment else columns[:2]
    return [
        {
            "words": words,
            "css": css,
            "key": order or "met",
            "url": order
            and search.but(
                order=order, is_reversed=search.order is order and not search.is_reversed
            ).address(),
            "sorted": (
                ("descending" if search.is_reversed else "ascending")
                if order is not None and search.order is order
                else ""
            ),
        }
        for order, words, css in shown
    ]
