"""The form of a question as its templates print it: fields, rows, and what is wrong with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quizapp.authoring.edit.form import Row, Typed, name_for
from quizapp.authoring.edit.kinds import ID, Field, Rows, Widget, parts_of
from quizapp.content.problems import Problem, Severity

Choices = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""What a select offers: groups, each with its label, of values and their labels."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said beside a field. Advice does not keep the question from being saved."""

    text: str
    is_advice: bool
    where: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    name: str
    label: str
    widget: str
    text: str
    hint: str
    choices: Choices
    remarks: Sequence[Remark]
    has_focus: bool
    value: str = "yes"
    """What a box or a radio button sends."""

    @property
    def id(self) -> str:
        return f"field-{self.name if self.value == 'yes' else f'{self.name}-{self.value}'}"

    @property
    def is_wrong(self) -> bool:
        return any(not remark.is_advice for remark in self.remarks)

    @property
    def lines(self) -> int:
        """How tall a field of several lines is at first."""
        longest = 64 if self.widget == Widget.TEXT else 1000
        wrapped = sum(1 + len(line) // longest for line in self.text.split("\n"))
        least = {Widget.CODE: 5, Widget.LINES: 2, Widget.TEXT: 2}.get(Widget(self.widget), 1)
        return min(30, max(least, wrapped + (self.widget == Widget.CODE)))


@dataclass(frozen=True, slots=True)
class RowView:
    index: int
    title: str
    fields: Sequence[FieldView]
    is_first: bool
    is_last: bool
    focus: str
    """Which of its buttons takes the focus: up, down, remove, or none."""


@dataclass(frozen=True, slots=True)
class RowsView:
    name: str
    label: str
    noun: str
    hint: str
    rows: Sequence[RowView]
    remarks: Sequence[Remark]
    add_has_focus: bool
    is_rows: bool = True


@dataclass
class Page:
    """What the fields need to know beside what was typed."""

    topics: Choices
    facts: Choices
    names: Mapping[str, str]
    problems: Iterable[Problem] = ()
    focus: str = ""
    _by_name: dict[str, list[Remark]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for problem in self.problems:
            name = name_for(self.names, problem.field)
            self._by_name[name].append(remark(problem, name))

    def remarks(self, name: str) -> list[Remark]:
        return self._by_name.get(name, [])

    @property
    def elsewhere(self) -> list[Remark]:
        """What is wrong with no field in particular."""
        return self.remarks("")


def remark(problem: Problem, name: str = "") -> Remark:
    is_advice = problem.severity is Severity.WARNING
    return Remark(sentence(problem.message), is_advice, problem.field, f"field-{name}")


def sentence(message: str) -> str:
    """A problem's message, as it is said beside its field."""
    message = message[:1].upper() + message[1:]
    return message if message.endswith((".", "?", "!", "…")) else f"{message}."


def views(typed: Typed, page: Page, *, is_new: bool) -> Iterator[FieldView | RowsView]:
    """The form from top to bottom. Only a new question has its id to fill in."""
    if is_new:
        yield _field(ID, ID.name, typed.texts["id"], page)
    for part in parts_of(typed.kind):
        if isinstance(part, Field):
            yield _field(part, part.name, typed.texts[part.name], page)
        else:
            yield RowsView(
                part.name,
                part.label,
                part.noun,
                part.hint,
                list(_rows(part, typed.rows[part.name], page)),
                page.remarks(part.name),
                page.focus == f"add-{part.name}",
            )


def _rows(part: Rows, rows: Sequence[Row], page: Page) -> Iterator[RowView]:
    for index, row in enumerate(rows):
        fields = [_row_field(part, each, index, row, page) for each in part.fields]
        title = f"{part.noun.capitalize()} {index + 1}"
        act, _, rest = page.focus.partition("-")
        focus = act if rest == f"{part.name}-{index}" else ""
        yield RowView(index, title, fields, index == 0, index == len(rows) - 1, focus)


def _row_field(part: Rows, each: Field, index: int, row: Row, page: Page) -> FieldView:
    if each.widget is Widget.ONE:
        name, remarks = f"{part.name}-{each.name}", f"{part.name}-{index}-{each.name}"
        return _field(each, name, row[each.name], page, value=str(index), remarked=remarks)
    return _field(each, f"{part.name}-{index}-{each.name}", row[each.name], page, of=part.name)


def _field(
    each: Field,
    name: str,
    text: str,
    page: Page,
    *,
    of: str = "",
    value: str = "yes",
    remarked: str = "",
) -> FieldView:
    choices: Choices = [("", each.choices)]
    if each.widget is Widget.CHOICE and not each.choices:
        choices = page.facts if of == "facts" else page.topics
    if each.widget is Widget.CHOICE:
        choices = _with_chosen(choices, text)
    return FieldView(
        name,
        each.label,
        each.widget.value,
        text,
        each.hint,
        choices,
        page.remarks(remarked or name),
        page.focus == f"field-{name}",
        value,
    )


def _with_chosen(choices: Choices, text: str) -> Choices:
    """Keeps what was chosen among the choices, even if it is none of them any more."""
    if any(text == value for _, group in choices for value, _ in group):
        return choices
    return [("", [(text, f"{text} (not there)" if text else "Choose…")]), *choices]
