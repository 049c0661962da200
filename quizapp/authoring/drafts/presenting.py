"""A draft as learners would see it: the question, and what is told after the right response."""

from __future__ import annotations

from typing import Any

from quizapp.authoring.edit.saving import parsed
from quizapp.authoring.models import Draft
from quizapp.authoring.preview.samples import samples
from quizapp.content.models import Question
from quizapp.content.problems import ContentError
from quizapp.content.rendering import markdown
from quizapp.content.sources import question_values
from quizapp.content.teaching import teaching_of_facts
from quizapp.grading.flashcard import Flashcard
from quizapp.web.explaining import explained
from quizapp.web.presenting import presented

_SEED = 1


def as_learners_see_it(draft: Draft) -> dict[str, Any]:
    """The context of `authoring/draft.html`; without `stem` the draft is not complete."""
    try:
        entry = parsed(draft.source)
    except ContentError:
        return {"draft": draft}
    question = Question(slug=entry.slug, **question_values(entry))
    spec = question.parsed_spec
    asked = presented(question, _SEED, {}, takes_focus=False)
    right = next((sample.response for sample in samples(spec)), None)
    told = explained(
        question,
        right,
        spec.grade(right),
        order=asked["shown"]["order"],
        is_sure=True,
        teaching=teaching_of_facts(entry.facts),
    )
    back = markdown(spec.back) if isinstance(spec, Flashcard) else ""
    return {"draft": draft, **asked, "told": told, "back": back}
