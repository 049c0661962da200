"""The questions that a team gets wrong, as its lead's page lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.conf import settings
from django.urls import reverse

from quizapp.content.models import Fact, Question, Track
from quizapp.content.rendering import markdown, markdown_inline
from quizapp.content.teaching import Teaching, teaching_of
from quizapp.progress.team.beliefs import Given, right_parts, shared
from quizapp.progress.team.team_trouble import FEWEST, SureAndWrong, TeamLog, open_to
from quizapp.progress.words import title_of
from quizapp.scheduling.goals.words import percent
from quizapp.teams.models import Team, User
from quizapp.web.explaining import taught
from quizapp.web.standings import times

Row = dict[str, Any]


def lists_of(
    team: Team, track: Track | None, viewer: User, *, opened: str, now: datetime
) -> dict[str, list[Row]]:
    """`confident`, `hard` and `slipping`. A fixed number of queries.

    What is right of a question, and what members believe, is in its row only if the viewer has
    answered it or asks for it: `opened` is its key, as the address has it.
    """
    log = TeamLog(team, track, now)
    confident, hard, slipping = log.sure_and_wrong(), log.hard_at_first(), log.slipping()
    responses = log.wrong_responses([each.question for each in confident])
    listed = chain(
        (each.question for each in confident),
        (each.question for each in hard),
        (each.question for each in slipping),
    )
    rows = _rows(listed, viewer, opened)
    lists: dict[str, list[Row]] = {
        "confident": [
            rows[each.question] | _confident(each, rows[each.question], responses)
            for each in confident
        ],
        "hard": [
            rows[each.question]
            | {
                "said": f"{each.right} of {each.met} right at first",
                "percent": percent(each.facility),
            }
            for each in hard
        ],
        "slipping": [
            rows[each.question]
            | {"said": f"Slipped {times(each.slips)}, with {each.members} of {each.met}"}
            for each in slipping
        ],
    }
    _place_anchors(lists.values())
    return lists


def _place_anchors(lists: Iterable[Iterable[Row]]) -> None:
    """Where a question is listed twice, the link to it leads to the first place."""
    placed = set()
    for each in chain.from_iterable(lists):
        each["is_anchor"] = each["question"].pk not in placed
        placed.add(each["question"].pk)


def _confident(found: SureAndWrong, row: Row, responses: Mapping[int, Sequence[Given]]) -> Row:
    question: Question = row["question"]
    shown = {"stem": markdown(question.stem), "said": _share(found.wrong, found.sure)}
    if not (row["is_answered"] or row["is_opened"]):
        return shown
    return shown | _beliefs(found, question, responses)


def _beliefs(
    found: SureAndWrong, question: Question, responses: Mapping[int, Sequence[Given]]
) -> Row:
    """Who share a belief are named by their number alone, and one by themself not at all."""
    spec = question.parsed_spec
    fewest = 1 if settings.QUIZAPP_LEADS_SEE_RESPONSES else FEWEST
    beliefs = shared(spec, responses.get(found.question, ()), fewest)
    return {
        "verb": "chose" if spec.layout == "options" else "answered",
        "common": markdown_inline(beliefs[0].text)
        if len(beliefs) == 1 and beliefs[0].members == found.wrong
        else "",
        "beliefs": [(each.members, markdown_inline(each.text)) for each in beliefs],
    }


def _share(number: int, total: int) -> str:
    """`3 of 4`, `All 3`, `Both`."""
    if number < total:
        return f"{number} of {total}"
    return "Both" if total == 2 else f"All {total}"


def _rows(question_ids: Iterable[int], viewer: User, opened: str) -> dict[int, Row]:
    """What is shown of each question wherever it is listed. Four queries."""
    ids = list(dict.fromkeys(question_ids))
    questions = Question.objects.select_related("topic").in_bulk(ids)
    teaching, answered = teaching_of(ids), open_to(viewer, ids)
    slugs = {each.fact for taught_by in teaching.values() for each in taught_by.statements}
    facts = dict(Fact.objects.active().filter(slug__in=slugs).values_list("slug", "fact"))
    rows: dict[int, Row] = {}
    for pk in ids:
        question = questions[pk]
        row = rows[pk] = {
            "question": question,
            "title": title_of(question.stem),
            "kind": question.parsed_spec.label,
            "is_answered": pk in answered,
            "is_opened": str(pk) == opened and pk not in answered,
        }
        if row["is_answered"] or row["is_opened"]:
            row |= _what_is_right(question, teaching[pk], facts)
    return rows


def _what_is_right(question: Question, teaching: Teaching, facts: Mapping[str, str]) -> Row:
    spec = question.parsed_spec
    drilled = dict.fromkeys(each.fact for each in teaching.statements)
    return {
        "right": [markdown_inline(part) for part in right_parts(spec)],
        "back": markdown(question.spec["back"]) if spec.is_self_rated else "",
        "explanation": markdown(question.explanation),
        "facts": [
            (reverse("fact", args=[slug]), markdown_inline(facts[slug]))
            for slug in drilled
            if slug in facts
        ],
        **taught(question, teaching),
    }
