"""The error pages: in the product's look, standing alone, even when the database is away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from quizapp import urls
from quizapp.content.models import Topic
from quizapp.templatetags import constant
from tests.factories import UserFactory

ERRORS: dict[str, type[Exception]] = {
    "missing": Http404,
    "forbidden": PermissionDenied,
    "suspicious": SuspiciousOperation,
    "broken": RuntimeError,
}
HTMX = {"HX-Request": "true"}


def failing(request: HttpRequest, how: str) -> HttpResponse:
    raise ERRORS[how]("A secret reason.")


def read_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST["text"])


def signed_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user))


def count_topics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Topic.objects.count())


handler400 = urls.handler400
handler500 = urls.handler500
urlpatterns = [
    *urls.urlpatterns,
    path("fail/<str:how>/", failing),
    path("read-post/", read_post),
    path("signed-in/", signed_in),
    path("count/", count_topics),
]

pytestmark = pytest.mark.urls(__name__)

PAGES = [
    ("/no-such-page/", 404, "There is no such page"),
    ("/fail/missing/", 404, "There is no such page"),
    ("/fail/forbidden/", 403, "This page is not open to you"),
    ("/fail/suspicious/", 400, "That request was not understood"),
    ("/fail/broken/", 500, "Something went wrong on our side"),
    ("/questions/1/suspend/", 405, "There is nothing to see here"),
]


@pytest.fixture
def browser() -> Client:
    """A client that shows the error page, as a browser would, in place of the exception."""
    return Client(raise_request_exception=False)


def assert_in_our_look(response: Any, heading: str) -> None:
    page = response.content.decode()
    assert response["Content-Type"].startswith("text/html")
    assert "Content-Security-Policy" in response
    assert " ".join(page.partition("<h1")[2].partition("</h1>")[0].split()).endswith(heading)
    assert "quizapp/page.css" in page
    assert page.count("<title>") == page.count("<main") == page.count("</html>") == 1
    assert 'href="/"' in page
    assert "A secret reason" not in page
    assert "csrf" not in page.lower()


# These have no database: whatever asked for it would fail.


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("cookies", [{}, {"sessionid": "x" * 32}], ids=["visitor", "session"])
@pytest.mark.parametrize(("address", "status", "heading"), PAGES)
def test_each_page_stands_alone_without_the_database(
    browser: Client,
    address: str,
    status: int,
    heading: str,
    cookies: dict[str, str],
    headers: dict[str, str],
) -> None:
    browser.cookies.load(cookies)
    response = browser.get(address, headers=headers)
    assert response.status_code == status
    assert_in_our_look(response, heading)


@pytest.mark.parametrize(("address", "status", "heading"), PAGES)
@pytest.mark.django_db
def test_somebody_signed_in_gets_the_same_page_without_a_query(
    browser: Client, address: str, status: int, heading: str, django_assert_num_queries: Any
) -> None:
    browser.force_login(UserFactory())
    with django_assert_num_queries(0):
        response = browser.get(address)
    assert response.status_code == status
    assert_in_our_look(response, heading)


def test_a_host_that_is_not_ours_is_refused(browser: Client) -> None:
    response = browser.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert_in_our_look(response, "That request was not understood")


def test_a_form_without_its_token_has_expired() -> None:
    response = Client(enforce_csrf_checks=True).post("/start/")
    assert response.status_code == 403
    assert_in_our_look(response, "This form has expired")


@pytest.mark.parametrize(
    "fields",
    [{"text": "x" * (512 * 1024 + 1)}, {f"field-{number}": "x" for number in range(1001)}],
    ids=["too long", "too many fields"],
)
def test_a_form_that_is_too_large_is_refused_and_says_so(
    browser: Client, fields: dict[str, str]
) -> None:
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    kind = "application/x-www-form-urlencoded"
    response = browser.post("/read-post/", body, content_type=kind)
    assert response.status_code == 413
    assert_in_our_look(response, "That was too much at once")
    assert "the form was too large" in response.content.decode()


def test_an_address_that_takes_forms_only_says_so_and_what_it_takes(browser: Client) -> None:
    response = browser.get("/start/")
    assert response["Allow"] == "POST"
    assert browser.head("/start/").content == b""


@pytest.fixture
def broken_context_processor(settings: Any) -> None:
    (engine,) = settings.TEMPLATES
    options = {"context_processors": [f"{__name__}.broken_context"]}
    settings.TEMPLATES = [engine | {"OPTIONS": options}]


def broken_context(request: HttpRequest) -> dict[str, Any]:
    raise RuntimeError


@pytest.mark.usefixtures("broken_context_processor")
@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [page for page in PAGES if page[1] in (400, 405, 500)]
    # A page that cannot be rendered ends on the page for our own faults.
    + [("/keys/", 500, "Something went wrong on our side")],
)
def test_the_pages_for_faults_need_no_context_processor(
    browser: Client, address: str, status: int, heading: str
) -> None:
    response = browser.get(address)
    assert response.status_code == status
    assert_in_our_look(response, heading)


# Static files that were never collected


@pytest.fixture
def nothing_collected(settings: Any, tmp_path: Any) -> Iterator[None]:
    constant._rendered.cache_clear()
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        staticfiles_storage.url("quizapp/page.css")
    yield
    constant._rendered.cache_clear()


@pytest.mark.usefixtures("nothing_collected")
@pytest.mark.parametrize("address", ["/fail/broken/", "/fail/missing/", "/fail/suspicious/"])
def test_without_static_files_there_is_still_a_page(browser: Client, address: str) -> None:
    response = browser.get(address)
    assert response.status_code == 500
    page = response.content.decode()
    assert "<h1>Something went wrong on our side</h1>" in page
    assert "A secret reason" not in page


# A database that is away


@pytest.fixture
def database_away(django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The path of the file, or the folder of the server's socket, is not there."""
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/at-all/db.sqlite3")
        monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere/at-all")
        yield
        connection.close()


