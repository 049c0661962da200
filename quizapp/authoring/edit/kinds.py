"""What the form of each kind of question consists of: one description a kind. Pure.

The names are those of the fields of content, so that a form becomes plain data, and a problem
with a field finds its place, without a word about any one kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from quizapp.grading.manifest_checks import OPERATORS


class Widget(StrEnum):
    LINE = "line"
    """A text on one line."""
    TEXT = "text"
    """Markdown."""
    CODE = "code"
    """Text in which every space counts."""
    LINES = "lines"
    """A list of texts, each on a line of its own."""
    FLAG = "flag"
    """True or left out."""
    ONE = "one"
    """True in one row of all."""
    CHOICE = "choice"
    """One of `choices`, which for topics and facts are known to the page only."""
    VALUE = "value"
    """A value as YAML writes it."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    widget: Widget = Widget.TEXT
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of what is alike. Each row is called `noun`; new questions begin with `first` rows.

    With `key`, content holds a mapping in place of the list: from what that field says to the
    others. A row that `is_text` has one field and is a text in content.
    """

    name: str
    label: str
    noun: str
    fields: tuple[Field, ...]
    first: int = 0
    key: str = ""
    is_text: bool = False
    hint: str = ""


Part = Field | Rows


def _texts(name: str, label: str, noun: str, first: int = 0, widget: Widget = Widget.LINE) -> Rows:
    field = Field("text", noun.capitalize(), widget)
    return Rows(name, label, noun, (field,), first, is_text=True)


_FEEDBACK = Field("feedback", "Feedback")
_PINNED = Field("pinned", "Keep it at its place", Widget.FLAG)
_KEY = (
    Field("accept", "Accepted", Widget.LINES, "One text a line, the best one first."),
    Field("pattern", "Pattern", Widget.LINE, "RE2; what it matches as a whole is right, too."),
    Field("case_sensitive", "Capitals matter", Widget.FLAG),
)


def _options(correct: Field) -> Rows:
    fields = (Field("text", "Text"), correct, _FEEDBACK, _PINNED)
    return Rows("options", "Options", "option", fields, first=4)


ID = Field(
    "id",
    "Id",
    Widget.LINE,
    "Lower-case words joined by hyphens. It can never be changed: progress hangs on it.",
)
TOPIC = Field("topic", "Topic", Widget.CHOICE)

STEM = Field("stem", "Stem", hint="The prompt, in Markdown; ends with a question mark or a colon.")
FACTS = Rows(
    "facts",
    "Facts that it drills",
    "fact",
    (Field("text", "Fact", Widget.CHOICE),),
    first=1,
    is_text=True,
    hint="The main one first.",
)

OWN: dict[str, tuple[Part, ...]] = {
    "flashcard": (Field("back", "Back"),),
    "single_choice": (_options(Field("correct", "This is the key", Widget.ONE)),),
    "multiple_choice": (_options(Field("correct", "Right", Widget.FLAG)),),
    "short_answer": (
        *_KEY,
        Rows(
            "wrong",
            "Wrong texts that are often given",
            "wrong text",
            (Field("text", "Text", Widget.LINE), _FEEDBACK),
        ),
    ),
    "ordering": (_texts("steps", "Steps, in their right order", "step", 3, Widget.TEXT),),
    "matching": (
        Rows(
            "pairs",
            "Pairs",
            "pair",
            (
                Field("left", "Left side", Widget.LINE),
                Field("right", "Right side", Widget.LINE),
                _FEEDBACK,
            ),
            first=2,
        ),
        _texts("distractors", "Right sides that match nothing", "distractor"),
    ),
    "cloze": (
        Field("text", "Text with its blanks", hint="A blank is written {{name}}."),
        Rows(
            "blanks",
            "Blanks",
            "blank",
            (
                Field("name", "Name in the text", Widget.LINE),
                *_KEY,
                Field("choices", "Choices", Widget.LINES, "If any, one a line, with the key."),
                _FEEDBACK,
            ),
            first=1,
            key="name",
        ),
    ),
    "manifest": (
        Field("starter", "Starter", Widget.CODE, "What the learner finds in the field at first."),
        Field("solution", "Solution", Widget.CODE),
        Rows(
            "checks",
            "Checks",
            "check",
            (
                Field("path", "Path", Widget.LINE, "Such as spec.ports[port=80].targetPort."),
                Field(
                    "operator",
                    "Operator",
                    Widget.CHOICE,
                    choices=tuple((name, name.replace("_", " ")) for name in OPERATORS),
                ),
                Field("value", "Value", Widget.VALUE, 'As in YAML: 80 is a number, "80" a text.'),
                Field("hint", "Hint", hint="Shown where the check fails."),
                Field("document", "Document", Widget.LINE, "Kind or Kind/name, if several."),
            ),
            first=1,
        ),
        _texts("also_correct", "Other right manifests", "right manifest", widget=Widget.CODE),
        Rows(
            "wrong",
            "Typical mistakes",
            "mistake",
            (
                Field("manifest", "Manifest", Widget.CODE),
                Field("message", "What to say of it"),
                Field("fails", "Fails", Widget.LINES, "Paths of checks, or “schema”, one a line."),
            ),
        ),
    ),
}

CLOSING: tuple[Part, ...] = (
    Field("explanation", "Explanation", hint="Why the right response is right."),
    TOPIC,
    FACTS,
    Field(
        "bloom",
        "Thinking level",
        Widget.CHOICE,
        choices=(
            ("remember", "Remember"),
            ("understand", "Understand"),
            ("apply", "Apply"),
            ("analyse", "Analyse"),
        ),
    ),
    Field("scenario", "A scenario: symptom, cause, decision", Widget.FLAG),
    Field(
        "docs",
        "Documentation",
        Widget.LINE,
        "Path on kubernetes.io; if left out, that of the main fact.",
    ),
)

KEYS: dict[str, frozenset[str]] = {
    "flashcard": frozenset({"back"}),
    "short_answer": frozenset({"accept", "pattern", "case_sensitive"}),
    "ordering": frozenset({"steps"}),
    "matching": frozenset({"left", "right", "pairs"}),
    "cloze": frozenset({"accept", "pattern", "case_sensitive", "blanks"}),
    "manifest": frozenset({"solution", "checks", *OPERATORS, "path", "document"}),
}
"""The fields that say what is right: a change there is most likely one of meaning.

Of a choice that is which texts are right, wherever they stand.
"""


def parts_of(kind: str) -> tuple[Part, ...]:
    """The form of a question of that kind, from top to bottom, without its id."""
    return (STEM, *OWN[kind], *CLOSING)


def label_of(kind: str, path: tuple[str | int, ...]) -> str:
    """How the form calls the field at a path in content, such as `Option 2: feedback`."""
    part = next((each for each in parts_of(kind) if each.name == path[0]), None)
    if part is None:
        return str(path[0]).replace("_", " ").capitalize()
    return ": ".join(_labels(part, path[1:]))


def _labels(part: Part, rest: tuple[str | int, ...]) -> Iterator[str]:
    if isinstance(part, Field) or not rest:
        yield part.label
        return
    row, *within = rest
    yield f"{part.noun.capitalize()} {row + 1 if isinstance(row, int) else row}"
    if within:
        labels = {field.name: field.label.lower() for field in part.fields}
        yield labels.get(str(within[0]), str(within[0]).replace("_", " "))
