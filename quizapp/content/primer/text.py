"""The Markdown of a chapter: what it consists of, where everything stands, what is wrong with it.

No Django here: text in, blocks and located problems out. Two kinds of line are our own. `::fact`
with the slugs of facts says that the block above states them; `::question` with a slug says that
the question is set in here. An image by itself is a diagram, read from a file beside the chapter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

SECTION = 2
"""The level of the headings that begin a section; the chapter's title is level 1."""

_DIAGRAM = re.compile(r"diagrams/[a-z0-9]+(-[a-z0-9]+)*\.svg")
_DIRECTIVE = re.compile(r"::(\S*)[ \t]*(.*)")
_DIRECTIVES = ("fact", "question")
_TAKEN = frozenset({"main", "keys", "keys-title", "notice", "problem", "reading", "start"})
"""Ids that the page around a chapter has."""
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Named:
    """A slug that the text gives, the line (from 1) it stands on, and the anchor of its section."""

    slug: str
    line: int
    section: str


@dataclass(frozen=True)
class Block:
    """A piece of the text, from heading to heading, in one of four forms.

    `tokens` are Markdown-it's, for text. A heading has a `level` and an `anchor`, a diagram the
    `path` of its file with `alt` and `caption`, and a question set in its slug as `question`.
    """

    line: int
    tokens: tuple[Token, ...] = ()
    level: int = 0
    anchor: str = ""
    title: str = ""
    path: str = ""
    alt: str = ""
    caption: str = ""
    question: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What a heading of the second level begins; `anchor` and `title` are empty for the opening."""

    anchor: str
    title: str
    line: int
    words: int


@dataclass(frozen=True)
class ChapterText:
    """`problems` are triples of line, field and sentence."""

    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    facts: tuple[Named, ...]
    questions: tuple[Named, ...]
    problems: tuple[tuple[int, str, str], ...]

    @property
    def diagrams(self) -> list[Block]:
        return [block for block in self.blocks if block.path]

    @property
    def words(self) -> int:
        return sum(section.words for section in self.sections)

    def title_of(self, anchor: str) -> str:
        """The title of a section, empty if there is none with the anchor."""
        return next((each.title for each in self.sections if each.anchor == anchor), "")


@lru_cache(maxsize=256)
def read_body(body: str, first_line: int = 1) -> ChapterText:
    """The text of a chapter below its front matter, which begins on `first_line` of its file."""
    return _Reading(first_line).read(_MARKDOWN.parse(body))


def anchor_of(title: str) -> str:
    """A heading as the last part of an address: lower-case words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "section"


