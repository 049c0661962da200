from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from quizapp.content.importing import csv_rows
from quizapp.content.importing.csv_columns import COLUMNS, cells_of, fields_of
from quizapp.content.importing.csv_rows import CsvRow, defused, undefused
from quizapp.content.parsing import question_from
from quizapp.content.problems import ContentError
from quizapp.content.schema import Question
from quizapp.grading import KINDS
from tests.content.banks import question

Raw = dict[str, Any]


COMMON = {name: value for name, value in question().items() if name != "back"}


def read(*lines: str) -> list[CsvRow]:
    return csv_rows.read("\n".join(lines), "new.csv")


def only(*lines: str) -> CsvRow:
    (row,) = read(*lines)
    return row


def refusal(text: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        csv_rows.read(text, "new.csv")
    return [str(problem) for problem in caught.value.problems]


def faults(*lines: str) -> list[str]:
    return [str(problem) for problem in only(*lines).faults]


def problems(*lines: str) -> list[str]:
    row = only(*lines)
    with pytest.raises(ContentError) as caught:
        question_from({**COMMON, **row.raw}, "services", row.place)
    return [str(problem) for problem in caught.value.problems]


# What is written is read back


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn", "Co"])
    | st.sampled_from("\n\t,;\"'=+-@|{}[]#:\\"),
    min_size=1,
    max_size=40,
).filter(lambda text: bool(text.strip()) and "\ufeff" not in text)
TIDY = TEXTS.map(str.strip)
YES = st.sampled_from([True])
SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
YAML_VALUES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TIDY
OPTION = st.fixed_dictionaries(
    {"text": TIDY},
    optional={"correct": YES, "pinned": YES, "feedback": TIDY},
)
PAIR = st.fixed_dictionaries({"left": TIDY, "right": TIDY}, optional={"feedback": TIDY})
CHECK = st.fixed_dictionaries({"path": TIDY, "hint": TIDY}, optional={"equals": YAML_VALUES})


def few(of: Any, most: int = 6) -> Any:
    return st.lists(of, min_size=1, max_size=most)


SOURCES = st.fixed_dictionaries(
    {"id": SLUGS, "topic": SLUGS, "kind": st.sampled_from(list(KINDS)), "facts": few(SLUGS)},
    optional={
        "version": st.integers(2, 9999),
        "bloom": st.sampled_from(["remember", "apply"]),
        "scenario": YES,
        "docs": st.just("docs/concepts/"),
        **dict.fromkeys(("stem", "explanation", "back", "pattern"), TIDY),
        **dict.fromkeys(("starter", "solution"), TEXTS),
        "options": few(OPTION, 9),
        "steps": few(TIDY),
        "accept": few(TIDY),
        "distractors": few(TIDY),
        "case_sensitive": YES,
        "blanks": st.dictionaries(SLUGS, st.fixed_dictionaries({"accept": few(TIDY)}), min_size=1),
        "checks": few(CHECK),
        "wrong": few(st.fixed_dictionaries({"text": TIDY, "feedback": TIDY})),
    },
)


@trying(max_examples=60)
@given(st.lists(SOURCES, min_size=1, max_size=4))
def test_whatever_is_written_is_read_back_as_the_same(sources: list[Raw]) -> None:
    rows = csv_rows.read(csv_rows.write(sources), "out.csv")

    assert [row.raw for row in rows] == sources
    assert not any(row.faults for row in rows)


@trying(max_examples=30)
@given(SOURCES, few(PAIR))
def test_so_are_pairs_which_share_the_columns_of_feedback(source: Raw, pairs: list[Raw]) -> None:
    written = {name: value for name, value in source.items() if name != "options"}
    written["pairs"] = pairs

    assert only(csv_rows.write([written])).raw == written


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_goes_out_and_comes_in(kind: str) -> None:
    entry = question_from(question(kind=kind), "services")

    row = only(csv_rows.write([entry.source()]))

    topic = row.raw.pop("topic")
    assert question_from(row.raw, topic, row.place).source() == entry.source()


