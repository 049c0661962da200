"""The questions that a team gets wrong, as its lead's page lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from quizapp.content.models import Fact, Question, Track
from quizapp.content.rendering import markdown, markdown_inline
from quizapp.content.teaching import Teaching, teaching_of
from quizapp.progress.plots import percent
from quizapp.progress.team.beliefs import Given, right_parts, shared
from quizapp.progress.team.team_trouble import FEWEST, SureAndWrong, TeamLog, open_to
from quizapp.progress.words import title_of
from quizapp.teams.models import Team, User
from quizapp.web.explaining import taught
from quizapp.web.standings import times

Row = dict[str, Any]


def lists_of(team: Team, track: Track | None, viewer: User) -> dict[str, list[Row]]:
    """`confident`, `hard` and `slipping`. A fixed number of queries."""
    log = TeamLog(team, track)
    confident, hard, slipping = log.sure_and_wrong(), log.hard_at_first(), log.slipping()
    responses = log.wrong_responses([each.question for each in confident])
    rows = _rows(
        [
            *(each.question for each in confident),
            *(each.question for each in hard),
            *(each.question for each in slipping),
        ],
        viewer,
    )
    return {
        "confident": [
            rows[each.question] | _beliefs(each, rows[each.question], responses)
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


def _beliefs(found: SureAndWrong, row: Row, responses: Mapping[int, Sequence[Given]]) -> Row:
    """Who share a belief are named by their number alone, and one by themself not at all."""
    question: Question = row["question"]
    spec = question.parsed_spec
    fewest = 1 if settings.QUIZAPP_LEADS_SEE_RESPONSES else FEWEST
    beliefs = shared(spec, responses.get(found.question, ()), fewest)
    return {
        "stem": markdown(question.stem),
        "said": _share(found.wrong, found.sure),
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


def _rows(question_ids: Iterable[int], viewer: User) -> dict[int, Row]:
    """What is shown of each question wherever it is listed. Four queries."""
    ids = list(dict.fromkeys(question_ids))
    questions = Question.objects.select_related("topic").in_bulk(ids)
    teaching, is_open = teaching_of(ids), open_to(viewer, ids)
    slugs = {each.fact for taught_by in teaching.values() for each in taught_by.statements}
    facts = dict(Fact.objects.active().filter(slug__in=slugs).values_list("slug", "fact"))
    return {pk: _row(questions[pk], teaching[pk], facts) | {"is_open": pk in is_open} for pk in ids}


def _row(question: Question, teaching: Teaching, facts: Mapping[str, str]) -> Row:
    spec = question.parsed_spec
    drilled = dict.fromkeys(each.fact for each in teaching.statements)
    return {
        "question": question,
        "title": title_of(question.stem),
        "kind": spec.label,
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