@pytest.mark.usefixtures("database_away")
@pytest.mark.parametrize("address", ["/", "/questions/", "/count/", "/signed-in/", "/admin/"])
def test_a_page_that_needs_the_database_is_not_available(browser: Client, address: str) -> None:
    browser.cookies.load({"sessionid": "x" * 32})
    response = browser.get(address)
    assert response.status_code == 503
    assert_in_our_look(response, "Not available just now")
    assert f'href="{address}"' in response.content.decode()
    assert response["Retry-After"] == "5"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.usefixtures("database_away", "broken_context_processor")
def test_that_page_needs_no_context_processor_either(browser: Client) -> None:
    assert_in_our_look(browser.get("/count/"), "Not available just now")


@pytest.mark.usefixtures("database_away")
@pytest.mark.parametrize(("address", "status", "heading"), PAGES)
def test_the_other_error_pages_stay_what_they_are(
    browser: Client, address: str, status: int, heading: str
) -> None:
    browser.cookies.load({"sessionid": "x" * 32})
    response = browser.get(address)
    assert response.status_code == status
    assert_in_our_look(response, heading)


@pytest.mark.usefixtures("database_away")
def test_a_form_is_kept_to_be_sent_again(browser: Client) -> None:
    browser.cookies.load({"sessionid": "x" * 32})
    response = browser.post("/review/", {"token": "sealed", "manifest": "kind: Pod\n"})
    assert response.status_code == 503
    page = response.content.decode()
    assert "Not saved, try again" in page
    assert '<input type="hidden" name="token" value="sealed">' in page
    assert "<code>kind: Pod</code>" in page


@pytest.mark.usefixtures("database_away")
def test_a_password_is_not_written_into_the_page(browser: Client) -> None:
    browser.cookies.load({"sessionid": "x" * 32})
    fields = {"login": "alice@example.com", "password": "uhrwerk"}
    response = browser.post("/signed-in/", fields)
    assert response.status_code == 503
    assert_in_our_look(response, "Not available just now")
    assert "uhrwerk" not in response.content.decode()


@pytest.mark.usefixtures("database_away")
def test_with_htmx_a_page_that_is_not_available_takes_the_place_of_the_content(
    browser: Client,
) -> None:
    browser.cookies.load({"sessionid": "x" * 32})
    response = browser.get("/questions/?state=due", headers=HTMX)
    assert response.status_code == 503
    assert (response["HX-Retarget"], response["HX-Reselect"]) == ("#main", "unset")
    page = response.content.decode()
    assert "<html" not in page
    assert "Not available just now" in page
    assert 'href="/questions/?state=due"' in page


@pytest.mark.usefixtures("database_away", "nothing_collected")
def test_without_database_and_static_files_there_is_still_a_page(browser: Client) -> None:
    response = browser.get("/count/")
    assert response.status_code == 503
    assert "<h1>Something went wrong on our side</h1>" in response.content.decode()
