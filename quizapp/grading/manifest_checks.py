"""What a manifest exercise asks for: checks, and which of them hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import StringConstraints, field_validator, model_validator

from quizapp.grading.base import Part
from quizapp.grading.fields import Flag, Text
from quizapp.grading.manifest_paths import Located, Path, compile_path, printed
from quizapp.grading.patterns import compiled
from quizapp.grading.text import as_code
from quizapp.grading.yaml_scalars import resolve

OPERATORS = ("equals", "exists", "contains", "one_of", "matches")

_ABSENT = "left out"

Pattern = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1000)]


class Check(Part):
    """One thing a manifest has to say: a path, one operator, and a hint shown when it fails."""

    path: str
    hint: Text
    document: str | None = None
    equals: Any = None
    exists: Flag | None = None
    contains: Any = None
    one_of: list[Any] | None = None
    matches: Pattern | None = None

    @field_validator("path")
    @classmethod
    def _readable(cls, path: str) -> str:
        compile_path(path)
        return path

    @field_validator("document")
    @classmethod
    def _names_a_document(cls, document: str | None) -> str | None:
        if document is not None and not all(document.split("/", 1)):
            raise ValueError("write a kind such as Service, or a kind and a name: Service/web")
        return document

    @field_validator("matches")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            compiled(pattern)
        return pattern

    @model_validator(mode="after")
    def _has_one_operator(self) -> Self:
        given = [name for name in OPERATORS if name in self.model_fields_set]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(OPERATORS)}")
        if getattr(self, given[0]) is None:
            raise ValueError(f"{given[0]} needs a value; write `exists: false` for an absent field")
        return self

    @cached_property
    def _path(self) -> Path:
        return compile_path(self.path)

    @cached_property
    def _accepts(self) -> Callable[[Any], bool]:
        """Whether one value satisfies the operator."""
        if self.equals is not None:
            return lambda value: same(value, self.equals)
        if self.contains is not None:
            return lambda value: _contains(value, self.contains)
        if self.one_of is not None:
            wanted = self.one_of
            return lambda value: any(same(value, each) for each in wanted)
        if self.matches is not None:
            pattern = compiled(self.matches)
            return lambda value: _matches(pattern, value)
        return lambda _value: bool(self.exists)

    @property
    def may_be_absent(self) -> bool:
        """Whether the check holds where the path leads to nothing."""
        return self.exists is False or (self.one_of is not None and None in self.one_of)

    @property
    def title(self) -> str:
        """The path, after the document if the check names one, in Markdown."""
        path = as_code(self.path)
        return f"{as_code(self.document)} {path}" if self.document else path

    def is_about(self, document: dict[str, Any]) -> bool:
        """Whether this check looks at the document at all."""
        if self.document is None:
            return True
        kind, _, name = self.document.partition("/")
        metadata = document.get("metadata")
        own_name = metadata.get("name") if isinstance(metadata, dict) else None
        return document.get("kind") == kind and name in ("", own_name)

    def found(self, document: Any) -> list[Located]:
        """The values in the document that this check is about, with the way to each."""
        return self._path.resolve(document)

    def accepts(self, value: Any) -> bool:
        """Whether one value at the path satisfies the operator."""
        return self._accepts(value)

    def holds(self, document: Any) -> bool:
        """Whether some value at the path satisfies the operator."""
        found = self.found(document)
        if not found:
            return self.may_be_absent
        return any(self.accepts(value) for _, value in found)

    def wanted(self) -> str:
        """What is expected at the path, in Markdown; empty for a pattern, which helps nobody."""
        if self.equals is not None:
            return shown(self.equals)
        if self.contains is not None:
            return f"with {shown(self.contains)}"
        if self.one_of is not None:
            return " or ".join(_ABSENT if each is None else shown(each) for each in self.one_of)
        if self.matches is not None:
            return ""
        return "given" if self.exists else _ABSENT


def judged(checks: Sequence[Check], documents: Sequence[dict[str, Any]]) -> list[int | None]:
    """For each check the index of the document it was judged on, None where there is none.

    All checks about the same `document` are judged on one and the same: the one of those it
    fits that satisfies most of them. So right parts in several half-right objects do not add up.
    """
    groups: dict[str | None, list[Check]] = {}
    for check in checks:
        groups.setdefault(check.document, []).append(check)
    best = {about: _best_fit(group, documents) for about, group in groups.items()}
    return [best[check.document] for check in checks]


def _best_fit(group: Sequence[Check], documents: Sequence[Any]) -> int | None:
    def satisfied(index: int) -> int:
        return sum(check.holds(documents[index]) for check in group)

    fitting = [index for index, each in enumerate(documents) if group[0].is_about(each)]
    return max(fitting, key=satisfied, default=None)


def same(one: Any, other: Any) -> bool:
    """Whether two parsed values have the same types and values: 1, 1.0, true and "1" all differ."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def shown(value: Any, most: int | None = None) -> str:
    """A value as Markdown code: a scalar as YAML writes it, anything else as JSON.

    Text of more than `most` characters is cut.
    """
    text = printed(value)
    if text is None or (isinstance(value, str) and resolve(value) != value):
        text = json.dumps(value, ensure_ascii=False)
    if most is not None and len(text) > most:
        text = f"{text[:most]}…"
    return as_code(text)


def _contains(value: Any, wanted: Any) -> bool:
    if isinstance(value, list):
        return any(same(item, wanted) for item in value)
    if isinstance(value, dict) and isinstance(wanted, dict):
        return all(key in value and same(value[key], wanted[key]) for key in wanted)
    return False


def _matches(pattern: Any, value: Any) -> bool:
    text = printed(value)
    return text is not None and pattern.fullmatch(text) is not None
