"""Addresses as people have them: in lists, in tables, and pasted from mail programs."""

from __future__ import annotations

import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.onboarding.invites.addresses import (
    MOST_BYTES,
    Fault,
    UnreadableError,
    is_address,
    read,
    text_of,
)

ALICE, BOB = "alice@example.com", "bob@example.com"


@pytest.mark.parametrize(
    "text",
    [
        f"{ALICE}\n{BOB}",
        f"{ALICE}\r\n\r\n{BOB}\r\n",
        f"{ALICE}\r{BOB}\r",
        f"\ufeff{ALICE}\n{BOB}",
        f"  {ALICE} ,{BOB}, ",
        f"{ALICE};{BOB}",
        f"{ALICE}, {BOB}; {ALICE}",
        f"{ALICE} {BOB}",
        f"Alice Ahmad <{ALICE}>, <{BOB}>",
        f'"Ahmad, Alice" <{ALICE}>, "Baker, Bob" <{BOB}>',
        f"mailto:{ALICE}\nBob {BOB}",
        f"Alice,{ALICE}\nBob,{BOB},St. John’s",
        f"Alice;{ALICE.upper()}\nBob;{BOB}",
        f"email\n{ALICE}\n{BOB}",
        f"Name,E-Mail\nAlice,{ALICE}\nBob,{BOB}\n,\n",
        f'First name;Last name;E-mail address\nAlice;"Ahmad; née Ali";{ALICE}\nBob;;{BOB}',
        f"Address,Email\n1 Main Street,{ALICE}\n2 Main Street,{BOB}",
        f'ADDRESS\tName\n{ALICE}\t"Alice\nAhmad"\n{BOB}\tBob',
        f"Email,{ALICE}\nEmail,{BOB}",
        f"Alice|{ALICE}\nBob|{BOB}",
        f"sep=;\nName;email\nAlice;{ALICE}\nBob;{BOB}",
    ],
)
def test_two_people_are_found_however_they_are_listed(text: str) -> None:
    found = read(text)
    assert list(found.found) == [ALICE, BOB]
    assert not found.faults


@pytest.mark.parametrize(
    ("text", "line", "quoted"),
    [
        (f"{ALICE}\n\nbob.example.com\n", 3, "bob.example.com"),
        (f"{ALICE}\r\nBob\r\n", 2, "Bob"),
        (f"{ALICE}, bob(at)example.com", 1, "bob(at)example.com"),
        (f"{ALICE}, {BOB}, Charlie", 1, "Charlie"),
        ("alice@example", 1, "alice@example"),
        ("alice@@example.com", 1, "alice@@example.com"),
        ("alice..ahmad@example.com", 1, "alice..ahmad@example.com"),
        ("alice@127.0.0.1", 1, "alice@127.0.0.1"),
        ("älice@example.com", 1, "älice@example.com"),
        (f"email\n{ALICE}\n\nbob\n", 4, "bob"),
        (f"Name,email\nAlice,{ALICE}\nBob,\n", 3, ""),
        (f"Name,email\nAlice,{ALICE}\nBob\n", 3, ""),
        (f'Name,email\n"Alice\nAhmad",{ALICE}\nBob,bob', 4, "bob"),
        ("sep=;\nName;email\nAlice;alice", 3, "alice"),
        ("a" * 90 + "@example.com", 1, "a" * 79 + "…"),
    ],
)
def test_what_is_no_address_is_named_with_its_line(text: str, line: int, quoted: str) -> None:
    assert read(text).faults == (Fault(line, quoted),)


def test_whoever_is_listed_twice_is_there_once_at_the_first_place() -> None:
    assert read(f"{BOB}\n{ALICE}\n{BOB.title()}\n").found == {BOB: 1, ALICE: 2}


def test_nothing_is_nothing() -> None:
    for text in ("", "\n \n", ",;,\n", "email\n", "\ufeff"):
        assert read(text).found == {}
        assert read(text).faults == ()


@pytest.mark.parametrize(
    "data",
    [
        f"Zoë;{ALICE}".encode(),
        codecs.BOM_UTF8 + f"Zoë;{ALICE}".encode(),
        f"Zoë;{ALICE}".encode("cp1252"),
        codecs.BOM_UTF16_LE + f"Zoë;{ALICE}".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + f"Zoë;{ALICE}".encode("utf-16-be"),
    ],
)
def test_a_file_is_read_in_whichever_encoding_it_was_saved(data: bytes) -> None:
    assert text_of(data) == f"Zoë;{ALICE}"
    assert list(read(text_of(data)).found) == [ALICE]


@pytest.mark.parametrize("data", [b"PK\x03\x04" + b"\0" * 30, b"\xd0\xcf\x11\xe0\xa1", b"a@b.c\0"])
def test_a_spreadsheet_in_its_own_format_is_refused_with_the_way_out(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="Save the list as CSV"):
        text_of(data)


def test_64_kilobytes_are_read_and_no_more() -> None:
    assert len(text_of(b"\n" * MOST_BYTES)) == MOST_BYTES
    with pytest.raises(UnreadableError, match="Split the list"):
        text_of(b"\n" * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a@b.co", True),
        ("o'hara+k8s@sub.example.co.uk", True),
        ("alice@bücher.example", True),
        ("a" * 64 + "@example.com", True),
        ("a" * 65 + "@example.com", False),
        ("a@" + ".".join(["b" * 60] * 4) + ".com", True),
        ("a" * 10 + "@" + ".".join(["b" * 60] * 4) + ".com", False),
        ("alice@-example.com", False),
        ("alice@example.com\nBcc: bob@example.com", False),
        ("alice @example.com", False),
        ("@example.com", False),
        ("alice@", False),
        ("", False),
    ],
)
def test_what_an_address_is(text: str, *, good: bool) -> None:
    assert is_address(text) is good


@given(st.text(max_size=300) | st.text("ab@.,;<>\"'\n\r\t =", max_size=300))
def test_whatever_is_typed_is_read_and_only_addresses_come_of_it(text: str) -> None:
    found = read(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(is_address(each) and each == each.lower() for each in found.found)
    assert all(1 <= line <= lines for line in found.found.values())
    assert all(1 <= fault.line <= lines for fault in found.faults)
    assert ("@" not in text) or found.found or found.faults


@given(st.binary(max_size=400))
def test_whatever_is_uploaded_is_text_or_refused(data: bytes) -> None:
    with suppress(UnreadableError):
        assert read(text_of(data))


NAMES = st.text("abcdefghij", min_size=1, max_size=8)


@given(st.lists(NAMES, min_size=1, max_size=30, unique=True), st.sampled_from(",;\t"))
def test_a_table_and_a_list_of_the_same_people_say_the_same(names: list[str], cut: str) -> None:
    emails = [f"{name}@example.com" for name in names]
    rows = [f'"{name}, {name}"{cut}{email}' for name, email in zip(names, emails, strict=True)]
    assert list(read("\n".join(emails)).found) == emails
    assert list(read("\r\n".join([f"Name{cut}email", *rows])).found) == emails
