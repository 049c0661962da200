"""Lines of the log, without the secrets that some addresses hold: who has one needs no more."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(
    r"(/(?:join|setup|reminders/stop|quiz/shared|edit/drafts"
    r"|account/confirm-email|account/password/reset/key)/)[^/\s\"'?&]+"
)


class WithoutSecrets(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub(r"\1…", super().format(record))
