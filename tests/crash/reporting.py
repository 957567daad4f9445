"""What the crash tests share: how much is played, on which database, and how it is told."""

from __future__ import annotations

import os
from collections.abc import Callable

FULL = os.environ.get("VANTHU_TEST_SOAK") == "full"
Tell = Callable[[str], None]


def named_server() -> str:
    """The PostgreSQL server that the conductor named; empty: lives are played on SQLite."""
    server = os.environ.get("VANTHU_DATABASE_URL", "")
    return server if server.startswith("postgres") else ""
