"""What every table shares: checks from enums, locking, versions, and a guard that keeps GET from writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.sql import InsertQuery

from vanthu.foundation.operation import opening_verb
from vanthu.kernel.errors import NotVisible, StaleVersion

M = TypeVar("M", bound=models.Model)


def enum_check(field: str, enum: type[StrEnum], name: str) -> models.CheckConstraint:
    """The database refuses a value that the enum does not know."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": [member.value for member in enum]}), name=name
    )


def enum_field(enum: type[StrEnum], **options: Any) -> models.CharField[Any, Any]:
    """A text column wide enough for the enum; pair it with `enum_check`."""
    return models.CharField(max_length=32, **options)


def load_locked(queryset: models.QuerySet[M], *, code: str = "document.not-found", **lookup: object) -> M:
    """Fetch one row and lock it to the end of the transaction. Refuses: `NotVisible` when there is none.

    SQLite has one writer at a time (transaction_mode IMMEDIATE), so the lock is a no-op there.
    """
    if connection.features.has_select_for_update:
        queryset = queryset.select_for_update(of=("self",))
    row = queryset.filter(**lookup).first()
    if row is None:
        raise NotVisible(code)
    return row


def require_version(row: Any, expected: int | None) -> None:
    """Refuse a stale form: `expected` is the version it was opened with (None: the caller just read it)."""
    if expected is not None and row.version != expected:
        raise StaleVersion("document.stale", current=row.version, expected=expected)


def save_changes(row: Any, *fields: str) -> None:
    """Write the named fields and the next version."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def insert(row: M) -> M:
    """Write one new row and give it its id. The statement is compiled once per table: fan-out lives on this."""
    sql = _insert_statement(type(row), connection.vendor, returning=True, ignore=False)
    with connection.cursor() as cursor:
        cursor.execute(sql, _insert_values(row))
        row.pk = cursor.fetchone()[0]
    row._state.adding = False
    return row


def insert_many(rows: Sequence[models.Model], *, ignore_conflicts: bool = False) -> None:
    """Write new rows of one table whose ids nobody asks for; `ignore_conflicts` keeps the rows that are there."""
    if not rows:
        return
    sql = _insert_statement(type(rows[0]), connection.vendor, returning=False, ignore=ignore_conflicts)
    values = [_insert_values(row) for row in rows]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(sql, values[0])
        else:
            cursor.executemany(sql, values)


def insert_values(
    model: type[models.Model],
    columns: tuple[str, ...],
    rows: Sequence[Sequence[Any]],
    *,
    ignore_conflicts: bool = False,
) -> None:
    """Write rows that are given as values a driver takes, column by column; instants by `stored_instant`.

    No instances are made: for tables that take in thousands of rows a second. Columns have no defaults here.
    """
    if rows:
        sql = _values_statement(model, columns, connection.vendor, ignore=ignore_conflicts)
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def stored_instant(at: datetime) -> Any:
    """The instant as `insert_values` writes it."""
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(at)


@lru_cache(maxsize=64)
def _values_statement(
    model: type[models.Model], columns: tuple[str, ...], vendor: str, *, ignore: bool
) -> str:
    quote = connection.ops.quote_name
    known = {field.column for field in model._meta.local_concrete_fields}
    if unknown := set(columns) - known:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    names, marks = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    end = " ON CONFLICT DO NOTHING" if ignore else ""
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks}){end}"  # noqa: S608 - names of our own model


def insert_or_add(row: models.Model, *, key: tuple[str, ...], amount: str) -> None:
    """Write a counter's row, or add its `amount` to the row that has the same `key`, in one statement."""
    sql = _insert_statement(type(row), connection.vendor, returning=False, ignore=False)
    with connection.cursor() as cursor:
        cursor.execute(sql + _or_add(type(row), key, amount), _insert_values(row))


def update_row(row: models.Model, *fields: str) -> None:
    """Write the named fields of a row that is locked already; compiled once per table, as `insert` is."""
    with connection.cursor() as cursor:
        cursor.execute(_update_statement(type(row), fields), [*_values(row, fields), row.pk])


def load_all_locked(model: type[M], keys: Sequence[int]) -> list[M]:
    """The rows with these primary keys, locked in ascending order to the end of the transaction."""
    return list(model._default_manager.raw(_select_locked(model, len(keys), connection.vendor), keys))


@lru_cache(maxsize=256)
def _select_locked(model: type[models.Model], count: int, vendor: str) -> str:
    quote = connection.ops.quote_name
    assert model._meta.pk is not None
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    marks = ", ".join(["%s"] * count)
    return f"SELECT * FROM {table} WHERE {key} IN ({marks}) ORDER BY {key}{lock}"  # noqa: S608 - names of our own model


@lru_cache(maxsize=256)
def _or_add(model: type[models.Model], key: tuple[str, ...], amount: str) -> str:
    quote, column = connection.ops.quote_name, _columns(model)
    keys = ", ".join(quote(column[name]) for name in key)
    counted = quote(column[amount])
    table = quote(model._meta.db_table)
    return f" ON CONFLICT ({keys}) DO UPDATE SET {counted} = {table}.{counted} + EXCLUDED.{counted}"


@lru_cache(maxsize=256)
def _update_statement(model: type[models.Model], fields: tuple[str, ...]) -> str:
    quote, column = connection.ops.quote_name, _columns(model)
    changes = ", ".join(f"{quote(column[name])} = %s" for name in fields)
    assert model._meta.pk is not None
    where = f"{quote(model._meta.pk.column)} = %s"
    return f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {where}"  # noqa: S608 - names of our own model


def _columns(model: type[models.Model]) -> dict[str, str]:
    return {field.name: field.column for field in model._meta.local_concrete_fields}


def _values(row: models.Model, names: tuple[str, ...]) -> list[Any]:
    fields = [row._meta.get_field(name) for name in names]
    return [field.get_db_prep_save(getattr(row, field.attname), connection=connection) for field in fields]


@lru_cache(maxsize=256)
def _insert_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, models.AutoField | models.BigAutoField)
    ]


@lru_cache(maxsize=256)
def _insert_statement(model: type[models.Model], vendor: str, *, returning: bool, ignore: bool) -> str:
    """Django's own spelling of the statement, which differs between databases."""
    query = InsertQuery(model, on_conflict=models.constants.OnConflict.IGNORE if ignore else None)
    query.insert_values(_insert_fields(model), [model()])
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [model._meta.pk] if returning else None
    return str(compiler.as_sql()[0][0])


def _insert_values(row: models.Model) -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]  # not the proxy, which looks it up at each touch
    return [
        field.get_db_prep_save(field.pre_save(row, True), connection=database)
        for field in _insert_fields(type(row))
    ]


class WriteRefused(RuntimeError):
    """A programming error: a reading request tried to write."""


_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@contextmanager
def refuse_writes(*, except_verbs: frozenset[str]) -> Iterator[None]:
    """While open, only the named operations may write (D11: a GET may call `record_view` and nothing else)."""

    def guard(
        execute: Callable[..., Any], sql: str, params: object, many: bool, context: dict[str, Any]
    ) -> Any:
        if sql.lstrip()[:7].upper().startswith(_WRITES) and not _may_write():
            raise WriteRefused(sql.split("(", maxsplit=1)[0][:80])
        return execute(sql, params, many, context)

    def _may_write() -> bool:
        return opening_verb() in except_verbs

    with connection.execute_wrapper(guard):
        yield
