"""Domains as people type them, and whose address is welcome."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.teams.domains import MOST_DOMAINS, is_domain, is_welcome, read_domains


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", []),
        ("example.com", ["example.com"]),
        ("@Example.COM\n\n  team.example.org.\r\n", ["example.com", "team.example.org"]),
        ("a.example, b.example; a.example", ["a.example", "b.example"]),
        ("bücher.example", ["bücher.example"]),
        ("xn--bcher-kva.example", ["xn--bcher-kva.example"]),
    ],
)
def test_domains_are_read_one_a_line(typed: str, read: list[str]) -> None:
    assert list(read_domains(typed).domains) == read
    assert not read_domains(typed).problem


@pytest.mark.parametrize(
    "typed",
    [
        "localhost",
        "alice@example.com",
        "https://example.com",
        "-a.example",
        "a-.example",
        "a..example",
        "10.0.0.1",
        "under_score.example",
        "*.example.com",
        "x" * 64 + ".example",
        "a." * 127 + "example",
        "<b>.example",
    ],
)
def test_what_is_no_domain_is_named(typed: str) -> None:
    problem = read_domains(f"example.com\n{typed}").problem
    assert typed[:60] in problem
    assert "such as example.com" in problem
    assert len(problem) < 150


def test_only_so_many_domains_are_taken() -> None:
    domains = [f"team{number}.example" for number in range(MOST_DOMAINS + 1)]
    assert not read_domains("\n".join(domains[:-1])).problem
    assert "at the most" in read_domains("\n".join(domains)).problem


@given(st.text(max_size=300))
def test_any_text_is_read_and_what_is_read_reads_alike(typed: str) -> None:
    read = read_domains(typed)
    if not read.problem:
        assert all(is_domain(each) for each in read.domains)
        assert read_domains("\n".join(read.domains)) == read


@pytest.mark.parametrize(
    ("email", "domains", "is_so"),
    [
        ("alice@example.com", [], True),
        (None, [], True),
        ("Alice@Example.com", ["example.com"], True),
        ("alice@xn--bcher-kva.example", ["bücher.example"], True),
        ("alice@BÜCHER.example", ["xn--bcher-kva.example"], True),
        ("alice@buecher.example", ["bücher.example"], False),
        ("alice@" + "ü" * 63 + ".example", ["ü" * 63 + ".example"], True),
        ("alice@sub.example.com", ["example.com"], False),
        ("alice@notexample.com", ["example.com"], False),
        ('"a@example.com"@elsewhere.example', ["example.com"], False),
        (None, ["example.com"], False),
        ("", ["example.com"], False),
    ],
)
def test_an_address_is_welcome_at_the_domain_itself(
    email: str | None,
    domains: list[str],
    is_so: bool,  # noqa: FBT001
) -> None:
    assert is_welcome(email, domains) is is_so
