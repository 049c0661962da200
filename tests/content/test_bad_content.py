"""Bad content gives located sentences, and leaves the database as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.content.banks import FRONT, all_rows, load_from, write_bank, write_chapter

GOOD = """\
title: Services
summary: How to reach Pods.
facts: []
questions: []
"""


def _merge_bomb() -> str:
    levels = "".join(
        f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}]}}\n" for n in range(1, 9)
    )
    return "l0: &l0 {a: 1}\n" + levels


def _alias_bomb() -> str:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9))
    return "l0: &l0 [a]\n" + levels


BAD_FILES: dict[str, tuple[bytes, int, str]] = {
    "malformed": (b"title: [a\nsummary: b\n", 1, "closing"),
    "a stray colon": (b"title: Types: a list\n", 1, "quote"),
    "tabs": (GOOD.encode() + b"\tmore: x\n", 5, "tab"),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), 1, "byte order mark"),
    "a NUL": (GOOD.replace("Pods", "P\0ds").encode(), 2, "U+0000"),
    "an escaped NUL": (GOOD.replace("How to reach Pods.", r'"P\0ds"').encode(), 2, "character"),
    "Latin-1": (GOOD.replace("Pods", "Pöds").encode("latin-1"), 2, "UTF-8"),
    "UTF-16": (GOOD.encode("utf-16"), 1, "UTF-8"),
    "a wrong type": (GOOD.replace("Services", "80").encode(), 1, 'title: write "80" in quotes'),
    "a list at the top": (b"- a\n", 1, "write fields here"),
    "a text at the top": (b"hello\n", 1, "write fields here"),
    "an unknown field": (GOOD.encode() + b"summery: x\n", 5, "did you mean `summary`?"),
    "a key given twice": (GOOD.encode() + b"title: x\n", 5, "first on line 1"),
    "a tag": (GOOD.replace("Services", "!!python/name:os.system x").encode(), 1, "tag"),
    "aliases": (_alias_bomb().encode(), 1, "anchor"),
    "merge keys": (_merge_bomb().encode(), 1, "anchor"),
    "60 KB of brackets": (b"[" * 60_000, 1, "nested too deeply"),
    "60 KB of braces": (b"{a: " * 15_000, 1, "nested too deeply"),
    "60 KB of hyphens": (b"- " * 30_000, 1, "nested too deeply"),
    "10 MB": (b"# " + b"x" * 10_000_000, 1, "larger than 2 MB"),
    "a huge number": (GOOD.replace("Services", "9" * 5000).encode(), 1, "too many digits"),
    "an endless text": (GOOD.replace("Services", "x" * 30_000).encode(), 1, "too long"),
    "two documents": (GOOD.encode() + b"---\n" + GOOD.encode(), 5, "1 document"),
    "nothing": (b"", 1, "empty"),
    "only a comment": (b"# later\n", 1, "empty"),
    "an unknown fact": (
        GOOD.replace("questions: []", "questions:\n- {id: q, facts: [nobody]}").encode(),
        5,
        "there is no fact nobody",
    ),
    "a taken id": (
        GOOD.replace("facts: []", "facts:\n- {id: pods-come-and-go}").encode(),
        4,
        "is taken by",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_with_its_line_and_changes_nothing(tmp_path: Path, name: str) -> None:
    data, line, words = BAD_FILES[name]
    load_from(write_bank(tmp_path))
    before = all_rows()
    path = tmp_path / "topics" / "zz-bad.yaml"
    path.write_bytes(data)

    with pytest.raises(CommandError) as refused:
        call_command("loadcontent", tmp_path)

    located = [
        each for each in str(refused.value).splitlines() if each.startswith(f"{path}:{line}:")
    ]
    assert any(words in each for each in located), str(refused.value)
    assert all_rows() == before


BAD_CHAPTERS: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 1, "three hyphens"),
    "no front matter": (b"Text.\n", 1, "three hyphens"),
    "front matter without an end": (b"---\ntitle: x\n", 1, "three hyphens"),
    "empty front matter": (b"---\n---\nText.\n", 1, "empty"),
    "no title": (FRONT.replace("title", "titel").encode(), 2, "did you mean `title`?"),
    "a title that is no text": (FRONT.replace("Reaching Pods", "80").encode(), 2, "in quotes"),
    "malformed front matter": (FRONT.replace("Reaching", "[").encode(), 2, "closing"),
    "no text": (FRONT.encode(), 6, "write the text of the chapter here"),
    "a NUL": (f"{FRONT}T\0ext.\n".encode(), 6, "U+0000"),
    "Latin-1": (f"{FRONT}Täxt.\n".encode("latin-1"), 6, "UTF-8"),
    "1 MB": (FRONT.encode() + b"x" * 1_000_000, 1, "larger than 200 KB"),
    "an unknown fact": (f"{FRONT}Text.\n\n::fact nobody\n".encode(), 8, "there is no fact"),
    "60 KB of brackets": (FRONT.encode() + b"[" * 60_000 + b"\n\n::x\n", 8, "is not known"),
    "60 KB of quotes": (FRONT.encode() + b">" * 60_000 + b"\n\n::x\n", 8, "is not known"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD_CHAPTERS)
def test_a_bad_chapter_is_refused_with_its_line_and_changes_nothing(
    tmp_path: Path, name: str
) -> None:
    data, line, words = BAD_CHAPTERS[name]
    write_chapter(write_bank(tmp_path))
    load_from(tmp_path)
    before = all_rows()
    path = tmp_path / "primer" / "zz-bad.md"
    path.write_bytes(data)

    with pytest.raises(CommandError) as refused:
        call_command("loadcontent", tmp_path)

    located = [
        each for each in str(refused.value).splitlines() if each.startswith(f"{path}:{line}:")
    ]
    assert any(words in each for each in located), str(refused.value)
    assert all_rows() == before


def _no_tracks(folder: Path) -> None:
    (folder / "tracks.yaml").unlink()


def _no_topics(folder: Path) -> None:
    (folder / "topics" / "services.yaml").unlink()
    (folder / "topics").rmdir()


def _topics_is_a_file(folder: Path) -> None:
    _no_topics(folder)
    (folder / "topics").write_text("")


def _topic_is_a_folder(folder: Path) -> None:
    (folder / "topics" / "dns.yaml").mkdir()


def _topic_is_a_loop(folder: Path) -> None:
    (folder / "topics" / "dns.yaml").symlink_to("dns.yaml")


def _topic_is_endless(folder: Path) -> None:
    (folder / "topics" / "dns.yaml").symlink_to("/dev/zero")


def _name_is_no_slug(folder: Path) -> None:
    (folder / "topics" / "Name Service.yaml").write_text(GOOD)


def _name_is_long(folder: Path) -> None:
    (folder / "topics" / f"{'x' * 81}.yaml").write_text(GOOD)


def _chapter_is_misnamed(folder: Path) -> None:
    write_chapter(folder, slug="Reaching Pods")


def _chapter_suffix_is_long(folder: Path) -> None:
    write_chapter(folder).rename(folder / "primer" / "dns.markdown")


def _primer_is_a_file(folder: Path) -> None:
    (folder / "primer").write_text("")


def _diagram_is_endless(folder: Path) -> None:
    body = "![x](diagrams/x.svg)"
    write_chapter(folder, body)
    (folder / "primer" / "diagrams").mkdir()
    (folder / "primer" / "diagrams" / "x.svg").symlink_to("/dev/zero")


def _suffix_is_short(folder: Path) -> None:
    (folder / "topics" / "dns.yml").write_text(GOOD)


def _suffix_is_large(folder: Path) -> None:
    (folder / "topics" / "dns.YAML").write_text(GOOD)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (_no_tracks, "tracks.yaml:1: is missing"),
        (_no_topics, "topics:1: is missing"),
        (_topics_is_a_file, "topics:1: cannot be read: Not a directory"),
        (_topic_is_a_folder, "topics/dns.yaml:1: is not a file"),
        (_topic_is_a_loop, "topics/dns.yaml:1: cannot be read: Too many levels of symbolic links"),
        (_topic_is_endless, "topics/dns.yaml:1: is not a file"),
        (_name_is_no_slug, "topics/Name Service.yaml:1: rename the file: write lower-case words"),
        (
            _name_is_long,
            f"topics/{'x' * 81}.yaml:1: rename the file: shorten this to 80 characters, it has 81",
        ),
        (_chapter_is_misnamed, "primer/Reaching Pods.md:1: rename the file: write lower-case"),
        (_chapter_suffix_is_long, "primer/dns.markdown:1: rename the file: chapters are read"),
        (_primer_is_a_file, "primer:1: cannot be read: Not a directory"),
        (_diagram_is_endless, "primer/diagrams/x.svg:1: is not a file"),
        (
            _suffix_is_short,
            "topics/dns.yml:1: rename the file: topics are read from files that end",
        ),
        (_suffix_is_large, "topics/dns.YAML:1: rename the file: topics are read from files that"),
    ],
)
def test_a_damaged_folder_is_refused_and_changes_nothing(
    tmp_path: Path, damage: Callable[[Path], None], sentence: str
) -> None:
    load_from(write_bank(tmp_path))
    before = all_rows()
    damage(tmp_path)

    with pytest.raises(CommandError) as refused:
        call_command("loadcontent", tmp_path)

    assert f"{tmp_path}/{sentence}" in str(refused.value)
    assert all_rows() == before


def test_a_missing_folder_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere:1: there is no such folder"):
        call_command("loadcontent", tmp_path / "nowhere")
