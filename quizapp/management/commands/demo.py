"""Seeds a demo: a team of eight with twelve weeks behind it. `make demo` gives it its own data."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quizapp.demo import seeding
from quizapp.demo.people import LEAD_EMAIL, PEOPLE
from quizapp.teams.models import User


class Command(BaseCommand):
    help = "Seed a demo of a team into an empty database, and give everybody in it a password."

    def handle(self, *args: Any, **options: Any) -> None:
        if seeding.lead() is None:
            if User.objects.exists():
                raise CommandError(
                    "There are people in this database already. The demo wants one of its own: "
                    "run `make demo`."
                )
            self.stdout.write("Living twelve weeks of a team of eight. This takes a minute ...")
            seeding.seed(timezone.now(), lambda _: None)
        password = secrets.token_urlsafe(9)
        seeding.set_passwords(password)
        self.stdout.write(
            f"Sign in as {LEAD_EMAIL}, who leads the team, or as a member such as "
            f"{PEOPLE[0].email}. Everybody's password is {password}"
        )
