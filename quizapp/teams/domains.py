"""The domains at which people must have an address to join a team. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST_DOMAINS = 20
LONGEST_DOMAIN = 253

_LABEL = r"(?!-)[^\W_](?:[^\W_]|-){0,62}(?<!-)"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


@dataclass(frozen=True, slots=True)
class Read:
    """`problem` is a sentence, empty where all of it makes sense."""

    domains: Sequence[str]
    problem: str = ""


def read_domains(text: str) -> Read:
    """Domains from what somebody typed, one a line, in lower case and each of them once.

    Commas and spaces part them as well, and an @ before one is left out.
    """
    typed = [part.removeprefix("@").rstrip(".").lower() for part in re.split(r"[\s,;]+", text)]
    domains = list(dict.fromkeys(part for part in typed if part))
    if len(domains) > MOST_DOMAINS:
        return Read(domains, f"Give {MOST_DOMAINS} domains at the most: these are {len(domains)}.")
    wrong = next((each for each in domains if not is_domain(each)), None)
    if wrong is None:
        return Read(domains)
    shown = wrong if len(wrong) <= 60 else f"{wrong[:60]}…"
    return Read(domains, f"“{shown}” is not a domain. Write it such as example.com.")


def is_domain(text: str) -> bool:
    """Whether it could be the domain of an address: two labels or more, and no number."""
    return len(text) <= LONGEST_DOMAIN and _DOMAIN.fullmatch(text) is not None


def is_welcome(email: str | None, domains: Collection[str]) -> bool:
    """Whether the address is at one of the domains itself; without domains, all are welcome.

    A domain is the same in letters of any script and in ASCII, as browsers and mail have it.
    """
    theirs = _in_ascii((email or "").rpartition("@")[2])
    return not domains or theirs in {_in_ascii(each) for each in domains}


@lru_cache(maxsize=256)
def _in_ascii(domain: str) -> str:
    """As mail is sent to it (IDNA 2003), in lower case; as it is where it cannot be so written."""
    try:
        return domain.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return domain.lower()
