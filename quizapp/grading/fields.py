"""Types for the fields of a spec, whose errors are sentences an author understands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from quizapp.grading.text import normalised

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Characters:
    """A text of 1 to `most` characters, without space around it and without control characters."""

    most: int

    def check(self, value: Any) -> str:
        """The text as it is. Raises ValueError for whatever YAML did not read as a text."""
        match value:
            case str():
                return self._check_text(value)
            case bool():
                raise ValueError("write it in quotes: without them YAML reads true or false")
            case int() | float():
                raise ValueError(f'write "{value}" in quotes: without them YAML reads a number')
            case None:
                raise ValueError("write a text here, it is empty")
            case _:
                raise ValueError("write a text here, not a list or a mapping")

    def _check_text(self, text: str) -> str:
        if not text.strip():
            raise ValueError("write a text here, it is empty")
        if len(text) > self.most:
            raise ValueError(f"shorten this to {self.most} characters, it has {len(text)}")
        if bad := _FORBIDDEN.search(text):
            raise ValueError(f"remove the control character U+{ord(bad[0]):04X}")
        return text

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        text = core_schema.str_schema(min_length=1, max_length=self.most, strip_whitespace=True)
        return core_schema.no_info_before_validator_function(self.check, text)


@dataclass(frozen=True)
class Count:
    """A list of `least` to `most` items, called `what` in its errors."""

    least: int
    most: int
    what: str

    def check(self, value: Any) -> Any:
        """The list as it is. Raises ValueError for anything else, or for a wrong length."""
        if not isinstance(value, list | tuple):
            raise ValueError(f"write a list of {self.what} here")  # noqa: TRY004 - pydantic's rule
        if not self.least <= len(value) <= self.most:
            raise ValueError(f"give {self.least} to {self.most} {self.what}, not {len(value)}")
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "minItems": self.least, "maxItems": self.most}


def _check_flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("write true or false here, without quotes")


Text = Annotated[str, Characters(10_000)]
"""Markdown to show."""

ShortText = Annotated[str, Characters(1000)]
"""A text that a learner could submit."""

Flag = Annotated[bool, BeforeValidator(_check_flag)]


def check_unique(texts: Iterable[str], what: str) -> None:
    """Raises ValueError if two texts would look the same to a learner."""
    seen = set()
    for text in texts:
        key = normalised(text.replace("`", ""))
        if key in seen:
            raise ValueError(f"the {what} {text} is given twice")
        seen.add(key)
