"""Chapters: how their text is read, what is wrong with it, and the HTML that comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.content.checking import Rule
from quizapp.content.checking import chapters as rules
from quizapp.content.models import Chapter
from quizapp.content.parsing import parse_bank
from quizapp.content.primer.blocks import blocks_of
from quizapp.content.primer.text import anchor_of, read_body
from tests.content.banks import (
    CHAPTER,
    FRONT,
    problems_in,
    topic,
    write_bank,
    write_chapter,
    write_diagram,
)


def html_of(body: str, **diagrams: str) -> list[str]:
    chapter = Chapter(body=body, diagrams={f"diagrams/{n}.svg": d for n, d in diagrams.items()})
    return [str(block.html) for block in blocks_of(chapter)]


def test_a_chapter_knows_its_sections_facts_and_questions(tmp_path: Path) -> None:
    write_chapter(write_bank(tmp_path))
    bank = parse_bank(tmp_path)
    (chapter,) = bank.chapters

    assert bank.problems == ()
    assert (chapter.slug, chapter.topic, chapter.title) == (
        "reaching-pods",
        "services",
        "Reaching Pods",
    )
    text = chapter.text
    assert [(each.anchor, each.title, each.line, each.words) for each in text.sections] == [
        ("", "", 7, 5),
        ("what-goes", "What goes", 9, 6),
        ("what-stays", "What stays", 15, 5),
    ]
    assert [(each.slug, each.line, each.section) for each in text.facts] == [
        ("pods-come-and-go", 13, "what-goes")
    ]
    assert [(each.slug, each.line, each.section) for each in text.questions] == [
        ("what-stays", 19, "what-stays")
    ]


def test_a_bank_needs_no_chapters(tmp_path: Path) -> None:
    assert parse_bank(write_bank(tmp_path)).chapters == ()


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("What stays", "what-stays"),
        ("`kubectl get` & Ünïcode!", "kubectl-get-unicode"),
        ("日本", "section"),
        ("x" * 200, "x" * 80),
    ],
)
def test_anchors_are_made_of_headings(title: str, anchor: str) -> None:
    assert anchor_of(title) == anchor


def test_anchors_are_unique_on_the_page() -> None:
    text = read_body("## Same\n\n## Same\n\n### Same\n\n## Main\n")

    assert [block.anchor for block in text.blocks] == ["same", "same-2", "same-3", "main-2"]


def test_several_facts_can_be_stated_by_one_block() -> None:
    text = read_body("- a\n- b\n\n::fact x y\n\n::fact z\n\nMore.\n")

    assert [block.facts for block in text.blocks] == [("x", "y", "z"), ()]


def test_code_is_no_place_for_directives() -> None:
    text = read_body("```\n::fact x\n```\n\n    ::question y\n")

    assert (text.facts, text.questions, text.problems) == ((), (), ())


def test_everything_that_is_wrong_is_told_at_once_and_where(tmp_path: Path) -> None:
    body = (
        "# Title\n\n### Deep\n\n::fact pods-come-and-go\n\nText ![x](diagrams/a.svg) here.\n\n"
        "![x](https://example.org/x.png)\n\n![](diagrams/b.svg)\n\n> quoted\n>\n> ::fact a\n\n"
        "::question\n\n::question a b\n\n::fact\n\n::hint x\n\nText.\n\n::fact nobody\n\n"
        "::question what-stay\n\n::question what-stays\n\n::question what-stays\n"
    )
    write_bank(tmp_path)
    front = FRONT.replace("topic: services", "topic: service\nsumary: x")
    write_chapter(tmp_path, body, front=front)

    name = "primer/reaching-pods.md"
    problems = [each.removeprefix(f"{name}:") for each in problems_in(tmp_path)]
    assert [each.replace(f"{tmp_path}/{name}", "it") for each in problems] == [
        "5: sumary: is not a field here; did you mean `summary`?",
        "7: heading: write ## for a section or ### for a part of it",
        "9: heading: begin with a section: write ## instead of ###",
        "11: ::fact: write it right below the block that states the fact",
        "13: diagram: put the diagram in a paragraph of its own",
        "15: diagram: write its address as diagrams/<slug>.svg",
        "17: diagram: describe diagrams/b.svg between the square brackets",
        "17: diagram: there is no file diagrams/b.svg",
        "21: ::fact: write it at the start of a line, outside lists and quotes",
        "23: ::question: name the question here",
        "25: ::question: name one question a line",
        "27: ::fact: name a fact here",
        "29: ::hint: is not known; write ::fact or ::question",
        "33: ::fact: there is no fact nobody",
        "35: ::question: there is no question what-stay; did you mean what-stays?",
        "39: ::question: take what-stays out here: it is set in at it:37 already",
    ]


def test_an_unknown_topic_is_told(tmp_path: Path) -> None:
    write_chapter(write_bank(tmp_path), front=FRONT.replace("services", "service"))

    assert problems_in(tmp_path) == [
        "primer/reaching-pods.md:4: topic: there is no topic service; did you mean services?"
    ]


def test_a_fact_is_stated_in_one_chapter_only(tmp_path: Path) -> None:
    write_chapter(write_bank(tmp_path), "Text.\n\n::fact pods-come-and-go\n", "a-first")
    write_chapter(tmp_path, "Text.\n\n::fact pods-come-and-go\n", "b-second")

    (problem,) = problems_in(tmp_path)
    assert problem.startswith("primer/b-second.md:8: ::fact: take pods-come-and-go out here")
    assert problem.endswith("primer/a-first.md:8 already")


def test_while_a_topic_cannot_be_read_nothing_is_called_unknown(tmp_path: Path) -> None:
    write_chapter(write_bank(tmp_path))
    (tmp_path / "topics" / "services.yaml").write_text("[")

    assert all("primer" not in problem for problem in problems_in(tmp_path))


def test_a_bad_drawing_is_told_at_its_own_line(tmp_path: Path) -> None:
    write_chapter(write_bank(tmp_path), f"{CHAPTER}\n![The way](diagrams/way.svg)\n")
    write_diagram(tmp_path, "\n<script/>")

    assert problems_in(tmp_path) == [
        "primer/diagrams/way.svg:2: script is not an element that a diagram may hold"
    ]


def test_blocks_become_safe_html() -> None:
    html = html_of(
        "## The `spec` *now*\n\n<script>x</script> and **bold**\n\n| a |\n|---|\n| b |\n\n"
        "```yaml\nkind: Pod\n```\n\n[x](javascript:alert(1))\n"
    )

    assert html[0] == "The <code>spec</code> <em>now</em>"
    assert html[1] == "<p>&lt;script&gt;x&lt;/script&gt; and <strong>bold</strong></p>\n"
    assert '<th scope="col">a</th>' in html[2]
    assert '<span class="nt">kind</span>' in html[3]
    assert "href" not in html[4]


def test_a_drawing_stands_in_the_text() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect id="a"/></svg>'
    body = '![One](diagrams/a.svg "Caption")\n\n![Two](diagrams/a.svg)\n\n![No](diagrams/b.svg)\n'
    one, two, missing = html_of(body, a=svg)

    assert '<rect id="diagram-0-a">' in one
    assert '<title id="diagram-1-title">Two</title>' in two
    assert missing == ""


LONG = "word " * 170
STATED = "topics/services.yaml:4: facts[0]: state this fact in a chapter of its topic (warning)"
ASKED = "set in a question for every 150 words; it has 0 in 170 (warning)"
EARLY = "::question: set what-stays in further down: it drills pods-come-and-go, stated later"
SHORT = "8: One: join this section to another: it has 2 words, under 150 (warning)"
MUCH = "6: One: divide this section: it has 510 words, over 500 (warning)"

CASES: list[tuple[Rule, str, str, str]] = [
    # rule, text that keeps it, text that breaks it, the problem
    (rules.chapters_state_every_fact, "Text.\n\n::fact pods-come-and-go\n", "Text.\n", STATED),
    (
        rules.chapters_ask_often,
        f"{LONG}\n\n::question what-stays\n",
        f"{LONG}\n",
        f"primer/reaching-pods.md:2: {ASKED}",
    ),
    (
        rules.chapters_ask_often,
        f"## One\n\n{LONG}\n\n::question what-stays\n\n## Two\n\nText.\n",
        f"## One\n\n{LONG}\n\n## Two\n\n::question what-stays\n",
        f"primer/reaching-pods.md:6: One: {ASKED}",
    ),
    (
        rules.questions_are_set_in_after_their_facts,
        "Text.\n\n::fact pods-come-and-go\n\n::question what-stays\n",
        "Text.\n\n::question what-stays\n\nText.\n\n::fact pods-come-and-go\n",
        f"primer/reaching-pods.md:8: {EARLY} (warning)",
    ),
    (
        rules.sections_are_of_a_good_length,
        f"Opening.\n\n## One\n\n{LONG}\n",
        "Opening.\n\n## One\n\nFew words.\n",
        f"primer/reaching-pods.md:{SHORT}",
    ),
    (
        rules.sections_are_of_a_good_length,
        f"Opening.\n\n## One\n\n{LONG}\n",
        f"## One\n\n{LONG * 3}\n",
        f"primer/reaching-pods.md:{MUCH}",
    ),
]


@pytest.mark.parametrize(("rule", "good", "bad", "problem"), CASES)
def test_rules_of_good_chapters(
    tmp_path: Path, rule: Rule, good: str, bad: str, problem: str
) -> None:
    write_chapter(write_bank(tmp_path, {"services": topic()}), good)
    assert list(rule(parse_bank(tmp_path))) == []

    write_chapter(tmp_path, bad)
    problems = [str(each).removeprefix(f"{tmp_path}/") for each in rule(parse_bank(tmp_path))]
    assert problems == [problem]
