"""Cloze: a text or a piece of code with blanks to fill in."""

from __future__ import annotations

import re
from itertools import count
from typing import Annotated, Any

from pydantic import model_validator

from quizapp.grading.base import Form, Grade, Note, Response, Spec, opaque_id, shuffled
from quizapp.grading.fields import Count, ShortText, Text, check_unique
from quizapp.grading.responses import as_text, as_texts_by_id, first_value
from quizapp.grading.text import as_markdown
from quizapp.grading.text_key import TextKey

_BLANK = re.compile(r"\{\{([A-Za-z0-9_-]+)\}\}")
_MOST_BLANKS = 20
_FIRST_TOKEN = 0xE000
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


class Blank(TextKey):
    """What fills one blank: typed, or chosen where there are `choices`."""

    choices: Annotated[tuple[ShortText, ...], Count(0, 9, "choices")] = ()
    feedback: Text | None = None

    @model_validator(mode="after")
    def _choices_are_a_choice(self) -> Blank:
        check_unique(self.choices, "choice")
        right = [choice for choice in self.choices if self.accepts(choice)]
        if self.choices and not right:
            raise ValueError("add the accepted text to the choices")
        if self.choices and len(right) == len(self.choices):
            raise ValueError("add a choice that is not accepted")
        return self

    def note(self, label: str, given: str) -> Note:
        """What to say of the text in this blank."""
        is_right = self.accepts(given)
        slip = "" if is_right or self.choices else self.slip_in(given)
        text = " ".join(filter(None, (slip, self.feedback)))
        return Note(label, is_right, as_markdown(given), self.accept[0], text)


class Cloze(Spec):
    """The response has the text of each blank by the blank's id.

    The form has one field `blank-<id>` for each blank. The ids are the blanks' places in the
    text, "1", "2" and so on: their names stay hidden, since a name may give away what belongs
    there. So a change that moves blanks about calls for a new version of the question.
    """

    kind = "cloze"
    label = "Fill in the blanks"
    is_production = True
    layout = "pairs"
    takes_focus = True
    written_fields = ("blank-",)

    text: Text
    blanks: dict[str, Blank]

    @model_validator(mode="after")
    def _blanks_are_in_the_text(self) -> Cloze:
        if _PRIVATE_USE.search(self.text):
            raise ValueError("remove the characters U+E000 to U+F8FF from the text")
        names = self._names()
        if not 1 <= len(names) <= _MOST_BLANKS:
            raise ValueError(f"give 1 to {_MOST_BLANKS} blanks in the text, such as {{{{name}}}}")
        for name in names:
            if name not in self.blanks:
                raise ValueError(f"the text has {{{{{name}}}}}, which is missing under blanks")
            if names.count(name) > 1:
                raise ValueError(f"use {{{{{name}}}}} only once in the text")
        for name in self.blanks:
            if name not in names:
                raise ValueError(f"the blank {name} is missing in the text: write {{{{{name}}}}}")
        return self

    def present(self, seed: int) -> dict[str, Any]:
        """`{"text", "blanks": [{"id", "token", "label", "choices"}], "order": [choice id]}`.

        `text` is Markdown in which each blank is its `token`: one private-use character, which
        no Markdown renderer or highlighter changes or splits, so the page renders the text and
        then puts a field in the place of each token. `choices` is empty for a blank to type in.
        The blanks stand in the order of the text.
        """
        blanks = [
            {
                "id": key,
                "token": chr(_FIRST_TOKEN + index),
                "label": _label(key),
                "choices": shuffled(blank.choices, seed + index),
            }
            for index, (key, blank) in enumerate(self.blanks_by_id().items())
        ]
        tokens = map(chr, count(_FIRST_TOKEN))
        return {
            "text": _BLANK.sub(lambda _: next(tokens), self.text),
            "blanks": blanks,
            "order": [opaque_id(choice) for blank in blanks for choice in blank["choices"]],
        }

    def read(self, form: Form) -> Response:
        given = {key: as_text(first_value(form, f"blank-{key}")) for key in self.blanks_by_id()}
        return {key: text for key, text in given.items() if text} or None

    def grade(self, response: Response) -> Grade:
        """The share of blanks filled rightly."""
        given = as_texts_by_id(response)
        notes = tuple(
            blank.note(_label(key), given.get(key, ""))
            for key, blank in self.blanks_by_id().items()
        )
        return Grade(score=sum(note.is_right is True for note in notes) / len(notes), notes=notes)

    def filled(self) -> str:
        """The text as Markdown, with the best response in each blank."""
        return _BLANK.sub(lambda found: self.blanks[found[1]].accept[0], self.text)

    def blanks_by_id(self) -> dict[str, Blank]:
        """The blanks in the order of the text, each by its id."""
        return {str(place): self.blanks[name] for place, name in enumerate(self._names(), start=1)}

    def _names(self) -> list[str]:
        return _BLANK.findall(self.text)


def _label(key: str) -> str:
    return f"Blank {key}"