class _Reading:
    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.blocks: list[Block] = []
        self.sections = [Section("", "", first_line, 0)]
        self.facts: list[Named] = []
        self.questions: list[Named] = []
        self.anchors = set(_TAKEN)
        self.problems: list[tuple[int, str, str]] = []
        self.has_text_above = False

    def read(self, tokens: Sequence[Token]) -> ChapterText:
        for group in _top_level(tokens):
            first = group[0]
            line = self.first_line + (first.map[0] if first.map else 0)
            if first.type == "directive":
                self.directive(first, line)
                continue
            self.look_within(group, line)
            if first.type == "heading_open":
                self.heading(group, line)
            elif _is_image(group):
                self.diagram(group[1], line)
            else:
                self.text(group, line)
        return ChapterText(
            tuple(self.blocks),
            tuple(self.sections),
            tuple(self.facts),
            tuple(self.questions),
            tuple(self.problems),
        )

    def problem(self, line: int, field: str, sentence: str) -> None:
        self.problems.append((line, field, sentence))

    def add(self, block: Block, *, is_text: bool, words: int = 0) -> None:
        self.blocks.append(block)
        self.has_text_above = is_text
        last = self.sections[-1]
        self.sections[-1] = replace(last, words=last.words + words)

    def look_within(self, group: Sequence[Token], line: int) -> None:
        """Finds what may only stand by itself."""
        for token in group:
            if token.type == "directive":
                at = self.first_line + (token.map or (0, 0))[0]
                name = f"::{token.info}"
                self.problem(at, name, "write it at the start of a line, outside lists and quotes")
            elif token.type == "inline" and not _is_image(group):
                for child in token.children or ():
                    if child.type == "image":
                        sentence = "put the diagram in a paragraph of its own"
                        self.problem(line, "diagram", sentence)

    def heading(self, group: Sequence[Token], line: int) -> None:
        level, title = int(group[0].tag[1]), _text_of(group)
        if level not in (2, 3):
            self.problem(line, "heading", "write ## for a section or ### for a part of it")
        elif level == 3 and len(self.sections) == 1:
            self.problem(line, "heading", "begin with a section: write ## instead of ###")
        if not title:
            self.problem(line, "heading", "is empty")
        anchor = self.unique(anchor_of(title))
        if level == SECTION:
            self.sections.append(Section(anchor, title, line, 0))
        block = Block(line, tuple(group), level=level, anchor=anchor, title=title)
        self.add(block, is_text=False)

    def unique(self, anchor: str) -> str:
        """The anchor itself, or with a number where an earlier heading has it."""
        free, number = anchor, 1
        while free in self.anchors:
            number += 1
            free = f"{anchor}-{number}"
        self.anchors.add(free)
        return free

    def diagram(self, inline: Token, line: int) -> None:
        image = (inline.children or [])[0]
        path, alt = str(image.attrs.get("src", "")), image.content.strip()
        if not _DIAGRAM.fullmatch(path):
            self.problem(line, "diagram", "write its address as diagrams/<slug>.svg")
            return
        if not alt:
            self.problem(line, "diagram", f"describe {path} between the square brackets")
        caption = str(image.attrs.get("title", ""))
        self.add(Block(line, path=path, alt=alt, caption=caption), is_text=True)

    def text(self, group: Sequence[Token], line: int) -> None:
        written = " ".join(token.content for token in group if token.type == "inline")
        words = len(_WORD.findall(written.replace("`", "")))
        self.add(Block(line, tuple(group)), is_text=True, words=words)

    def directive(self, token: Token, line: int) -> None:
        name, slugs = token.info, token.content.split()
        field = f"::{name}"
        if name not in _DIRECTIVES:
            self.problem(line, field, f"is not known; write ::{' or ::'.join(_DIRECTIVES)}")
        elif not slugs:
            self.problem(line, field, f"name {'a' if name == 'fact' else 'the'} {name} here")
        elif name == "fact":
            self.states(slugs, line)
        elif len(slugs) > 1:
            self.problem(line, field, "name one question a line")
        else:
            anchor = self.sections[-1].anchor
            self.questions.append(Named(slugs[0], line, anchor))
            self.add(Block(line, question=slugs[0]), is_text=False)

    def states(self, slugs: Sequence[str], line: int) -> None:
        if not self.has_text_above:
            self.problem(line, "::fact", "write it right below the block that states the fact")
            return
        self.facts += (Named(slug, line, self.sections[-1].anchor) for slug in slugs)
        last = self.blocks[-1]
        self.blocks[-1] = replace(last, facts=(*last.facts, *slugs))


def _top_level(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens, each block with all that is in it together."""
    group: list[Token] = []
    depth = 0
    for token in tokens:
        group.append(token)
        depth += token.nesting
        if depth == 0:
            yield group
            group = []


def _is_image(group: Sequence[Token]) -> bool:
    """Whether the block is a paragraph that holds an image and nothing else."""
    if group[0].type != "paragraph_open":
        return False
    children = group[1].children or []
    return len(children) == 1 and children[0].type == "image"


def _text_of(group: Sequence[Token]) -> str:
    """What a heading says, without its marks."""
    children = (child for token in group for child in token.children or ())
    return "".join(child.content for child in children).strip()


def _directive_rule(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001
    """A line of its own that begins with two colons."""
    if state.is_code_block(start):
        return False
    text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    found = _DIRECTIVE.fullmatch(text.rstrip())
    if not found:
        return False
    if not silent:
        token = state.push("directive", "", 0)
        token.info, token.content, token.map = found[1], found[2], [start, start + 1]
        state.line = start + 1
    return True


def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    rule: Any = _directive_rule
    reader.block.ruler.before(
        "paragraph", "directive", rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    return reader


_MARKDOWN = _markdown()
