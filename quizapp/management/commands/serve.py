"""The production server."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from quizapp.teams.models import SetupLink, administrator_exists


class Command(BaseCommand):
    help = "Serve quizapp with granian, the production server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
        parser.add_argument("--workers", type=int, default=int(os.environ.get("WORKERS", "1")))

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], _port(options["port"])
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self.stdout.write(f"quizapp is at {address}")
        if not administrator_exists():
            link = address + reverse("setup", args=[SetupLink.issue()])
            self.stdout.write(f"Create the administrator, once, at {link}")
        self.stdout.flush()
        Granian(
            "quizapp.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=options["workers"],
            blocking_threads=4,
            blocking_threads_idle_timeout=600,  # a thread takes its database connection with it
            # Longer than a proxy in front keeps its side open, so that it meets no closed door.
            http1_settings=HTTP1Settings(header_read_timeout=80_000),
            websockets=False,
            log_enabled=True,
            log_level=LogLevels.warning,
        ).serve()


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 < port < 65536:
        raise CommandError(f"PORT has to be a number from 1 to 65535, not “{text}”.")
    return port
