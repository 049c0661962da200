"""Plain sentences for the syntax errors that the YAML parser reports."""

from __future__ import annotations

import re

import yaml

from quizapp.grading.text import as_code

TABS = "This line is indented with a tab. YAML is indented with spaces only, usually two a level."

_COLON = (
    "A colon is not expected here. Check the indentation of this line and the colon of the line "
    "before it, and quote text that contains a colon followed by a space."
)
_MISFIT = "This does not fit what stands above it. Check the indentation, brackets and quotes."
_LIST_MISFIT = (
    "This line does not fit the list above it. Start each item with a dash, all at the same "
    "indentation."
)
_ESCAPE = (
    "Inside double quotes a backslash starts an escape, and this one does not exist. Use single "
    "quotes, or write two backslashes."
)
_COMPLETE = (
    "The document is already complete here. Check the indentation and the brackets, and put "
    "`---` between two documents."
)
_LIST_OPEN = "The list opened here with `[` lacks a comma between two items, or the closing `]`."
_MAPPING_OPEN = (
    "The mapping opened here with `{` lacks a comma between two fields, or the closing `}`."
)
_DIRECTIVE = "A line that starts with `%` is a directive, which is not used here."

# Each is looked for in what the parser says; the sentence belongs where the parser stopped.
_WHERE_IT_STOPPED = {
    "mapping values are not allowed": _COLON,
    "did not find expected key": _MISFIT,
    "did not find expected '-' indicator": _LIST_MISFIT,
    "found unknown escape character": _ESCAPE,
    "Unicode character escape code": (
        "This escape is not a character. Write the character itself instead."
    ),
    "did not find expected hexdecimal number": (
        "This escape needs hexadecimal digits after `\\x`, `\\u` or `\\U`."
    ),
    "did not find expected node content": (
        "A value or a closing bracket is missing here, or a bracket or comma is one too many."
    ),
    "block sequence entries are not allowed": (
        "A list cannot start here. Put its first dash on a line of its own."
    ),
    "mapping keys are not allowed": (
        "A question mark cannot start a field here; quote text that starts with one."
    ),
    "did not find expected <document start>": _COMPLETE,
    "did not find expected comment or line break": (
        "Nothing may follow `|` or `>` on this line; the text starts on the next one."
    ),
    "found a tab character": TABS,
    "incompatible YAML document": _DIRECTIVE,
}

# The same, where the sentence belongs to the place where the unfinished thing began.
_WHERE_IT_BEGAN = {
    "could not find expected ':'": (
        "This line needs a colon and a space after the name of the field."
    ),
    "did not find expected ',' or ']'": _LIST_OPEN,
    "did not find expected ',' or '}'": _MAPPING_OPEN,
    "found unexpected end of stream": "The quote opened here is never closed.",
    "found unexpected document indicator": (
        "The quote opened here is not closed before the next document begins."
    ),
    "did not find expected alphabetic or numeric character": (
        "Text that starts with `*` or `&` has to be quoted."
    ),
    "tag": "Text that starts with `!` has to be quoted.",
    "directive": _DIRECTIVE,
}

_OTHER = "This is not valid YAML. Check the indentation, quotes and brackets around here."
_TAB_INDENTED = re.compile(r" *\t")


def syntax_problem(error: yaml.YAMLError, text: str) -> tuple[int, int, str]:
    """Line and column (from 1) and a sentence for what the parser stumbled over in the text."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return 1, 1, _OTHER
    lines = text.splitlines() or [""]
    stopped = _within(lines, error.problem_mark)
    began = _within(lines, error.context_mark or error.problem_mark)
    line, column = stopped
    if _TAB_INDENTED.match(lines[line]):
        return line + 1, 1, TABS
    said = f"{error.context} {error.problem}"
    if "cannot start any token" in said:
        return line + 1, column + 1, _cannot_start(lines[line][column : column + 1])
    for sentences, place in ((_WHERE_IT_STOPPED, stopped), (_WHERE_IT_BEGAN, began)):
        for fragment, sentence in sentences.items():
            if fragment in said:
                return place[0] + 1, place[1] + 1, sentence
    return line + 1, column + 1, _OTHER


def _within(lines: list[str], mark: yaml.Mark) -> tuple[int, int]:
    """The place of a mark, where one behind the text is moved back to its last written line."""
    if mark.line < len(lines):
        return mark.line, mark.column
    line = len(lines) - 1
    while line and not lines[line].strip():
        line -= 1
    return line, len(lines[line])


def _cannot_start(character: str) -> str:
    if not character.strip():
        return TABS
    return f"Text cannot start with {as_code(character)}; put it in quotes."
