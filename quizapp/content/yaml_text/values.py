"""Single values of a YAML text, replaced in the way in which they are written. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from quizapp.content.yaml_text import Edit, YamlText, is_block, writing

_NOTE = re.compile(r"[ \t]+#.*$")
_HEADER = re.compile(r"([|>][0-9]?[+-]?)?")

Brought = Mapping[str, str]
"""Text of list items by their id, with the dash in the first column, to be used for new items."""


class YamlValues(YamlText):
    """A text in which values of fields and items are replaced."""

    def __init__(self, text: str, brought: Brought) -> None:
        super().__init__(text)
        self.brought = brought

    def replaced(self, key: yaml.Node, node: yaml.Node, column: int, new: Any) -> Edit:
        """Another value for a field; a comment on its line stays there if it can."""
        start, end = int(key.start_mark.index), self.end(node, column)
        lines = writing.field(key.value, self.styled(node, column, new), indent=column).strip()
        spelled = self.text[start : int(key.end_mark.index)]
        _, _, rest = lines.partition(":")
        note = self.note(node, key, end)
        # The comment beside a part that goes, goes with it.
        stop = max(end, self.note(node, None, end).end if is_block(node) else note.end)
        return Edit(start, stop, f"{spelled}:{with_note(rest, note.text, column)}")

    def styled(self, node: yaml.Node, column: int, new: Any) -> Any:
        """A new value in the style of the old one, where a comment below it stays a comment."""
        below = self.line_of(self.end(node, column)) + 1
        while self.is_blank(below):
            below += 1
        if isinstance(new, str) and self.is_comment(below, least=column + 1):
            return writing.in_quotes(new)
        return writing.in_style(new, node.style if isinstance(node, yaml.ScalarNode) else None)

    def entries(
        self, key: yaml.Node, node: yaml.Node, column: int, new: Sequence[Mapping[str, Any]]
    ) -> Edit:
        """A list in the place of an empty one, with blank lines between its entries."""
        end = self.end(node, column)
        note = self.note(node, None, end)
        items = "\n".join(self.entry(value, column + 2) for value in new).rstrip("\n")
        spelled = self.text[int(key.start_mark.index) : int(key.end_mark.index)]
        return Edit(int(key.start_mark.index), note.end, f"{spelled}:{note.text}\n{items}")

    def entry(self, value: Any, column: int) -> str:
        identity = value.get("id") if isinstance(value, dict) else None
        if isinstance(identity, str) and identity in self.brought:
            return writing.shifted(self.brought[identity], column)
        return writing.item(value, indent=column)

    def note(self, node: yaml.Node, key: yaml.Node | None, end: int) -> Edit:
        """The comment beside a value, and where it stands."""
        at = end
        if is_block(node):
            at = int(key.end_mark.index) if key else end
        elif isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            at = int(node.start_mark.index)
        stop = self.start_of(self.line_of(at)) + len(self.line(self.line_of(at)))
        found = _NOTE.search(self.text, at, stop)
        return Edit(at, stop, found[0] if found else "")


def ended_like(node: yaml.Node, old: Any, new: Any) -> Any:
    """A new text, ended as the old one where its reader does not mind."""
    if isinstance(node, yaml.ScalarNode) and isinstance(old, str) and isinstance(new, str):
        return f"{new}\n" if node.value == f"{old}\n" else new
    return new


def with_note(lines: str, note: str, column: int) -> str:
    """A value, the first line of which follows its key or dash, with a comment beside or below."""
    first, newline, more = lines.partition("\n")
    if not newline or _HEADER.fullmatch(first.strip()):
        return f"{first}{note}{newline}{more}"
    return f"{lines}\n{' ' * (column + 2)}{note.strip()}" if note else lines


def are_entries(values: Any) -> bool:
    """Whether it is a list of mappings each of which has an id."""
    is_list = isinstance(values, list) and bool(values)
    return is_list and all(isinstance(each, dict) and "id" in each for each in values)
