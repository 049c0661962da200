"""A browser in this process: it hands environments to the WSGI application and reads replies."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command

HOST, PORT = "localhost", "8000"


@dataclass(frozen=True, slots=True)
class Reply:
    status: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """Ready to be sent, once."""

    environ: dict[str, Any]

    def send(self) -> Reply:
        """The reply of the whole stack. Raises RuntimeError for anything but 200."""
        head: list[Any] = []
        result = application()(self.environ, lambda *arguments: head.extend(arguments))
        try:
            body = b"".join(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        status, headers = head[:2]
        if not status.startswith("200"):
            raise RuntimeError(f"{self.environ['PATH_INFO']} answered {status}: {headers}")
        return Reply(status, headers, body)


class Browser:
    """Keeps the cookies that it is given."""

    def __init__(self, **cookies: str) -> None:
        self.cookies = cookies

    def get(self, url: str, **headers: str) -> Reply:
        reply = self.request(url, **headers).send()
        for name, value in reply.headers:
            if name == "Set-Cookie":
                self.cookies |= {key: each.value for key, each in SimpleCookie(value).items()}
        return reply

    def request(self, url: str, form: dict[str, str] | None = None, **headers: str) -> Request:
        """A GET, or with a form a POST. Headers are named as in `HTTP_ACCEPT`, without HTTP_."""
        path, query = urlsplit(url)[2:4]
        body = urlencode(form or {}).encode()
        environ = {
            "REQUEST_METHOD": "GET" if form is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if form else "",
            "CONTENT_LENGTH": str(len(body)) if form else "",
            "SERVER_NAME": HOST,
            "SERVER_PORT": PORT,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": f"{HOST}:{PORT}",
            "HTTP_USER_AGENT": "quizapp-bench",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        return Request({**environ, **{f"HTTP_{name}": value for name, value in headers.items()}})


@cache
def application() -> WSGIHandler:
    """The product's own application. It looks for the collected static files when it is made."""
    call_command("collectstatic", interactive=False, verbosity=0)
    from quizapp.wsgi import application as made  # noqa: PLC0415

    return made
