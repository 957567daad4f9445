"""Where benchmarks run: a private home, SQLite or a PostgreSQL database of our own, and the small city."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SQLITE, POSTGRES = "SQLite", "PostgreSQL"


def run_in_private_home(program: str, arguments: Sequence[str], *, server: str = "") -> str:
    """Play the program with an empty home and database (SQLite without `server`); what it printed.

    It is a process of its own because Django knows one installation.
    """
    with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as home, _database(server, home) as url:
        environment = {
            **os.environ,
            "VANTHU_HOME": home,
            "VANTHU_DATABASE_URL": url,
            "VANTHU_DEMO": "1",
            "VANTHU_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "vanthu.settings.base",
            "PYTHONPATH": str(ROOT / "src"),
        }
        command = [sys.executable, program, *arguments]
        ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        if ended.returncode:
            raise SystemExit(f"the measurement ended with {ended.returncode}")
        return ended.stdout


@contextmanager
def _database(server: str, home: str) -> Iterator[str]:
    if not server:
        yield f"sqlite:///{home}/vanthu.sqlite3"
        return
    import psycopg

    name = f"vanthu_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextmanager
def postgres(named: str = "") -> Iterator[str]:
    """The named server, or a private one with the durability of an installation (fsync, synchronous commit)."""
    if named.startswith("postgres"):
        yield named
        return
    sys.path.insert(0, str(ROOT / "scripts"))
    import test_postgres

    test_postgres.FAST_AND_CARELESS = ("max_connections=60",)
    with test_postgres.private_cluster() as url:
        yield url


def load_small_city() -> None:
    """Start Django on the surroundings' home and load the city of the demonstration."""
    from datetime import UTC, datetime

    from vanthu.cli.installation import migrate_database
    from vanthu.cli.setup import start_django

    start_django()
    from vanthu.demo.loading import load_city

    now = datetime.now(UTC)
    migrate_database(now=now)
    load_city("small", now=now)
