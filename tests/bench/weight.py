"""What a browser fetches for the heaviest review page, compressed as the server sends it."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urljoin

import brotli

from quizapp.content.models import Question
from quizapp.teams.models import User
from tests.bench.browser import Browser, Reply
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
        question: browser.get(f"/review/?question={question.pk}").body
        for question in Question.objects.all()
    }
    question, page = max(pages.items(), key=lambda each: len(each[1]))
    static = _fetched(browser, page.decode())
    packed = len(brotli.compress(page, quality=5))
    total = sum(static.values())
    database.close()
    return [
        Figure(f"HTML as it is sent ({question.kind})", len(page) / 1000, "KB", digits=1),
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
    urls = list(dict.fromkeys(urljoin("/review/", url) for url in IN_HTML.findall(page)))
    for url in urls:  # grows while it is walked
        reply = browser.get(url)
        weights[_ending(url)] += len(reply.body)
        inner = (urljoin(url, each) for each in _references(url, _text(reply)))
        urls += [each for each in dict.fromkeys(inner) if each not in urls]
    return weights


def _references(url: str, text: str) -> list[str]:
    patterns = {"css": IN_CSS, "js": IN_SCRIPT}
    pattern = patterns.get(_ending(url))
    return pattern.findall(text) if pattern else []


def _ending(url: str) -> str:
    return url.rsplit(".", 1)[-1]


def _text(reply: Reply) -> str:
    is_packed = dict(reply.headers).get("Content-Encoding") == "br"
    return (brotli.decompress(reply.body) if is_packed else reply.body).decode()
