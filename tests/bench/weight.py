"""What a browser fetches for the heaviest review page, compressed as the server sends it."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urljoin

import brotli
from django.conf import settings

from quizapp.content.models import Question
from quizapp.teams.models import User
from tests.bench.browser import Browser
from tests.bench.databases import Database, with_content
from tests.bench.figures import Figure
from tests.bench.learning import signed_in

TITLE = "Weight of the heaviest review page"
MOST_KB = 60

IN_HTML = re.compile(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"')
IN_CSS = re.compile(r'url\("?([^")]+)"?\)')
IN_SCRIPT = re.compile(r'(?:from|import)\s*\(?"(\.[^"]+)"')


def figures(*, is_full: bool) -> list[Figure]:
    database = Database("weight", copy_of=with_content())
    database.use()
    browser = signed_in(User.objects.create_guest())
    pages = {
        slug: browser.get(f"/review/?question={pk}").body
        for slug, pk in Question.objects.values_list("slug", "pk")
    }
    slug, page = max(pages.items(), key=lambda each: len(each[1]))
    static = _fetched(browser, page.decode())
    packed = len(brotli.compress(page, quality=5))
    total = sum(static.values())
    database.close()
    return [
        Figure(f"HTML as it is sent ({slug})", len(page) / 1000, "KB", digits=1),
        Figure("HTML, if a proxy packs it with brotli", packed / 1000, "KB", digits=1),
        *(
            Figure(f"{suffix.upper()} with brotli", weight / 1000, "KB", digits=1)
            for suffix, weight in sorted(static.items())
        ),
        Figure("All, HTML as it is sent", (len(page) + total) / 1000, "KB", most=MOST_KB, digits=1),
        Figure("All, HTML packed", (packed + total) / 1000, "KB", most=MOST_KB, digits=1),
    ]


def _fetched(browser: Browser, page: str) -> Counter[str]:
    """Bytes of everything that the page refers to, directly or not, by the ending of its name."""
    weights: Counter[str] = Counter()
    waiting = [urljoin("/review/", url) for url in IN_HTML.findall(page)]
    known = set(waiting)
    waiting = list(known)
    for url in waiting:
        reply = browser.get(url)
        weights[url.rsplit(".", 1)[-1]] += len(reply.body)
        inner = [urljoin(url, each) for each in _references(url, _unpacked(reply.headers, reply.body))]
        waiting += [each for each in inner if each not in known]
        known |= set(inner)
    return weights


def _references(url: str, text: str) -> list[str]:
    patterns = {"css": IN_CSS, "js": IN_SCRIPT}
    pattern = patterns.get(url.rsplit(".", 1)[-1])
    return pattern.findall(text) if pattern else []


def _unpacked(headers: list[tuple[str, str]], body: bytes) -> str:
    encoding = dict(headers).get("Content-Encoding", "")
    return (brotli.decompress(body) if encoding == "br" else body).decode()
