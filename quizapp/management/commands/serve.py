"""The production server."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from quizapp.management.listening import (
    host_address,
    number,
    refuse_taken_port,
    url_of,
    warning_for,
)
from quizapp.teams.models import SetupLink, administrator_exists


class Command(BaseCommand):
    help = "Serve quizapp with granian, the production server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
        parser.add_argument("--workers", default=os.environ.get("WORKERS", "1"))

    def handle(self, *args: Any, **options: Any) -> None:
        host = host_address(options["host"])
        port = number("PORT", options["port"], most=65535)
        workers = number("WORKERS", options["workers"], most=256)
        refuse_taken_port(host, port)
        address = url_of(host, port)
        self.stdout.write(f"quizapp is at {address}")
        if warning := warning_for(host):
            self.stdout.write(warning)
        if not administrator_exists():
            link = address + reverse("setup", args=[SetupLink.issue()])
            self.stdout.write(f"Create the administrator, once, at {link}")
        self.stdout.flush()
        Granian(
            "quizapp.wsgi:application",
            address=str(host),
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            blocking_threads_idle_timeout=600,  # a thread takes its database connection with it
            # Longer than a proxy in front keeps its side open, so that it meets no closed door.
            http1_settings=HTTP1Settings(header_read_timeout=80_000),
            websockets=False,
            log_enabled=True,
            log_level=LogLevels.warning,
        ).serve()
