"""Which texts are right: the part that short answers and the blanks of a cloze share."""

from __future__ import annotations

from typing import Annotated

from pydantic import field_validator

from quizapp.grading.base import Part
from quizapp.grading.fields import Characters, Count, Flag, ShortText
from quizapp.grading.patterns import compiled
from quizapp.grading.text import is_near_miss, tidy

_WRONG_CASE = "Almost: check the capitals."
_NEAR_MISS = "Almost: check the spelling."


class TextKey(Part):
    """The accepted texts, the best one first, and what else counts as right."""

    accept: Annotated[tuple[ShortText, ...], Count(1, 50, "accepted texts")]
    pattern: Annotated[str, Characters(500)] | None = None
    case_sensitive: Flag = False

    @field_validator("pattern")
    @classmethod
    def _pattern_compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            compiled(pattern, case_sensitive=False)
        return pattern

    def tidied(self, text: str) -> str:
        """The text without what does not matter for this key."""
        return tidy(text, keep_case=self.case_sensitive)

    def accepts(self, text: str) -> bool:
        """Whether a text is right. One that holds nothing is never."""
        return self._matches(text, keep_case=self.case_sensitive)

    def slip_in(self, text: str) -> str:
        """A hint on a text that is not right only for its case, or the spelling of a long word.

        Empty for any other text.
        """
        if self.case_sensitive and self._matches(text, keep_case=False):
            return _WRONG_CASE
        given = self.tidied(text)
        is_near = any(is_near_miss(given, self.tidied(accepted)) for accepted in self.accept)
        return _NEAR_MISS if is_near else ""

    def _matches(self, text: str, *, keep_case: bool) -> bool:
        given = tidy(text, keep_case=keep_case)
        if not given:
            return False
        if any(tidy(accepted, keep_case=keep_case) == given for accepted in self.accept):
            return True
        if self.pattern is None:
            return False
        pattern = compiled(self.pattern, case_sensitive=keep_case)
        return pattern.fullmatch(tidy(text, keep_case=True)) is not None
