"""What a field of the form says, as plain data, and back. Pure."""

from __future__ import annotations

import json
from typing import Any

from quizapp.authoring.edit.kinds import Widget
from quizapp.grading import bounded_yaml
from quizapp.grading.yaml_scalars import resolve

_LIMITS = bounded_yaml.Limits(bytes=20_000, depth=20, nodes=500)


def tidied(text: str) -> str:
    """A posted text with plain ends of lines, without what no database stores."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def value_of(widget: Widget, text: str) -> Any:
    """The plain data that a field holds; None where it holds nothing.

    Raises ValueError, with a sentence, for a VALUE that is no YAML.
    """
    if widget in (Widget.FLAG, Widget.ONE):
        return True if text else None
    if not text.strip():
        return None
    match widget:
        case Widget.LINES:
            return [line.strip() for line in text.split("\n") if line.strip()]
        case Widget.VALUE:
            return _parsed(text)
        case Widget.CODE:
            return text
    return text.strip()


def text_of(widget: Widget, value: Any) -> str:
    """What the field shows for a value, such that `value_of` gives the value again.

    A value that does not belong there is shown as text.
    """
    if value is None or value is False:
        return "false" if widget is Widget.VALUE and value is False else ""
    match widget:
        case Widget.FLAG | Widget.ONE:
            return "yes" if value is True else ""
        case Widget.LINES if isinstance(value, list):
            return "\n".join(" ".join(str(each).split()) for each in value)
        case Widget.VALUE:
            return _as_yaml(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parsed(text: str) -> Any:
    try:
        documents = bounded_yaml.parse(text, _LIMITS).documents
    except bounded_yaml.YamlError as error:
        raise ValueError(error.problems[0].message) from None
    return documents[0] if documents else None


def _as_yaml(value: Any) -> str:
    """JSON, which is YAML, but a text that YAML reads as itself without quotes."""
    if isinstance(value, str) and value == value.strip() and "\n" not in value:
        try:
            if resolve(value) == value and _parsed(value) == value:
                return value
        except ValueError:
            pass
    return json.dumps(value, ensure_ascii=False)
