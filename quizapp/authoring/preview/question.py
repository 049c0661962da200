"""A question that is not saved, as learners would see it: asked, and answered.

It is rendered by the very templates of a review. Its form carries the question itself, sealed
for the editor, so that trying it out needs no row and writes none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from quizapp.authoring.edit.form import (
    Posted,
    read,
    source_from_form,
    typed_in,
    without_topic,
)
from quizapp.authoring.preview.samples import samples
from quizapp.content.models import Question
from quizapp.content.parsing import question_from
from quizapp.content.problems import ContentError, Problem
from quizapp.content.schema import Source
from quizapp.content.sources import question_values
from quizapp.content.teaching import Teaching, teaching_of_facts
from quizapp.grading.base import Form
from quizapp.scheduling.cards import schedule_of
from quizapp.scheduling.memory import Rating, review, unseen
from quizapp.teams.models import User
from quizapp.web.explaining import back_of, explained
from quizapp.web.presenting import presented
from quizapp.web.responding import Graded

SEED = 1
"""Options keep their places while the editor types."""
DOM = "-preview"
"""Sets the ids of the preview apart from those of the page that it stands on."""
BACK = f"{DOM}-back"
"""Those of a flashcard that is shown with its back, beside itself without it."""

_SALT = "quizapp.preview"


def read_posted(post: Posted) -> Source:
    """What a posted form says. Raises ContentError where it is not even plain data."""
    source = source_from_form(post)
    problems: Sequence[Problem] = () if "yaml" in post else read(typed_in(post)).problems
    if problems:
        raise ContentError(problems)
    return source


class Preview:
    """A question as `source` has it, shown to an editor at `now`. Nothing of it is saved.

    Raises ContentError where a question cannot be made of it. An id and a topic may be missing,
    since learners see neither. `try_url` is where its form goes, `dom` the end of all ids.
    """

    def __init__(
        self, source: Source, user: User, now: datetime, *, try_url: str, dom: str = DOM
    ) -> None:
        entry = question_from({"id": "preview", **without_topic(source)}, "preview")
        self.question = Question(slug=entry.slug, **question_values(entry))
        self.spec = self.question.parsed_spec
        self.source, self.user, self.now = source, user, now
        self.try_url, self.dom = try_url, dom
        self._teaching: Teaching = teaching_of_facts(entry.facts)

    @classmethod
    def unseal(cls, token: str, user: User, now: datetime, *, try_url: str, dom: str) -> Preview:
        """That of which a form was shown. Raises signing.BadSignature and ContentError."""
        source = signing.loads(token, salt=f"{_SALT}.{user.pk}")
        return cls(source, user, now, try_url=try_url, dom=dom)

    @property
    def token(self) -> str:
        return signing.dumps(self.source, salt=f"{_SALT}.{self.user.pk}", compress=True)

    @property
    def form_url(self) -> str:
        return f"{self.try_url}?dom={self.dom}"

    def asked(self, request: HttpRequest, given: Form | None = None, **more: Any) -> SafeString:
        """The question and its form, with what was given filled in."""
        context = {
            **presented(self.question, SEED, given or {}, takes_focus=False),
            "scope": {"url": self.form_url},
            "token": self.token,
            "dom": self.dom,
            **more,
        }
        return render_to_string("study/_ask.html", context, request)

    def asked_back(self, request: HttpRequest) -> SafeString:
        """A flashcard with its back, and what each rating would lead to for the editor."""
        before, schedule, now = unseen(self.now), schedule_of(self.user), self.now
        dues = {
            rating: review(before, rating, now, schedule, seed="preview").due for rating in Rating
        }
        revealed = back_of(self.question, self._teaching, dues, day=schedule.day, now=now)
        return self.asked(request, revealed=revealed)

    def explained(self, graded: Graded, dom: str = "") -> SafeString:
        """The feedback on a response."""
        order = self.spec.present(SEED)["order"]
        context = explained(
            self.question,
            graded.response,
            graded.grade,
            order=order,
            is_sure=graded.is_sure,
            teaching=self._teaching,
        )
        return render_to_string("study/_verdict.html", {**context, "dom": dom or self.dom})

    def feedback(self, request: HttpRequest) -> list[dict[str, Any]]:
        """What is told after each response that is likely, and which response that is."""
        if self.spec.is_self_rated:
            back = Preview(self.source, self.user, self.now, try_url=self.try_url, dom=BACK)
            return [{"words": "the answer is shown", "html": back.asked_back(request)}]
        return [
            {
                "words": sample.words,
                "html": self.explained(
                    Graded(sample.response, self.spec.grade(sample.response), is_sure=True),
                    f"{self.dom}-{number}",
                ),
            }
            for number, sample in enumerate(samples(self.spec), start=1)
        ]
