"""Empties the database after a test that commits, and leaves what the migrations made as it was.

Django's own flush makes all content types and permissions anew each time, which costs more than
many a test.
"""

from __future__ import annotations

from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

Rows = dict[str, tuple[list[str], list[Any]]]


def rows_of_migrations() -> Rows:
    """By table, its columns and rows; tables without rows are left out."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            if rows := cursor.fetchall():
                found[table] = ([column[0] for column in cursor.description], rows)
    return found


def flush(kept: Rows) -> None:
    """Back to just these rows."""
    statements = connection.ops.sql_flush(no_style(), _tables())
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        for table, (columns, rows) in kept.items():
            names = ", ".join(map(connection.ops.quote_name, columns))
            places = ", ".join(["%s"] * len(columns))
            into = f"{connection.ops.quote_name(table)} ({names})"
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)  # noqa: S608


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)
