"""What is recalled at a moment: the forgetting curve of FSRS-6, in Python and in SQL.

Recall after t days, of a question whose stability is S days, is expected with a chance of

    R(t, S) = (1 + (0.9 ** (-1 / d) - 1) * t / S) ** -d

where d is the learner's decay, the last of the 21 parameters (Ye, Su and Cao 2022;
open-spaced-repetition, "The Algorithm", FSRS-6). After S days, R is 0.9.

Days are real-valued here: seconds since the last review through 86,400, and never below 0, so
that readiness falls evenly and not at midnight. The scheduler itself counts whole days.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, FloatField, Func, Value
from django.db.models.sql.compiler import SQLCompiler

from quizapp.scheduling.cards import PARAMETERS_VERSION
from quizapp.scheduling.memory import DEFAULT_PARAMETERS

DECAY = DEFAULT_PARAMETERS[20]
"""The published one."""


def recall(days: float, stability: float, decay: float = DECAY) -> float:
    """The chance of recall, from 0 to 1, so many days (0 or more) after the last review.

    `stability` is in days and above 0, `decay` the last of the learner's parameters, above 0.
    """
    factor = 0.9 ** (-1 / decay) - 1
    return float((1 + factor * max(days, 0.0) / stability) ** -decay)


def recalled(now: datetime) -> Func:
    """An expression over cards: the chance that each is recalled now, by its learner's own decay.

    It is null for a card without stability, which is one that was never answered or whose
    question has come to mean something else: count it as 0.
    """
    decay = _Decay(F("user__memory_parameters"))
    factor = _Power(Value(0.9), Value(-1.0) / decay) - Value(1.0)
    days = _Days(Value(now, DateTimeField()), F("last_review"))
    return _Power(Value(1.0) + factor * days / F("stability"), Value(-1.0) * decay)


class _Power(Func):
    """The database's own: Django's `Power` calls back into Python for each row on SQLite."""

    function = "POW"
    arity = 2
    output_field = FloatField()


class _Days(Func):
    """Days from the first moment back to the second, to the microsecond and never below 0."""

    arity = 2
    output_field = FloatField()
    template = "GREATEST(0.0, EXTRACT(EPOCH FROM %(expressions)s)::double precision / 86400.0)"
    arg_joiner = " - "

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        """SQLite keeps moments as text. Whole seconds and the rest of each go separately, since
        its functions of time know milliseconds at best."""
        del connection, context
        until, since = (compiler.compile(each) for each in self.get_source_expressions())
        params = [*until[1], *since[1]]
        whole = "(UNIXEPOCH(SUBSTR({0}, 1, 19)) - UNIXEPOCH(SUBSTR({1}, 1, 19)))"
        rest = "(('0' || SUBSTR({0}, 20)) - ('0' || SUBSTR({1}, 20)))"
        sql = f"MAX(0.0, ({whole} + {rest}) / 86400.0)".format(until[0], since[0])
        return sql, [*params, *params]


class _Decay(Func):
    """Of the learner whose parameters the JSON holds, or the published one.

    By the functions of each database, since for Django's look-ups SQLite would go through the
    JSON of every card four times over.
    """

    arity = 1
    output_field = FloatField()
    template = (
        f"CASE WHEN %(expressions)s ->> 'version' = '{PARAMETERS_VERSION}'"
        f" THEN (%(expressions)s #>> '{{values,20}}')::double precision ELSE {DECAY!r} END"
    )

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        template = (
            f"CASE WHEN JSON_EXTRACT(%(expressions)s, '$.version') = {PARAMETERS_VERSION}"
            f" THEN JSON_EXTRACT(%(expressions)s, '$.values[20]') ELSE {DECAY!r} END"
        )
        return self.as_sql(compiler, connection, template=template, **context)
