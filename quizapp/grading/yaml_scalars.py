"""What a plain YAML scalar means, in the dialect that Kubernetes reads.

Kubernetes follows YAML 1.1 for booleans (`no` is false) and for octal numbers (`0644`), but it
knows no sexagesimal numbers (`22:22` is text) and keeps timestamps as text.
"""

from __future__ import annotations

import math
import re

Scalar = None | bool | int | float | str

_TRUE = ("y", "yes", "true", "on")
_FALSE = ("n", "no", "false", "off")
_NULL = ("null",)


def _spellings(words: tuple[str, ...]) -> set[str]:
    return {form for word in words for form in (word, word.capitalize(), word.upper())}


CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(_spellings(_NULL)),
    **dict.fromkeys(_spellings(_TRUE), True),
    **dict.fromkeys(_spellings(_FALSE), False),
}

_NUMBER_STARTS = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?(?:0[bB][01]+|0[xX][0-9a-fA-F]+|0[oO][0-7]+|0|[1-9][0-9]*)")
_OCTAL = re.compile(r"[-+]?0[0-7]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = frozenset(
    sign + word
    for sign in ("", "+", "-")
    for word in (".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN")
)

_LONGEST_NUMBER = 100
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


def resolve(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar: null, boolean, number, or the text itself.

    Raises ValueError, with a sentence, for a number that no computer integer or float can hold.
    """
    if text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    return _number(text)


def _number(text: str) -> int | float | str:
    if text in _NOT_FINITE:
        raise ValueError(f"`{text}` is not a number that can be used; quote it if it is text.")
    digits = text.replace("_", "")
    is_integer = _INTEGER.fullmatch(digits)
    is_octal = _OCTAL.fullmatch(digits)
    if not (is_integer or is_octal or _FLOAT.fullmatch(digits)):
        return text
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError("This number has too many digits; quote it if it is text.")
    if is_integer or is_octal:
        number = int(digits, 8 if is_octal else 0)
        if not _SMALLEST <= number <= _LARGEST:
            raise ValueError("This number has too many digits; quote it if it is text.")
        return number
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("This number is too large; quote it if it is text.")
    return value
