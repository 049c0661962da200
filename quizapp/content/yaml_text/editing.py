"""The text of a YAML file, made to say something else by changing as little as that takes. Pure.

What the text says is given as plain data, once as it is and once as it shall be. The two are
compared, not the text: fields that it writes out though they are left out of the data, and
spellings that mean the same, stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from quizapp.content.yaml_text import Edit, Part, is_block, writing
from quizapp.content.yaml_text.values import Brought, YamlValues, are_entries, ended_like, with_note

Data = Mapping[str, Any]


def changed(text: str, old: Data, new: Data, brought: Brought | None = None) -> str:
    """The text of a mapping that says `old`, saying `new`. Order, comments and style are kept.

    Items of lists of which each has an `id` are told by it. Raises ValueError where the text is
    not that of a block mapping, and gives what a reader has to compare with `new` otherwise.
    """
    unix = text.replace("\r\n", "\n")
    if "\r\n" in text and text.count("\n") == text.count("\r\n"):
        return changed(unix, old, new, brought).replace("\n", "\r\n")
    editing = _Editing(text, brought or {})
    root = editing.root
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise ValueError("the file is not a block of fields")
    edits = editing.mapping(root, -1, old, new)
    if edits is None:
        raise ValueError("the file would have no field left")
    return editing.applied(edits)


def item_text(text: str, name: str, index: int, old: Data, new: Data) -> str:
    """An item of a list that is a field of the file, changed, with its comments.

    The dash is in the first column. Raises ValueError for a list that is not written as a block.
    """
    editing = _Editing(text.replace("\r\n", "\n"), {})
    fields = editing.root.value if isinstance(editing.root, yaml.MappingNode) else ()
    for key, node in fields:
        dashes = is_block(node) and editing.dashes(node)
        if key.value == name and dashes:
            column = editing.column_of(node.start_mark.index)
            part = editing.parts_of(node, dashes, column, editing.line_of(key.start_mark.index))
            edits = editing.item(node.value[index], column, old, new)
            return writing.shifted(editing.chunk(part[index], edits), -column)
    raise ValueError(f"{name} is not written as a list of lines that begin with a dash")


class _Editing(YamlValues):
    """Collects the edits of one text, inner ones first."""

    def mapping(
        self, node: yaml.MappingNode, above: int, old: Data, new: Data
    ) -> list[Edit] | None:
        """What changes the fields of a block mapping; None if none of them would be left."""
        column = self.column_of(node.value[0][0].start_mark.index)
        names = [key.value for key, _ in node.value]
        gone = {name for name in names if name in old and name not in new}
        kept = [name for name in names if name not in gone]
        if not kept:
            return None
        spans = [(key.start_mark.index, self.end(value, column)) for key, value in node.value]
        parts = dict(zip(names, self.parts(spans, column, above), strict=True))
        edits: list[Edit] = []
        for key, value in node.value:
            name = key.value
            if name in new and (name not in old or old[name] != new[name]):
                edits += self._value(key, value, column, old.get(name), new[name])
        edits += self._removals(node, names, gone, parts)
        return edits + self._additions(new, names, kept, parts, column)

    def _removals(
        self, node: yaml.MappingNode, names: list[str], gone: set[str], parts: Mapping[str, Part]
    ) -> list[Edit]:
        first = next(index for index, name in enumerate(names) if name not in gone)
        start = int(node.value[0][0].start_mark.index)
        follows_dash = bool(self.line(self.line_of(start))[: self.column_of(start)].strip())
        edits = []
        if first and follows_dash:
            own = {
                line for name in names[:first] for line in range(parts[name].lead, parts[name].end)
            }
            top = self.line_of(start)
            until = self.line_of(node.value[first][0].start_mark.index)
            between = [self.line(line) for line in range(top, until) if line not in own]
            comments = "".join(f"{line}\n" for line in between if line.strip())
            edits.append(Edit(self.start_of(top), self.start_of(top), comments))
            edits.append(Edit(start, int(node.value[first][0].start_mark.index), ""))
        for index, name in enumerate(names):
            if name in gone and not (follows_dash and index < first):
                part = parts[name]
                edits.append(Edit(self.start_of(part.lead), self.start_of(part.end), ""))
        return edits

    def _additions(
        self, new: Data, names: list[str], kept: list[str], parts: Mapping[str, Part], column: int
    ) -> list[Edit]:
        """New fields stand below the field that comes before them in `new`."""
        edits = []
        anchor = kept[0]
        for name, value in new.items():
            if name in names:
                anchor = name
            else:
                at = self.start_of(parts[anchor].end)
                edits.append(Edit(at, at, writing.field(name, value, indent=column)))
        return edits

    def _value(
        self, key: yaml.Node, node: yaml.Node, column: int, old: Any, new: Any
    ) -> list[Edit]:
        edits = None
        line = self.line_of(key.start_mark.index)
        if not is_block(node) and are_entries(new):
            return [self.entries(key, node, column, new)]
        if is_block(node) and isinstance(node, yaml.MappingNode) and _are(dict, old, new):
            edits = self.mapping(node, line, old, new)
        elif is_block(node) and isinstance(node, yaml.SequenceNode) and _are(list, old, new):
            edits = self._list(key, node, old, new)
        if edits is not None:
            return edits
        return [self.replaced(key, node, column, ended_like(node, old, new))]

    def _list(
        self, key: yaml.Node, node: yaml.SequenceNode, old: Sequence[Any], new: Sequence[Any]
    ) -> list[Edit] | None:
        dashes = self.dashes(node)
        if dashes is None or len(node.value) != len(old):
            return None
        column = self.column_of(node.start_mark.index)
        parts = self.parts_of(node, dashes, column, self.line_of(key.start_mark.index))
        sources = _paired(old, new)
        kept = [source for source in sources if source is not None]
        gone = [index for index in range(len(old)) if index not in kept]
        changes = {
            source: self.item(node.value[source], column, old[source], new[index])
            for index, source in enumerate(sources)
            if source is not None
        }
        edits = self._in_order(parts, kept, changes)
        last = len(parts) - 1
        run = {index for index in gone if all(each in gone for each in range(index, last + 1))}
        edits += [self.without_lines(parts[each], is_last=each in run) for each in gone]
        edits += self._new_items(parts, sources, new, column)
        if not new:
            colon = self.text.index(":", int(key.end_mark.index)) + 1
            edits.insert(0, Edit(colon, colon, " []"))
        return edits

    def _in_order(
        self, parts: Sequence[Part], kept: list[int], changes: Mapping[int, list[Edit]]
    ) -> list[Edit]:
        """The kept items, changed, each in the place of the one that has stood there."""
        edits: list[Edit] = []
        for place, source in zip(sorted(kept), kept, strict=True):
            if place == source:
                edits += changes[source]
                continue
            start, end = self.start_of(parts[place].lead), self.start_of(parts[place].end)
            edits.append(Edit(start, end, self.chunk(parts[source], changes[source])))
        return edits

    def _new_items(
        self,
        parts: Sequence[Part],
        sources: Sequence[int | None],
        new: Sequence[Any],
        column: int,
    ) -> list[Edit]:
        places = iter(sorted(source for source in sources if source is not None))
        is_first = sources[:1] == [None] and any(source is not None for source in sources)
        at = self.start_of(parts[0].lead if is_first else parts[-1].end)
        is_spaced = self._is_spaced(parts, new)
        edits = []
        for source, value in zip(sources, new, strict=True):
            if source is not None:
                at, is_first = self.start_of(parts[next(places)].end), False
                continue
            lines = self.entry(value, column)
            blank = "\n" if is_spaced else ""
            edits.append(Edit(at, at, f"{lines}{blank}" if is_first else f"{blank}{lines}"))
        return edits

    def _is_spaced(self, parts: Sequence[Part], new: Sequence[Any]) -> bool:
        """Whether a blank line stands between items, as it does between entries of a file."""
        if len(parts) > 1:
            return self.is_blank(parts[0].end)
        return are_entries(new)

    def parts_of(
        self, node: yaml.SequenceNode, dashes: Sequence[int], column: int, above: int
    ) -> list[Part]:
        ends = [self.end(each, column) for each in node.value]
        return self.parts(zip(dashes, ends, strict=True), column, above)

    def item(self, node: yaml.Node, column: int, old: Any, new: Any) -> list[Edit]:
        """What changes one item of a list whose dashes stand at a column."""
        if old == new:
            return []
        start, end = int(node.start_mark.index), self.end(node, column)
        if is_block(node) and isinstance(node, yaml.MappingNode) and _are(dict, old, new):
            edits = self.mapping(node, self.line_of(start) - 1, old, new)
            if edits is not None:
                return edits
        new = ended_like(node, old, new)
        lines = writing.item(self.styled(node, column, new), indent=column).strip()[1:]
        note = self.note(node, None, end)
        return [Edit(start, max(end, note.end), with_note(lines, note.text, column).lstrip(" "))]

    def chunk(self, part: Part, edits: Sequence[Edit]) -> str:
        """A part's lines with edits, ended."""
        lines = self.applied(edits, self.start_of(part.lead), self.start_of(part.end))
        return lines if lines.endswith("\n") else f"{lines}\n"


def _are(kind: type, *values: Any) -> bool:
    return all(isinstance(value, kind) for value in values)


def _paired(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """For each new item the index of the old one that it comes from, each used once."""
    if are_entries([*old, *new]):
        places = {each["id"]: index for index, each in enumerate(old)}
        return [places.get(each["id"]) for each in new]
    waiting: dict[str, list[int]] = {}
    for index, each in enumerate(old):
        waiting.setdefault(_canonical(each), []).append(index)
    pairs: list[int | None] = []
    for each in new:
        same = waiting.get(_canonical(each))
        pairs.append(same.pop(0) if same else None)
    unused = [index for index in range(len(old)) if index not in pairs]
    for place, pair in enumerate(pairs):
        if pair is None and unused:
            pairs[place] = unused.pop(0)
    return pairs


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
