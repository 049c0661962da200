"""Drawings: what may be in them, and what becomes of them."""

from __future__ import annotations

import pytest

from quizapp.content.primer.diagrams import DiagramError, parse_diagram
from tests.content.banks import SVG


def problems_of(inner: str) -> list[tuple[int, str]]:
    with pytest.raises(DiagramError) as refused:
        parse_diagram(SVG.format(inner))
    return refused.value.problems


def test_a_drawing_is_named_and_its_ids_stand_apart() -> None:
    drawn = parse_diagram(
        SVG.format(
            '<title>Own</title><defs><marker id="tip"><path d="M0 0"/></marker></defs>'
            '<line x1="0" marker-end="url(#tip)"/><text class="d-text">a &lt; b</text>'
        )
    )

    html = drawn.svg("one-", 'The "way" & more')

    assert html.startswith('<svg class="diagram" viewBox="0 0 400 200" width="480" role="img"')
    assert '<title id="one-title">The &quot;way&quot; &amp; more</title>' in html
    assert '<marker id="one-tip">' in html
    assert 'marker-end="url(#one-tip)"' in html
    assert "a &lt; b" in html
    assert "Own" not in html
    assert "two-tip" in drawn.svg("two-", "x")


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<script>alert(1)</script>", "script is not an element"),
        ("<style>*{fill:red}</style>", "style is not an element"),
        ('<foreignObject width="1"><p>x</p></foreignObject>', "foreignObject is not an element"),
        ('<image href="https://example.org/x.png"/>', "image is not an element"),
        ('<a href="javascript:alert(1)"><rect/></a>', "a is not an element"),
        ('<use href="#x"/>', "use is not an element"),
        ('<animate attributeName="x"/>', "animate is not an element"),
        ("<svg/>", "svg is not an element"),
        ('<rect onclick="alert(1)"/>', "onclick is not an attribute"),
        ('<rect style="fill:red"/>', "style is not an attribute"),
        ('<rect fill="url(https://example.org)"/>', "write none or currentColor for fill"),
        ('<rect fill="#fff"/>', "write none or currentColor for fill"),
        ('<rect stroke="red"/>', "write none or currentColor for stroke"),
        ('<rect class="button"/>', "button is not a class"),
        ('<path marker-end="url(#none)"/>', "there is no element with the id none"),
        ('<path marker-end="url(other.svg#tip)"/>', "has to be url(#id)"),
        ('<rect id="a"/><rect id="a"/>', "give each id once"),
        ('<rect id="title"/>', "give each id once"),
        ('<rect width="1;x"/>', "the value of width"),
        ("<g>text</g>", "write text inside a text element"),
        ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "html is not an element"),
        ("<rect", "not well-formed"),
        ("<?php echo ?>", "processing instruction"),
        ("<g>" * 30 + "</g>" * 30, "nested deeper"),
        ("<g/>" * 1001, "more than 1000 elements"),
        ("x" * 60_000, "larger than 60 KB"),
    ],
)
def test_what_has_no_place_in_a_drawing_is_refused(inner: str, words: str) -> None:
    assert any(words in sentence for _, sentence in problems_of(inner))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "remove the DOCTYPE"),
        ("<p/>", "begin with an svg element"),
        ("<svg/>", "add xmlns"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "give the svg element a viewBox"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9"/>', "a width and"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 0"/>', "a height between"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 1.2.3 9 9"/>', "a height between"),
        ("", "not well-formed"),
    ],
)
def test_what_is_no_drawing_is_refused(text: str, words: str) -> None:
    with pytest.raises(DiagramError, match=words):
        parse_diagram(text)


def test_all_problems_come_at_once_with_their_lines() -> None:
    assert [
        line for line, _ in problems_of('<rect fill="red"/>\n<script/>\n<rect onload="x"/>')
    ] == [
        1,
        2,
        3,
    ]


def test_entities_cannot_grow() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 9}">' for n in range(1, 9))
    with pytest.raises(DiagramError, match="DOCTYPE"):
        parse_diagram(f'<!DOCTYPE svg [<!ENTITY l0 "a">{bomb}]>{SVG.format("&l8;")}')
