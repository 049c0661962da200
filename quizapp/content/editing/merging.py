"""Two changes to one question brought together, field by field. Pure.

A field that only one side has changed takes that side's value. Where both have changed it, lists
of equal length and mappings are looked into; what is left is a clash, for a person to settle.
A list whose rows one side has put in another order is a clash: its rows do not correspond.
Values are told apart by their types, too: for a check of a manifest, 1 is not true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.content.schema import Source
from quizapp.grading.manifest_checks import same

Path = tuple[str | int, ...]

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both sides have changed, each to something else. None is a missing field."""

    path: Path
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """`source` has ours wherever the sides clash. `taken` are fields only theirs has changed."""

    source: Source
    clashes: tuple[Clash, ...]
    taken: tuple[Path, ...]


def merge(base: Source, ours: Source, theirs: Source) -> Merged:
    """What `ours` and `theirs` both want, who began from `base`.

    Symmetric but for clashes, and no change is lost: each is in `source` or among the clashes.
    """
    clashes: list[Clash] = []
    taken: list[Path] = []
    source = _mapping(base, ours, theirs, (), clashes, taken)
    return Merged(source, tuple(clashes), tuple(taken))


def differences(one: Any, other: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Each field in which two sources differ, with both values; None is a missing field."""
    if _are_mappings(one, other):
        for name in dict.fromkeys([*one, *other]):
            yield from differences(one.get(name), other.get(name), (*path, name))
    elif _are_rows(one, other):
        for index, (each, another) in enumerate(zip(one, other, strict=True)):
            yield from differences(each, another, (*path, index))
    elif not same(one, other):
        yield path, one, other


def put(source: Source, path: Path, value: Any) -> Source:
    """The source with another value in one field; None takes the field out."""
    changed: Any = list(source) if isinstance(source, list) else dict(source)
    head, *rest = path
    if rest:
        changed[head] = put(changed[head], tuple(rest), value)
    elif value is None and isinstance(changed, dict):
        changed.pop(head, None)
    else:
        changed[head] = value
    return changed  # type: ignore[no-any-return]


def _mapping(
    base: Any, ours: Any, theirs: Any, path: Path, clashes: list[Clash], taken: list[Path]
) -> dict[str, Any]:
    merged = {}
    for name in dict.fromkeys([*ours, *theirs, *base]):
        sides = [side.get(name, _ABSENT) for side in (base, ours, theirs)]
        value = _value(*sides, path=(*path, name), clashes=clashes, taken=taken)
        if value is not _ABSENT:
            merged[name] = value
    return merged


def _value(
    base: Any, ours: Any, theirs: Any, *, path: Path, clashes: list[Clash], taken: list[Path]
) -> Any:
    if same(theirs, ours) or same(theirs, base):
        return ours
    if same(ours, base):
        taken.append(path)
        return theirs
    if _are_mappings(base, ours, theirs):
        return _mapping(base, ours, theirs, path, clashes, taken)
    if _are_rows(base, ours, theirs) and not (_moved(base, ours) or _moved(base, theirs)):
        return [
            _value(*each, path=(*path, index), clashes=clashes, taken=taken)
            for index, each in enumerate(zip(base, ours, theirs, strict=True))
        ]
    clashes.append(Clash(path, *(None if side is _ABSENT else side for side in (ours, theirs))))
    return ours


def _are_mappings(*sides: Any) -> bool:
    return all(isinstance(side, dict) for side in sides)


def _are_rows(*sides: Any) -> bool:
    """Whether they are lists of as many rows, so that the rows correspond."""
    are_lists: Sequence[bool] = [isinstance(side, list) for side in sides]
    return all(are_lists) and len({len(side) for side in sides}) == 1


def _moved(base: Sequence[Any], side: Sequence[Any]) -> bool:
    """Whether a row that is a mapping has gone to another place."""
    changed = [
        (before, row) for before, row in zip(base, side, strict=True) if not same(before, row)
    ]
    return any(
        isinstance(row, dict) and same(row, before) for _, row in changed for before, _ in changed
    )
