"""Values as YAML, the way authors of the content files write it. Pure.

What is written here is read back by `bounded_yaml` as the same value: texts for which no better
looking form does that are written in double quotes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from quizapp.grading import bounded_yaml

WIDTH = 120
"""Of a line, in characters."""

_SHORT = 80  # characters of all the texts of a list that is written on one line
_STR = "tag:yaml.org,2002:str"


class _Styled(str):
    """A text with the style that it should be written in, if that can be."""

    __slots__ = ("style",)

    style: str | None

    def __new__(cls, text: str, style: str | None) -> _Styled:
        styled = super().__new__(cls, text)
        styled.style = style
        return styled


class _Dumper(yaml.SafeDumper):
    """Indents the items of lists, and never writes aliases, which are not read."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - overrides
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - overrides
        super().increase_indent(flow, indentless=False)


class _QuotingDumper(_Dumper):
    """Writes every text that could be misread in double quotes."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(_STR, text, style=_style_for(text))


def _style_for(text: str) -> str | None:
    if "\n" in text:
        return "|"
    if len(text) > WIDTH - 20:
        return ">"
    if _says(f"- {text}", [text]):
        return None
    return "'" if '"' in text or "\\" in text else '"'


def _styled(dumper: yaml.SafeDumper, text: _Styled) -> yaml.ScalarNode:
    return dumper.represent_scalar(_STR, str(text), style=text.style)


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if text.isascii() and text.isidentifier() else '"'
    return dumper.represent_scalar(_STR, str(text), style=style)


def _list(dumper: yaml.SafeDumper, items: Any) -> yaml.SequenceNode:
    is_flat = all(not isinstance(each, (dict, list)) for each in items)
    is_short = is_flat and sum(len(str(each)) for each in items) < _SHORT
    is_flow = is_short and "\n" not in "".join(map(str, items))
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=is_flow)


for _each in (_Dumper, _QuotingDumper):
    _each.add_representer(list, _list)
    _each.add_representer(tuple, _list)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Styled, _styled)
_QuotingDumper.add_representer(str, _quoted)
_QuotingDumper.add_representer(_Styled, _quoted)


def written(value: Any, *, indent: int = 0) -> str:
    """A mapping or list as lines of YAML, each ended; `indent` is where they will stand."""
    for dumper in (_Dumper, _QuotingDumper):
        text: str = yaml.dump(
            value,
            Dumper=dumper,
            sort_keys=False,
            allow_unicode=True,
            width=max(40, WIDTH - indent),
            default_flow_style=False,
        )
        if _says(text, value):
            break
    return text


def in_style(value: Any, style: str | None) -> Any:
    """The value, to be written in the style of the text that it replaces, where that fits.

    `style` is that of PyYAML's nodes: None, or one of `'`, `"`, `|`, `>`.
    """
    if not isinstance(value, str):
        return value
    is_long = len(value) > WIDTH - 20
    if "\n" in value:
        return _Styled(value, ">" if style == ">" and "\n " not in value else "|")
    if is_long or style in ("|", ">"):
        return _Styled(value, "|" if style == "|" and not is_long else ">")
    return _Styled(value, style or _style_for(value))


def in_quotes(text: str) -> str:
    """The text, to be written on one line or in quotes, which nothing below can become part of."""
    is_block = "\n" in text or len(text) > WIDTH - 20
    return _Styled(text, '"' if is_block else _style_for(text))


def field(name: str, value: Any, *, indent: int) -> str:
    """A field of a mapping that stands `indent` columns from the left, as lines."""
    return shifted(written({name: value}, indent=indent), indent)


def item(value: Any, *, indent: int) -> str:
    """An item of a list whose dash stands `indent` columns from the left, as lines."""
    if isinstance(value, Mapping):
        value = dict(value)
        lines = shifted(written(value, indent=indent + 2), 2) if value else "  {}\n"
        return shifted(f"- {lines[2:]}", indent)
    text = written({"-": value}, indent=indent)
    return shifted(f"-{text.partition(':')[2]}", indent)


def shifted(lines: str, by: int) -> str:
    """Lines moved to the right, or to the left as far as there is room; blank ones stay."""
    return "".join(_moved(line, by) for line in lines.splitlines(keepends=True))


def _moved(line: str, by: int) -> str:
    if not line.strip():
        return line
    if by >= 0:
        return " " * by + line
    return line[min(-by, len(line) - len(line.lstrip(" "))) :]


def _says(text: str, value: Any) -> bool:
    try:
        return bounded_yaml.parse(text).documents == [value]
    except bounded_yaml.YamlError:
        return False
