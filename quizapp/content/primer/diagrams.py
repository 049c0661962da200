"""Diagrams: SVG from people one does not know, as a drawing that can stand in a page.

A drawing has shapes and text only, from a short list of elements and attributes. It brings no
colours of its own: classes and `currentColor` follow the page into light and dark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from xml.parsers import expat

MOST_BYTES = 60_000

_SCALE = 1.2
"""How large a unit of the drawing is on a wide page, in pixels; a narrow page shrinks it."""

_MOST_ELEMENTS = 1000
_MOST_DEPTH = 20
_MOST_PROBLEMS = 20
_MOST_SIDE = 10_000

CLASSES = ("d-box", "d-soft", "d-accent", "d-line", "d-text", "d-muted", "d-label")

_SVG = "http://www.w3.org/2000/svg"
_XMLNS = "http://www.w3.org/XML/1998/namespace"
_NOT_SHOWN = frozenset({"title", "desc"})
_ELEMENTS = _NOT_SHOWN | frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
    | {"text", "tspan", "defs", "marker"}
)
_PAINT = frozenset({"fill", "stroke"})
_MARKERS = frozenset({"marker-start", "marker-mid", "marker-end"})
_ATTRIBUTES = frozenset(
    {"id", "class", "viewBox", "preserveAspectRatio", "transform", "d", "points", "pathLength"}
    | {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy"}
    | {"width", "height", "fill-opacity", "fill-rule", "stroke-opacity", "opacity"}
    | {"stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin"}
    | {"text-anchor", "dominant-baseline", "font-size", "font-weight", "font-style"}
    | {"letter-spacing", "markerWidth", "markerHeight", "markerUnits", "refX", "refY", "orient"}
    | _PAINT
    | _MARKERS
)
_DROPPED = frozenset({"role", "aria-label", "aria-labelledby", "aria-describedby", "focusable"})
_ANYWHERE_COLOURS = frozenset({"none", "currentcolor", "inherit", "context-stroke", "context-fill"})
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LOCAL = re.compile(r"url\(#([A-Za-z][A-Za-z0-9_-]*)\)")
_PLAIN = re.compile(r"[A-Za-z0-9 .,+%()\n\t-]*")
_VIEW_BOX = re.compile(r"\s*(-?[\d.]+)[\s,]+(-?[\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)\s*")


class DiagramError(ValueError):
    """The drawing was refused; `problems` holds lines, counted from 1, and sentences."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"line {line}: {sentence}" for line, sentence in problems))


