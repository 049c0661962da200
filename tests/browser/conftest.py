"""A real Chromium against the live server. Whatever the console complains about fails the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import chromium

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread

HERE = Path(__file__).parent


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


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """Opens a page in a fresh browser context with the given options."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1280, "height": 900}} | options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"pageerror: {error}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [text for text in complaints if _is_unexpected(text)]


def _is_unexpected(complaint: str) -> bool:
    """Chromium and htmx also report what a test provokes on purpose, such as a refused form."""
    provoked = ("Failed to load resource", "htmx:sendError", "htmx:afterRequest")
    is_error = complaint.startswith(("error:", "warning:", "pageerror:"))
    return is_error and not any(text in complaint for text in provoked)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
