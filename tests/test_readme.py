"""What the README says is true, and it says all there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizapp.grading import KINDS, parse_spec

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = sorted(path.stem for path in (ROOT / "quizapp/management/commands").glob("[a-z]*.py"))
TARGETS = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split()


def settings_read() -> list[str]:
    sources = [ROOT / "quizapp/settings.py", ROOT / "quizapp/management/commands/serve.py"]
    text = "".join(path.read_text() for path in sources)
    named = re.findall(r'env\.\w+\("(\w+)"|environ\.get\("(\w+)"', text)
    return sorted({one or other for one, other in named} | {"DATABASE_URL"})


@pytest.mark.parametrize("name", settings_read())
def test_every_setting_is_described(name: str) -> None:
    assert re.search(rf"^\|.*`{name}`", README, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_described(command: str) -> None:
    assert f"manage.py {command}" in README


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_named(kind: str) -> None:
    assert f"`{kind}`" in README


@pytest.mark.parametrize("target", [t for t in TARGETS if t not in ("lock", "format")])
def test_every_target_of_make_is_described(target: str) -> None:
    assert f"make {target}" in README


def test_every_key_is_described() -> None:
    keys = set()
    for template in (ROOT / "templates").rglob("*.html"):
        keys |= set(re.findall(r'data-key="([^"{]+)"', template.read_text()))
    assert keys
    for key in keys:
        for part in key.replace(" ", "Space").split("+"):
            assert f"`{part}`" in README


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_the_example_of_grading_works() -> None:
    spec = parse_spec("short_answer", {"accept": ["ClusterIP"]})
    assert spec.grade("clusterip").is_correct
    assert 'spec.grade("clusterip")' in README
