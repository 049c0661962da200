"""Which flags an editor looks at, as the address of the inbox says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from quizapp.grading.responses import storable

FARTHEST_PAGE = 10**6


class State(StrEnum):
    OPEN = "open"
    SETTLED = "settled"


class Order(StrEnum):
    MOST = "most"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class FlagSearch:
    """`question` is the slug of the only one wanted, or empty for all."""

    state: State = State.OPEN
    order: Order = Order.MOST
    question: str = ""
    page: int = 1

    def address(self, page: int = 1) -> str:
        """Where these filters lead to."""
        fields = {
            "state": "" if self.state is State.OPEN else self.state,
            "sort": "" if self.order is Order.MOST else self.order,
            "question": self.question,
            "page": str(page) if page > 1 else "",
        }
        query = urlencode({field: value for field, value in fields.items() if value})
        return f"{reverse('edit-flags')}?{query}" if query else reverse("edit-flags")


def read_search(query: QueryDict) -> FlagSearch:
    """Values that mean nothing are passed over."""
    state, order, page = query.get("state", ""), query.get("sort", ""), query.get("page", "")
    is_number = page.isascii() and page.isdecimal()
    return FlagSearch(
        state=State(state) if state in list(State) else State.OPEN,
        order=Order(order) if order in list(Order) else Order.MOST,
        question=storable(query.get("question", ""))[:80],
        page=max(1, min(int(page[:7]), FARTHEST_PAGE)) if is_number else 1,
    )
