"""Where the parts of a YAML text stand, so that some can be changed and all others left. Pure.

PyYAML tells where nodes begin. Where they end is found here, as its marks for the end of blocks
take in the blank lines and comments below. A *part* is an item of a list, or a field of a
mapping, with the comments that belong to it: those right above it that are no further to the
right, and those right below it that are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEADER = re.compile(r"[|>](?:([1-9])([+-])?|([+-])?([1-9])?)")


@dataclass(frozen=True, slots=True)
class Edit:
    """Puts a text in the place of the characters from `start` up to `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """Lines, counted from 0: the part's own begin at `start`, with its comments at `lead`."""

    lead: int
    start: int
    end: int


def is_block(node: yaml.Node) -> bool:
    """Whether it is a list or mapping of lines, not of brackets."""
    return isinstance(node, yaml.CollectionNode) and not node.flow_style and bool(node.value)


class YamlText:
    """A text of one document that holds no aliases, with lines that end in line feeds."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = yaml.compose(text, Loader=_LOADER)
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line_of(self, index: int) -> int:
        return bisect_right(self._starts, index) - 1

    def start_of(self, line: int) -> int:
        """The index of a line's first character; that of the text's end for lines beyond."""
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def line(self, number: int) -> str:
        return self.text[self.start_of(number) : self.start_of(number + 1)].rstrip("\r\n")

    def column_of(self, index: int) -> int:
        return index - self._starts[self.line_of(index)]

    def is_blank(self, number: int) -> bool:
        return number < len(self._starts) and not self.line(number).strip()

    def end(self, node: yaml.Node, indent: int) -> int:
        """The index behind a node's last character.

        `indent` is the column of the list or mapping that the node is a part of.
        """
        if isinstance(node, yaml.ScalarNode):
            is_text_block = node.style in ("|", ">")
            return self._block_end(node, indent) if is_text_block else int(node.end_mark.index)
        if not is_block(node):
            return int(node.end_mark.index)
        column = self.column_of(node.start_mark.index)
        last = node.value[-1]
        return self.end(last[1] if isinstance(node, yaml.MappingNode) else last, column)

    def _block_end(self, node: yaml.ScalarNode, indent: int) -> int:
        """Behind the last line of a block; blank lines belong to it only where they are kept."""
        header = _HEADER.match(self.text, node.start_mark.index)
        digit = header and (header[1] or header[4])
        keeps = bool(header) and "+" in (header[0] if header else "")
        content = indent + int(digit) if digit else None
        number = last = self.line_of(node.start_mark.index)
        while number + 1 < len(self._starts):
            number += 1
            line = self.line(number)
            if line.strip():
                margin = len(line) - len(line.lstrip(" "))
                content = margin if content is None else content
                if margin < content or margin <= indent:
                    break
                last = number
            elif keeps:
                last = number
        return self.start_of(last) + len(self.line(last))

    def parts(self, spans: Iterable[tuple[int, int]], column: int, above: int) -> list[Part]:
        """The parts whose own text goes from one index to another, at a column.

        `above` is the number of the line that the first one's comments cannot reach.
        """
        lines = [(self.line_of(start), self.line_of(end)) for start, end in spans]
        parts: list[Part] = []
        for number, (start, last) in enumerate(lines):
            lead = start
            while lead - 1 > above and self.is_comment(lead - 1, most=column):
                lead -= 1
            end = last + 1
            limit = lines[number + 1][0] if number + 1 < len(lines) else len(self._starts)
            while end < limit and self.is_comment(end, least=column + 1):
                end += 1
            parts.append(Part(lead, start, end))
            above = end - 1
        return parts

    def is_comment(self, number: int, least: int = 0, most: int = 10_000) -> bool:
        line = self.line(number)
        stripped = line.lstrip(" ")
        return stripped.startswith("#") and least <= len(line) - len(stripped) <= most

    def dashes(self, node: yaml.SequenceNode) -> list[int] | None:
        """The index of each item's dash, or None if not each is the first on its line."""
        column = self.column_of(node.start_mark.index)
        dashes = []
        for child in node.value:
            number = self.line_of(child.start_mark.index)
            while number >= 0 and not self._has_dash(number, column):
                number -= 1
            dash = self.start_of(number) + column
            if number < 0 or dash in dashes:
                return None
            dashes.append(dash)
        return dashes

    def _has_dash(self, number: int, column: int) -> bool:
        line = self.line(number)
        return line[column : column + 1] == "-" and not line[:column].strip()

    def without_lines(self, part: Part, *, is_last: bool) -> Edit:
        """Takes a part away, with the blank lines that set it off."""
        lead, end = part.lead, part.end
        if is_last:
            while lead > 0 and self.is_blank(lead - 1):
                lead -= 1
        else:
            while end < len(self._starts) and self.is_blank(end):
                end += 1
        return Edit(self.start_of(lead), self.start_of(end), "")

    def applied(self, edits: Sequence[Edit], start: int = 0, end: int | None = None) -> str:
        """The text from `start` to `end` with the edits, none of which goes beyond them."""
        end = len(self.text) if end is None else end
        pieces, reached = [], start
        for edit in _joined(edits):
            if edit.start < reached:
                raise ValueError("two changes of one text overlap")
            pieces.append(self.text[reached : edit.start])
            before = next((piece for piece in reversed(pieces) if piece), "\n")
            if edit.text and edit.start == len(self.text) and not before.endswith("\n"):
                pieces.append("\n")
            pieces.append(edit.text)
            reached = edit.end
        return "".join([*pieces, self.text[reached:end]])


def _joined(edits: Sequence[Edit]) -> list[Edit]:
    """The edits in the order of the text, insertions first, with overlapping removals as one."""
    joined: list[Edit] = []
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        last = joined[-1] if joined else None
        if last and not edit.text and not last.text and edit.start < last.end:
            joined[-1] = Edit(last.start, max(last.end, edit.end), "")
        else:
            joined.append(edit)
    return joined
