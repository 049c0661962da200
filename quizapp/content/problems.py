"""What is wrong with content, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

Step = str | int
"""A field's name, or the index of a list's item."""


class Severity(StrEnum):
    """An error has to be mended before content is good; a warning asks for a second look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. `line` counts from 1; `field` is empty for a file as a whole."""

    file: str
    line: int
    field: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        parts = (f"{self.file}:{self.line}", self.field, self.message)
        text = ": ".join(part for part in parts if part)
        return f"{text} (warning)" if self.severity is Severity.WARNING else text


class ContentError(ValueError):
    """Content was refused; `problems` holds every reason, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file, and on which lines its parts do."""

    file: str
    locate: Callable[[Sequence[Step]], int] = lambda _path: 1
    path: tuple[Step, ...] = ()

    def at(self, *steps: Step) -> Place:
        """The place of a part, for example `at("options", 0, "text")`."""
        return replace(self, path=self.path + steps)

    @property
    def line(self) -> int:
        return self.locate(self.path)

    @property
    def field(self) -> str:
        """The path as an author reads it, for example `questions[2].options[0].text`."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(steps).removeprefix(".")

    def error(self, message: str) -> Problem:
        return Problem(self.file, self.line, self.field, message)

    def warning(self, message: str) -> Problem:
        return Problem(self.file, self.line, self.field, message, Severity.WARNING)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"