@dataclass
class _Element:
    name: str
    attributes: dict[str, str]
    children: list[_Element | str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing that was found good. `width` is that of its view box."""

    root: _Element
    view_box: str
    width: float

    def svg(self, prefix: str, label: str) -> str:
        """The drawing for a page, named by `label`; `prefix` sets its ids apart from others."""
        inner = "".join(_written(each, prefix) for each in self.root.children)
        title = f'<title id="{prefix}title">{escape(label)}</title>'
        size = f'viewBox="{escape(self.view_box)}" width="{_SCALE * self.width:g}"'
        return (
            f'<svg class="diagram" {size} role="img" aria-labelledby="{prefix}title">'
            f"{title}{inner}</svg>"
        )


@lru_cache(maxsize=256)
def parse_diagram(text: str | bytes) -> Diagram:
    """Raises DiagramError with everything that was found to be wrong."""
    if len(text) > MOST_BYTES:
        most = MOST_BYTES // 1000
        raise DiagramError([(1, f"simplify the drawing: it is larger than {most} KB")])
    return _Reading().read(text.encode() if isinstance(text, str) else text)


class _StopReading(Exception):  # noqa: N818 - control flow inside this module
    """Reading on would be useless."""


class _Reading:
    """Builds the tree from parser events, and collects what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []
        self.root: _Element | None = None
        self.open: list[_Element] = []
        self.count = 0
        self.ids = {"title"}  # by which the drawing is named
        self.used: list[tuple[int, str]] = []
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction

    def problem(self, sentence: str) -> None:
        self.problems.append((self.parser.CurrentLineNumber, sentence))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise _StopReading

    def refuse(self, sentence: str) -> None:
        self.problem(sentence)
        raise _StopReading

    def read(self, data: bytes) -> Diagram:
        try:
            self.parser.Parse(data, True)  # noqa: FBT003 - takes no keyword
        except _StopReading:
            pass
        except expat.ExpatError as error:
            reason = expat.errors.messages[error.code]
            self.problems.append((error.lineno, f"this is not well-formed XML: {reason}"))
        else:
            self.problems += (
                (line, f"there is no element with the id {name}")
                for line, name in self.used
                if name not in self.ids
            )
        if self.problems:
            raise DiagramError(self.problems)
        return self.diagram()

    def diagram(self) -> Diagram:
        root = self.root
        found = _VIEW_BOX.fullmatch(root.attributes.get("viewBox", "")) if root else None
        if not root or not found:
            raise DiagramError([(1, "give the svg element a viewBox, such as 0 0 640 320")])
        try:
            _, _, width, height = map(float, found.groups())
        except ValueError:
            width = height = 0
        if not (0 < width < _MOST_SIDE and 0 < height < _MOST_SIDE):
            sentence = f"give the viewBox a width and a height between 1 and {_MOST_SIDE - 1}"
            raise DiagramError([(1, sentence)])
        return Diagram(root, found[0].strip(), width)

    def doctype(self, *_: object) -> None:
        self.refuse("remove the DOCTYPE: it could define entities")

    def instruction(self, *_: object) -> None:
        self.refuse("remove the processing instruction")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        self.count += 1
        if self.count > _MOST_ELEMENTS:
            self.refuse(f"simplify the drawing: it has more than {_MOST_ELEMENTS} elements")
        if len(self.open) >= _MOST_DEPTH:
            self.refuse(f"simplify the drawing: it is nested deeper than {_MOST_DEPTH} levels")
        if not self.open and name != "svg":
            self.refuse("begin with an svg element")
        if space != _SVG:
            self.problem(f'the {name} element has to be SVG: add xmlns="{_SVG}" to svg')
        if name not in _ELEMENTS or (self.open and name == "svg"):
            self.problem(f"{name} is not an element that a diagram may hold")
        element = _Element(name, {})
        for key, value in attributes.items():
            self.attribute(element, key, value)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def attribute(self, element: _Element, key: str, value: str) -> None:
        space, _, name = key.rpartition(" ")
        if name in _DROPPED or space == _XMLNS:
            return
        if space or name not in _ATTRIBUTES:
            self.problem(f"{name} is not an attribute that a diagram may have")
            return
        if element.name == "svg" and name in ("width", "height"):
            return
        sentence = self.wrong_value(name, value.strip())
        if sentence:
            self.problem(sentence)
        element.attributes[name] = value.strip()

    def wrong_value(self, name: str, value: str) -> str:
        """What is wrong with an attribute, empty if nothing is."""
        if name == "id":
            if not _ID.fullmatch(value) or value in self.ids:
                return "give each id once, made of letters, digits and hyphens"
            self.ids.add(value)
        elif name == "class":
            unknown = [each for each in value.split() if each not in CLASSES]
            return f"{unknown[0]} is not a class; use {', '.join(CLASSES)}" if unknown else ""
        elif name in _MARKERS:
            local = _LOCAL.fullmatch(value)
            if local:
                self.used.append((self.parser.CurrentLineNumber, local[1]))
            elif value != "none":
                return f"{name} has to be url(#id) of a marker in this drawing"
        elif name in _PAINT:
            if value.lower() not in _ANYWHERE_COLOURS:
                return (
                    f"write none or currentColor for {name}, or use a class: colours are the page's"
                )
        elif not _PLAIN.fullmatch(value):
            return f"the value of {name} holds characters that do not belong there"
        return ""

    def end(self, _tag: str) -> None:
        self.open.pop()

    def text(self, text: str) -> None:
        if self.open and text.strip() and self.open[-1].name not in _NOT_SHOWN | {"text", "tspan"}:
            self.problem("write text inside a text element")
        if self.open:
            self.open[-1].children.append(text)


def _written(node: _Element | str, prefix: str) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    if node.name in _NOT_SHOWN:
        return ""
    attributes = "".join(f' {pair}="{escape(value)}"' for pair, value in _own(node, prefix))
    inner = "".join(_written(each, prefix) for each in node.children)
    return f"<{node.name}{attributes}>{inner}</{node.name}>"


def _own(node: _Element, prefix: str) -> Iterator[tuple[str, str]]:
    """The attributes, with the ids of this drawing set apart from those of others."""
    for name, value in node.attributes.items():
        if name == "id":
            yield name, prefix + value
        elif name in _MARKERS:
            yield name, value.replace("url(#", f"url(#{prefix}")
        else:
            yield name, value
