"""Comparing texts that people typed, and showing them."""

from __future__ import annotations

import re
import unicodedata

_TYPOGRAPHIC = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛", "'"),
        **dict.fromkeys("‐‑‒–−", "-"),
        "—": "--",  # what phones make of the two dashes before an option
    }
)
_QUOTES = "\"'`"
_INLINE_MARKUP = re.compile(r"[\\`*_\[\]<>&~|#]")
_BACKTICKS = re.compile("`+")
_BLOCK_MARKUP = re.compile(r"^(\d*)([-+=.)])")


def tidy(text: str, *, keep_case: bool = False) -> str:
    """The text without what does not matter in a response.

    Unicode compatibility form (NFKC), quotes and dashes as on a keyboard, no invisible
    characters, single spaces, no quotes or code marks around it, no closing punctuation, and
    case folded unless it is kept. A final dot after a space or a slash names a folder, so it
    stays, as does a text that is nothing but quotes or punctuation. Tidying a tidied text
    changes nothing.
    """
    text = normalised(text, keep_case=keep_case)
    while (bare := _unquoted(_unpunctuated(text))) and bare != text:
        text = bare
    return text


def normalised(text: str, *, keep_case: bool = False) -> str:
    """The text in one Unicode form, case and spacing, with all its quotes and punctuation."""
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    text = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHIC)
    if not keep_case:
        text = unicodedata.normalize("NFKC", text.casefold())
    return " ".join(text.split())


def _unpunctuated(text: str) -> str:
    while True:
        text = text.rstrip(",;:!? ")
        undotted = text.rstrip(".")
        if undotted == text or undotted.endswith((" ", "/")):
            return text
        text = undotted


def _unquoted(text: str) -> str:
    for quote in _QUOTES:
        inner = text.strip(quote)
        if text.startswith(quote) and text.endswith(quote) and quote not in inner:
            return inner.strip()
    return text


def is_near_miss(given: str, wanted: str) -> bool:
    """Whether two tidied texts differ in the spelling of one long word.

    One letter is missing, added or changed, or two neighbours have changed places, in a word
    of six letters or more. Digits are never a matter of spelling: `v1` is not almost `v2`.
    """
    pairs = list(zip(given.split(), wanted.split(), strict=False))
    differing = [(word, right) for word, right in pairs if word != right]
    if len(given.split()) != len(wanted.split()) or len(differing) != 1:
        return False
    word, right = differing[0]
    return (
        sum(char.isalpha() for char in right) >= 6
        and _digits(word) == _digits(right)
        and _is_one_edit(word, right)
    )


def _digits(word: str) -> str:
    return "".join(char for char in word if char.isdigit())


def _is_one_edit(one: str, other: str) -> bool:
    differences = (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    start = next(differences, min(len(one), len(other)))
    one, other = one[start:], other[start:]
    is_added_missing_or_changed = one[1:] == other or one == other[1:] or one[1:] == other[1:]
    is_swapped = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return is_added_missing_or_changed or is_swapped


def as_markdown(text: str) -> str:
    """Markdown that shows the text, on one line, exactly as it was typed."""
    text = _INLINE_MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
    return _BLOCK_MARKUP.sub(r"\1\\\2", text)


def as_code(text: str, most: int = 200) -> str:
    """Markdown code that shows the text as it is, on one line, cut to `most` characters."""
    text = " ".join(text.split())
    if len(text) > most:
        text = f"{text[: most - 1]}…"
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    marks, space = "`" * (longest + 1), " " if longest else ""
    return f"{marks}{space}{text}{space}{marks}"
