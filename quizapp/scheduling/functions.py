"""SQL functions that Django lacks."""

from __future__ import annotations

from typing import Any

from django.db import models


class Epoch(models.Func):
    """A moment as seconds since 1970. SQLite's own function, unlike Django's date arithmetic,
    does not call back into Python for each row."""

    output_field = models.FloatField()
    template = "EXTRACT(EPOCH FROM %(expressions)s)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="((julianday(%(expressions)s) - 2440587.5) * 86400.0)",
            **context,
        )
