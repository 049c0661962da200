"""Several who sign in at once as Alice, in this process or in one that is told to by lines."""

from __future__ import annotations

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from django.test import Client

from tests.account.people import sign_in

OUTCOMES = ("is wrong", "Wait five minutes")


def sign_in_at_once(passwords: list[str]) -> Counter[str]:
    """How often the page said which of the outcomes."""
    with ThreadPoolExecutor(len(passwords)) as pool:
        pages = list(pool.map(_page_after, passwords))
    return Counter({each: sum(each in page for page in pages) for each in OUTCOMES})


def _page_after(password: str) -> str:
    try:
        browser = Client(SERVER_NAME="localhost")
        return str(sign_in(browser, password=password).content.decode())
    finally:
        connections.close_all()


def answer_lines() -> None:
    """Says that it listens; then tells for each line, a list of passwords, what came of it."""
    Client(SERVER_NAME="localhost").get("/account/login/")
    _say("listening")
    for line in sys.stdin:
        _say(json.dumps(sign_in_at_once(json.loads(line))))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