def test_common_fields_options_and_feedback_have_columns_of_their_own() -> None:
    source = {**question(kind="single_choice"), "topic": "services"}

    (row,) = csv.DictReader(io.StringIO(csv_rows.write([source])))

    assert row["option_2"] == "NodePort"
    assert row["feedback_2"] == "That one opens a port on each node."
    assert row["correct"] == "1"
    assert row["facts"] == "pods-come-and-go"
    assert "more" not in row
    assert "step_1" not in row


def test_what_has_no_column_is_json_in_one_cell() -> None:
    cells = cells_of({"id": "x", "blanks": {"type": {"accept": ["ClusterIP"]}}})

    assert cells == {"id": "x", "more": '{"blanks": {"type": {"accept": ["ClusterIP"]}}}'}


def test_a_text_of_several_lines_among_accepted_ones_is_not_torn_apart() -> None:
    cells = cells_of({"accept": ["two\nlines", "one"]})

    assert "accept" not in cells
    assert fields_of(cells).raw == {"accept": ["two\nlines", "one"]}


# Formulas


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'=", "''-", "\uff1d", " ="])
def test_no_cell_that_is_written_begins_as_a_formula(start: str) -> None:
    text = f"{start}HYPERLINK('https://example.com')"

    assert defused(text) == f"'{text}"
    assert undefused(defused(text)) == text


@pytest.mark.parametrize("text", ["", "'tis", "a=b", "1-2", "''"])
def test_other_cells_are_written_as_they_are(text: str) -> None:
    assert defused(text) == text
    assert undefused(text) == text


@given(st.text())
def test_a_defused_cell_is_read_as_what_it_was(text: str) -> None:
    assert undefused(defused(text)) == text
    assert not defused(text).startswith(tuple("=+-@\t\r"))


def test_a_formula_goes_out_defused_and_comes_back_as_it_was() -> None:
    source = {**question(stem="=1+1?", back="-n web"), "topic": "services"}

    text = csv_rows.write([source])

    assert "'=1+1?" in text
    assert only(text).raw["stem"] == "=1+1?"
    assert only(text).raw["back"] == "-n web"


# What people write by hand


def test_columns_may_be_in_any_order_and_in_capitals_and_rows_may_be_blank() -> None:
    (row,) = read("Kind, ID ,stem", "", ",,", 'flashcard, what-stays ,"What stays, then?"')

    assert row.raw == {"id": "what-stays", "kind": "flashcard", "stem": "What stays, then?"}
    assert row.place.line == 4


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_divide_cells_too(delimiter: str) -> None:
    row = only(delimiter.join(["id", "kind", "stem"]), delimiter.join(["a", "flashcard", "b, c"]))

    assert row.raw["stem"] == "b, c"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lines_may_end_in_any_way(end: str) -> None:
    text = f'id,kind,stem{end}a,flashcard,"one{end}two"{end}b,flashcard,c{end}'

    first, second = csv_rows.read(text, "new.csv")

    assert first.raw["stem"] == "one\ntwo"
    assert (second.number, second.place.line) == (3, 4)


def test_more_may_be_yaml() -> None:
    row = only("id,kind,more", 'a,cloze,"text: The {{type}}.\nblanks:\n  type: {accept: [A]}"')

    assert row.raw["blanks"] == {"type": {"accept": ["A"]}}


def test_html_stays_text() -> None:
    row = only("id,kind,stem", "a,flashcard,<script>alert(1)</script>")

    assert row.raw["stem"] == "<script>alert(1)</script>"


# What is wrong is said with its place


def test_a_problem_of_the_parser_names_line_and_column() -> None:
    header = "id,kind,option_1,option_2,feedback_2,correct,docs,step_1"

    assert problems(header, 'a,single_choice,A,B,"x",1,elsewhere,first') == [
        "new.csv:2: docs: write a path on kubernetes.io, such as docs/concepts/workloads/pods/",
        "new.csv:2: step_1: is not a field of a single_choice question; did you mean `stem`?",
    ]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ("version,2.5", "version: write a whole number here"),
        ("scenario,perhaps", "scenario: write true or false here"),
        ("correct,3", "correct: write the numbers of options, such as 1 3: there is no option 3"),
        ("pinned,all", "pinned: write the numbers of options, such as 1 3: there is no option all"),
        ("feedback_4,Why", "feedback_4: there is no option or pair 4 that this could be said of"),
        ("more,text", "more: write fields here, such as `name: value`"),
        ("more,stem: twice", "more: `stem` has a column of its own that is filled in: clear one"),
        ("more,*alias", "more: line 1 of the cell: `*alias` is an alias, which is not allowed."),
    ],
)
def test_a_cell_that_cannot_be_read_says_what_to_write(cells: str, fault: str) -> None:
    column, value = cells.split(",")

    (found,) = faults(f"id,kind,stem,{column}", f"a,flashcard,What?,{value}")

    assert found.startswith(f"new.csv:2: {fault}")


