"""A real Chromium against the live server. Whatever the console complains about fails the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import chromium

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread

HERE = Path(__file__).parent
TIMEOUT = 10_000  # milliseconds, for a machine that is busy with other things
expect.set_options(timeout=TIMEOUT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = chromium.find()
    if path is None:
        pytest.fail("The browser tests need Chromium: python -m tests.browser.chromium gets it.")
    return {"executable_path": path, "args": chromium.ARGUMENTS}


OpenPage = Callable[..., Page]
WINDOW: Any = {"width": 1280, "height": 900}


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the consoles of all pages said; nothing unexpected may be among it."""
    said: list[str] = []
    yield said
    assert not [text for text in said if _is_unexpected(text)]


@pytest.fixture
def open_page(browser: Browser, live_server: Any, complaints: list[str]) -> Iterator[OpenPage]:
    """Opens a page in a fresh browser context with the given options."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Page:
        page = _new_page(browser, live_server.url, complaints.append, options)
        contexts.append(page.context)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def kept_page(browser: Browser, live_server: Any) -> KeptPage:
    return KeptPage(browser, live_server.url)


@pytest.fixture
def page(kept_page: KeptPage, complaints: list[str]) -> Iterator[Page]:
    """A page without history, cookies or storage, which is kept from test to test.

    A test that does more to it, such as scripts for the start of each document, opens a page of
    its own with `open_page`.
    """
    yield kept_page.lend(complaints)
    kept_page.clean()


def _new_page(
    browser: Browser, url: str, complain: Callable[[str], None], options: dict[str, Any]
) -> Page:
    context = browser.new_context(base_url=url, **{"viewport": WINDOW} | options)
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    page.on("console", lambda message: complain(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complain(f"pageerror: {error}"))
    return page


class KeptPage:
    """One page for many tests: a new context costs Chromium more than most tests do."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._complaints: list[str] = []
        self._open()

    def _open(self) -> None:
        self._page = _new_page(self._browser, self._url, self._note, {})
        self._devtools = self._page.context.new_cdp_session(self._page)

    def _note(self, complaint: str) -> None:
        self._complaints.append(complaint)

    def lend(self, complaints: list[str]) -> Page:
        if self._page.is_closed():
            self._open()
        self._complaints = complaints
        return self._page

    def clean(self) -> None:
        context = self._page.context
        context.set_offline(False)
        self._page.unroute_all()
        for other in context.pages:
            if other != self._page:
                other.close()
        self._page.goto("about:blank")
        self._page.set_viewport_size(WINDOW)
        self._page.emulate_media(media="null", color_scheme="null", reduced_motion="null")
        context.clear_cookies()
        storage = {"origin": self._url, "storageTypes": "all"}
        self._devtools.send("Storage.clearDataForOrigin", storage)
        self._devtools.send("Page.resetNavigationHistory")


def _is_unexpected(complaint: str) -> bool:
    """Chromium and htmx also report what a test provokes on purpose, such as a refused form."""
    provoked = ("Failed to load resource", "htmx:sendError", "htmx:afterRequest")
    is_error = complaint.startswith(("error:", "warning:", "pageerror:"))
    return is_error and not any(text in complaint for text in provoked)
