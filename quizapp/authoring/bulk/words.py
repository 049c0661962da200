"""Acts in bulk, in words."""

from __future__ import annotations

from collections.abc import Sequence

from quizapp.authoring.bulk.planning import Deed, Plan
from quizapp.content.editing.batches import TakenBack
from quizapp.content.models import Topic
from quizapp.web.words import count

_MOST_NAMED = 5
_DONE = {Deed.RETIRE: "retired", Deed.RESTORE: "restored", Deed.MOVE: "moved"}


def title_of(act: str, topic: Topic | None) -> str:
    """`Move to Workloads`."""
    return f"Move to {topic.title}" if topic else act.capitalize()


def done_words(done: Plan) -> str:
    """`3 questions moved to Workloads. 1 was skipped.`"""
    if not done.changed:
        return "Nothing was changed: all of them are as you want them, or cannot be."
    where = f" to {done.topic.title}" if done.topic else ""
    text = f"{count(len(done.changed), 'question')} {_DONE[done.deed]}{where}."
    return f"{text} {_were(done.number_skipped)} skipped." if done.number_skipped else text


def undone_words(result: TakenBack) -> str:
    """What was taken back, and the names of what was not."""
    if result.was_taken_before:
        return "That was taken back already."
    taken = f"Taken back for {count(len(result.taken), 'question')}."
    if not result.left:
        return taken
    those = _were(len(result.left))
    left = f"{those} changed since and left as {'it is' if len(result.left) == 1 else 'they are'}"
    return f"{taken} {left}: {_names(result.left)}."


def _were(number: int) -> str:
    return f"{number} {'was' if number == 1 else 'were'}"


def _names(slugs: Sequence[str]) -> str:
    named = ", ".join(slugs[:_MOST_NAMED])
    more = len(slugs) - _MOST_NAMED
    return f"{named} and {more} more" if more > 0 else named
