"""The form of a question: from what it says to fields, and from a posted form to plain data.

Names of fields: a field is called as in content (`stem`, `back`, `docs`), a field of a row
`<rows>-<number>-<field>` (`options-0-text`, `steps-2-text`, `facts-0-text`), where numbers may
leave gaps and only their order counts. The key of a single choice is `options-correct`, whose
value is the number of its row. As YAML, the question is `yaml`, beside `topic`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from quizapp.authoring.edit.kinds import Field, Rows, Widget, parts_of
from quizapp.authoring.edit.values import text_of, tidied, value_of
from quizapp.content.parsing.files import parse_yaml
from quizapp.content.problems import ContentError, Place, Problem
from quizapp.content.schema import Source
from quizapp.content.sources import as_yaml
from quizapp.grading import KINDS
from quizapp.grading.manifest_checks import same

MOST_ROWS = 60

Row = dict[str, str]
"""What the fields of a row hold, by their names."""


Posted = Mapping[str, Any]
"""A submitted form, such as Django's QueryDict: the last value by the name of the field."""


@dataclass(frozen=True)
class Typed:
    """What the fields of a form hold, good or not: texts by field, and the rows of each list."""

    kind: str
    texts: dict[str, str]
    rows: dict[str, list[Row]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A form as plain data. `names` has the name of the field for each field of the data."""

    source: Source
    names: dict[str, str]
    problems: tuple[Problem, ...] = ()


def source_from_form(post: Posted) -> Source:
    """A posted form as plain data, for `content.parsing.question_from(source, source["topic"])`.

    The form has `kind`, `topic`, `id` and the fields of its kind (names: see above); or `yaml`
    with `topic`, for the question as YAML. What is left empty is left out, and so are rows that
    are all empty. `topic` is taken out again before parsing: see `without_topic`. Raises
    ContentError for an unknown kind and for YAML that cannot be read; everything else that is
    wrong is left for the parser to find.
    """
    if "yaml" in post:
        return read_yaml(tidied(post.get("yaml", "")), tidied(post.get("topic", "")))
    return read(typed_in(post)).source


def without_topic(source: Source) -> Source:
    """As a question stands in its topic's file."""
    return {name: value for name, value in source.items() if name != "topic"}


def read_yaml(text: str, topic: str) -> Source:
    """A question as YAML. Raises ContentError, with the lines, for what is not a mapping."""
    return located_yaml(text, topic)[1]


def located_yaml(text: str, topic: str) -> tuple[Place, Source]:
    """The same, and how its parts are found. It may be an item of a list, as in a topic's file."""
    place, raw = parse_yaml(text, Place("question"))
    if isinstance(raw, list) and len(raw) == 1:
        raw, whole = raw[0], place
        place = Place(place.file, lambda path: whole.locate((0, *path)))
    if not isinstance(raw, dict):
        raise ContentError([place.error("write the fields of one question, such as `stem: …`")])
    return place, {**raw, "topic": topic}


def yaml_of(source: Source) -> str:
    """A question as it stands in a file, without what is asked beside it: topic and version."""
    return as_yaml({k: v for k, v in source.items() if k not in ("topic", "version")})


def typed_in(post: Posted) -> Typed:
    """What a posted form holds. Raises ContentError for an unknown kind or too many rows."""
    kind = post.get("kind", "")
    if kind not in KINDS:
        raise ContentError([Place("question").at("kind").error(f"write one of {', '.join(KINDS)}")])
    texts = {"id": tidied(post.get("id", ""))}
    rows = {}
    for part in parts_of(kind):
        if isinstance(part, Field):
            texts[part.name] = tidied(post.get(part.name, ""))
        else:
            rows[part.name] = list(_posted_rows(part, post))
    return Typed(kind, texts, rows)


def _posted_rows(part: Rows, post: Posted) -> Iterator[Row]:
    pattern = re.compile(rf"{part.name}-(\d{{1,4}})-\w+")
    numbers = sorted({int(found[1]) for name in post if (found := pattern.fullmatch(name))})
    if len(numbers) > MOST_ROWS:
        raise ContentError([Place("question").at(part.name).error(f"give at most {MOST_ROWS}")])
    for number in numbers:
        row = {}
        for each in part.fields:
            if each.widget is Widget.ONE:
                chosen = post.get(f"{part.name}-{each.name}", "")
                row[each.name] = "yes" if chosen == str(number) else ""
            else:
                row[each.name] = tidied(post.get(f"{part.name}-{number}-{each.name}", ""))
        yield row


def typed_from(kind: str, source: Mapping[str, Any]) -> Typed:
    """What the form shows for a question that says `source`; of a new one, its empty rows."""
    texts = {"id": text_of(Widget.LINE, source.get("id"))}
    rows = {}
    for part in parts_of(kind):
        value = source.get(part.name)
        if isinstance(part, Field):
            texts[part.name] = text_of(part.widget, value)
        elif value is None:
            begun = 0 if "stem" in source else part.first
            rows[part.name] = [empty_row(part) for _ in range(begun)]
        else:
            rows[part.name] = [_row(part, *each) for each in _items(part, value)]
    return Typed(kind, texts, rows)


def fits(kind: str, source: Source) -> bool:
    """Whether the form can show all that a question says; otherwise it is edited as YAML."""
    try:
        again = read(typed_from(kind, source)).source
    except (AttributeError, TypeError, ValueError):
        return False
    said = {"kind": kind, **{k: v for k, v in source.items() if k != "version"}}
    return same(again, said)


def empty_row(part: Rows) -> Row:
    return {each.name: each.choices[0][0] if each.choices else "" for each in part.fields}


def _items(part: Rows, value: Any) -> list[tuple[str, Any]]:
    if part.key:
        return list(value.items())
    return [("", each) for each in value]


def _row(part: Rows, key: str, item: Any) -> Row:
    if part.is_text:
        only = part.fields[0]
        return {only.name: text_of(only.widget, item)}
    said = dict(item)
    if part.key:
        said[part.key] = key
    if part.name == "checks":
        operators = [name for name, _ in _operator(part).choices if name in said]
        operator = operators[0] if operators else _operator(part).choices[0][0]
        said |= {"operator": operator, "value": said.get(operator)}
        if operator == "matches" and isinstance(said["value"], str):
            row = {each.name: text_of(each.widget, said.get(each.name)) for each in part.fields}
            return row | {"value": said["value"]}
    return {each.name: text_of(each.widget, said.get(each.name)) for each in part.fields}


def _operator(part: Rows) -> Field:
    return next(each for each in part.fields if each.name == "operator")


def read(typed: Typed) -> Reading:
    """The form as plain data, and where in the form each part of the data stands."""
    place = Place("question")
    source: Source = {"id": typed.texts["id"].strip(), "kind": typed.kind}
    names = {"id": "id"}
    problems: list[Problem] = []
    for part in parts_of(typed.kind):
        at = place.at(part.name)
        names[at.field] = part.name
        if isinstance(part, Field):
            value: Any = value_of(part.widget, typed.texts[part.name])
        else:
            value = _read_rows(part, typed.rows[part.name], at, names, problems)
        if value not in (None, [], {}):
            source[part.name] = value
    if not source["id"]:
        del source["id"]
    return Reading(source, names, tuple(problems))


def _read_rows(
    part: Rows, rows: list[Row], at: Place, names: dict[str, str], problems: list[Problem]
) -> Any:
    items: list[Any] = []
    keyed: dict[str, Any] = {}
    for number, row in enumerate(rows):
        if is_empty(part, row):
            continue
        key = row[part.key].strip() if part.key else ""
        here = at.at(key) if part.key else at.at(len(items))
        prefix = f"{part.name}-{number}"
        item = _read_row(part, row, here, prefix, names, problems)
        if part.key:
            if not key or key in keyed:
                message = "give each a name of its own" if key else "give it a name"
                field_place = at.at(f"{part.name} {number}")
                names[field_place.field] = f"{prefix}-{part.key}"
                problems.append(field_place.error(message))
            keyed.setdefault(key, item)
        else:
            items.append(item)
    return keyed if part.key else items


def _read_row(
    part: Rows, row: Row, here: Place, prefix: str, names: dict[str, str], problems: list[Problem]
) -> Any:
    names[here.field] = f"{prefix}-{part.fields[0].name}"
    said: dict[str, Any] = {}
    for each in part.fields:
        name = f"{prefix}-{each.name}"
        widget = each.widget
        if each.name == "value" and row.get("operator") == "matches":
            widget = Widget.CODE
        try:
            value = value_of(widget, row[each.name])
        except ValueError as error:
            problems.append(here.at(each.name).error(str(error)))
            value = row[each.name]
        names[here.at(each.name).field] = name
        if value is not None:
            said[each.name] = value
    if part.is_text:
        return said.get(part.fields[0].name, "")
    said.pop(part.key, None)
    if "operator" in said:
        operator = said.pop("operator")
        names[here.at(operator).field] = f"{prefix}-value"
        said[operator] = said.pop("value", None)
    return said


def is_empty(part: Rows, row: Row) -> bool:
    """Whether nothing was typed into a row; what a select shows by itself does not count."""
    return not any(row[each.name].strip() for each in part.fields if not each.choices)


def name_for(names: Mapping[str, str], where: str) -> str:
    """The name of the form's field for a field of content, or of the nearest that holds it."""
    while where and where not in names:
        where = re.sub(r"(\.[^.\[\]]*|\[\d+\])$", "", where) if re.search(r"[.\[]", where) else ""
    return names.get(where, "")
