"""The limit that benchmarks are compared with: the rows that a run wrote, written again by plain SQL.

`Rows` are taken before and after the run; `replay` writes the difference into a copy of the database as it was
before, through the DB-API alone: precomputed values, one transaction per agency that received, the same durability.
"""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.types.json import Jsonb

Row = tuple[Any, ...]
CHAINED = ("audit_auditevent", "audit_chainhead")


@dataclass
class Table:
    """The rows of one table by their primary key, which is the first column."""

    columns: list[str]
    rows: dict[Any, Row]


Rows = dict[str, Table]


@dataclass
class Statement:
    """One statement with the values of its rows."""

    sql: str
    values: list[Row]


class Server:
    """SQLite file or PostgreSQL database, spoken to without the product."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.mark = "?" if self.is_sqlite else "%s"

    def connect(self) -> Any:
        if not self.is_sqlite:
            return psycopg.connect(self.url, autocommit=True)
        connection = sqlite3.connect(urlsplit(self.url).path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    @property
    def begin(self) -> str:
        return "BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN"

    def copy_to(self, name: str) -> Server:
        """A copy of the whole database beside it; nobody may be connected."""
        parts = urlsplit(self.url)
        if self.is_sqlite:
            target = Path(parts.path).with_name(f"{name}.sqlite3")
            # SQLite's own copying: opening the file beside it would drop the locks of this process.
            with closing(self.connect()) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
            return Server(f"sqlite:///{target}")
        database = parts.path.lstrip("/")
        with closing(psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True)) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{database}"'.encode())
        return Server(parts._replace(path=f"/{name}").geturl())

    def read_rows(self) -> Rows:
        tables = (
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
            if self.is_sqlite
            else "SELECT tablename FROM pg_tables WHERE schemaname='public'"
        )
        with closing(self.connect()) as connection:
            names = [name for (name,) in connection.execute(tables).fetchall()]
            return {name: self._read_table(connection, name) for name in names}

    @staticmethod
    def _read_table(connection: Any, name: str) -> Table:
        cursor = connection.execute(f'SELECT * FROM "{name}"')
        columns = [column[0] for column in cursor.description]
        return Table(columns, {row[0]: tuple(map(_storable, row)) for row in cursor.fetchall()})


def _storable(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value


def _plain(value: Any) -> Any:
    return value.obj if isinstance(value, Jsonb) else value


class Replay:
    """The difference between two states, grouped into the transactions that plain SQL would need."""

    def __init__(self, before: Rows, after: Rows, server: Server, *, sender: int) -> None:
        self.server, self.sender = server, sender
        self.documents = {row[0]: row for row in after["documents_document"].rows.values()}
        self.agency_column = after["documents_document"].columns.index("agency_id")
        self.inserted: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        self.updated: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        self.columns = {name: table.columns for name, table in after.items()}
        for name, table in after.items():
            known = before[name].rows
            for key, row in table.rows.items():
                if key not in known:
                    self.inserted[self._agency(name, row)][name].append(row)
                elif tuple(map(_plain, known[key])) != tuple(map(_plain, row)):
                    self.updated[self._agency(name, row)][name].append(row)

    def _agency(self, table: str, row: Row) -> int:
        """Whose transaction wrote the row: the receiver's, else the sender's."""
        columns = self.columns[table]
        if table in CHAINED:
            return int(row[columns.index("chain")])
        if "agency_id" in columns:
            return int(row[columns.index("agency_id")])
        if "document_id" in columns:
            return int(self.documents[row[columns.index("document_id")]][self.agency_column])
        return self.sender

    @property
    def row_counts(self) -> dict[str, int]:
        counts: dict[str, int] = defaultdict(int)
        for written in (self.inserted, self.updated):
            for tables in written.values():
                for name, rows in tables.items():
                    counts[name] += len(rows)
        return dict(sorted(counts.items()))

    def transactions(self) -> Iterator[list[Statement]]:
        """The sender's rows in one transaction, then one for each receiver."""
        yield self._statements(self.sender)
        for agency in sorted((self.inserted.keys() | self.updated.keys()) - {self.sender}):
            yield self._statements(agency)

    def _statements(self, agency: int) -> list[Statement]:
        return [
            *(self._insert(name, rows) for name, rows in self.inserted[agency].items()),
            *(self._update(name, rows) for name, rows in self.updated[agency].items()),
        ]

    def _insert(self, name: str, rows: list[Row]) -> Statement:
        columns = ", ".join(f'"{column}"' for column in self.columns[name])
        marks = ", ".join(self.server.mark for _ in self.columns[name])
        return Statement(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', rows)

    def _update(self, name: str, rows: list[Row]) -> Statement:
        key, *others = self.columns[name]
        changes = ", ".join(f'"{column}" = {self.server.mark}' for column in others)
        sql = f'UPDATE "{name}" SET {changes} WHERE "{key}" = {self.server.mark}'
        return Statement(sql, [(*row[1:], row[0]) for row in rows])

    def seconds(self, copy: Server, clock: Callable[[], float] = time.perf_counter) -> float:
        """Write everything into a copy of the database as it was before; how long it took."""
        transactions = list(self.transactions())
        connection = copy.connect()
        cursor = connection.cursor()
        started = clock()
        for statements in transactions:
            cursor.execute(copy.begin)
            for statement in statements:
                if len(statement.values) == 1:
                    cursor.execute(statement.sql, statement.values[0])
                else:
                    cursor.executemany(statement.sql, statement.values)
            cursor.execute("COMMIT")
        took = clock() - started
        connection.close()
        return took
