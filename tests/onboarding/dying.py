"""A mail server that notes whom it has sent mail, and takes the process down on the way.

As settings, for a process of its own: the product's, with mail going there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend

from quizapp.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.onboarding.dying.DyingBackend"
KILLED = 9


class DyingBackend(BaseEmailBackend):
    """Dies right after the mail of the number `DIES_AFTER`, or right before it."""

    number = 0

    def send_messages(self, messages: Sequence[Any]) -> int:
        for message in messages:
            self.number += 1
            self._die_if_told("DIES_BEFORE")
            with Path(os.environ["MAIL_FILE"]).open("a") as file:
                file.write(f"{message.to[0]} {message.subject}\n")
            self._die_if_told("DIES_AFTER")
        return len(messages)

    def _die_if_told(self, when: str) -> None:
        if self.number == int(os.environ.get(when, "0")):
            os._exit(KILLED)