def test_parts_of_lists_are_found_by_the_columns_that_they_stand_in() -> None:
    fields = fields_of({"option_2": "A", "option_5": "B", "feedback_5": "No.", "correct": "5"})

    assert fields.raw["options"] == [
        {"text": "A"},
        {"text": "B", "correct": True, "feedback": "No."},
    ]
    assert fields.column(("options", 1, "text")) == "option_5"
    assert fields.column(("options", 1, "feedback")) == "feedback_5"
    assert fields.column(("options", 0, "correct")) == "correct"
    assert fields.column(("facts", 3)) == "facts"
    assert fields.column(("checks", 0, "path")) == "more"
    assert fields.column(()) == ""


def test_a_missing_right_side_is_missed_in_its_own_column() -> None:
    fields = fields_of({"left_3": "A"})

    assert fields.raw["pairs"] == [{"left": "A"}]
    assert fields.column(("pairs", 0, "right")) == "right_3"


def test_cells_beyond_the_columns_are_not_dropped() -> None:
    assert faults("id,kind", "a,flashcard,,more") == [
        "new.csv:2: has more cells than there are columns; put a text with commas in quotes"
    ]


# Files that are hostile, or no such files


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "new.csv:1: the file is empty"),
        ("\n , \n", "new.csv:1: the file is empty"),
        ("id,kind", "new.csv:1: there is no question below the columns' names"),
        ("stem\nWhat?", "new.csv:1: there is no column `id`"),
        ("id,kind,id\n", "new.csv:1: `id` is the name of the columns 1 and 3; keep one"),
        (
            "id,kind,stems\n",
            "new.csv:1: `stems` is not a column of questions; did you mean `stem`?",
        ),
        ("id,kind,,stem\n", "new.csv:1: column 3 has no name"),
        ('id,kind\na,b\n"c,d\ne', "new.csv:3: a cell of this row opens with a quote that is never"),
        (
            'id,kind\n"a"b,c',
            "new.csv:2: a cell of this row goes on after its closing quote; double",
        ),
        ("id,kind\na," + "x" * 140_000, "new.csv:2: a cell of this row is too long; perhaps it"),
        ("," * 5000, "new.csv:1: the file is empty"),
        ("x," * 5000, "new.csv:1: there are 5,000 columns; at most 100 are read"),
        ("id,kind\n" + "a,b\n" * 2001, "new.csv:2002: split the file: at most 2,000 questions"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_a_sentence(text: str, problem: str) -> None:
    assert refusal(text)[0].startswith(problem)


def test_not_more_problems_are_told_than_anybody_reads() -> None:
    assert len(refusal(",".join(f"x{number}" for number in range(90)))) == 20


def test_every_field_of_a_question_has_a_column_or_stands_in_more() -> None:
    common = set(Question.model_fields) - {"spec"}

    assert common <= set(COLUMNS)
    assert {"topic", "more"} <= set(COLUMNS)
    assert len(set(COLUMNS)) == len(COLUMNS)


# What the guide for authors says


def test_the_guide_describes_every_column_and_its_example_can_be_read() -> None:
    guide = (settings.BASE_DIR / "content" / "README.md").read_text()
    section = guide.partition("## Questions as CSV\n")[2].partition("\n## ")[0]
    numbered = re.compile(r"_[2-9]$")

    for column in COLUMNS:
        assert f"`{numbered.sub('_1', column)}`" in section
    row = only(section.partition("```csv\n")[2].partition("```")[0])
    topic = row.raw.pop("topic")
    assert question_from(row.raw, topic, row.place).topic == "service-types"
