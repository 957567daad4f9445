"""Where a process of the product can be killed: hooks that exist in the child process only, never in the product."""

from __future__ import annotations

import functools
import importlib
import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

STEPS = (
    # claim, call and record of every job
    ("vanthu.foundation.jobs", "claim"),
    ("vanthu.foundation.jobs", "call"),
    ("vanthu.foundation.jobs", "record_done"),
    # claim, call and record of every delivery and status inside them
    ("vanthu.exchange.operations.send", "claim_deliveries"),
    ("vanthu.exchange.operations.send", "_send"),
    ("vanthu.exchange.operations.send", "_record"),
    ("vanthu.exchange.channels.local.channel", "LocalChannel.send_status"),
    ("vanthu.exchange.operations.track", "_mark_sent"),
    # between the key's work, the store and the act that records them
    ("vanthu.foundation.storage.files", "FileBlobs.put"),
    ("vanthu.foundation.storage.files", "_sync_folder"),
    ("vanthu.foundation.storage.s3", "S3Blobs.put"),
    ("vanthu.drafting.operations.sign_draft", "sign_or_ask"),
    ("vanthu.registry.operations.outgoing", "fill_number_and_date"),
    ("vanthu.registry.operations.sealing", "sign_or_ask"),
    ("vanthu.registry.operations.incoming", "check_file"),
)
WRITES = ("INSERT", "UPDATE", "DELETE")


class Reaper:
    """Counts the places passed and kills its own process at the chosen one, as the kernel would: no goodbye."""

    def __init__(self, fatal: int | None) -> None:
        self.fatal = fatal
        self.passed: list[str] = []

    def passes(self, place: str) -> None:
        self.passed.append(place)
        if len(self.passed) - 1 == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Put a place before and after every commit and every step."""
        self._watch_commits()
        for module, name in STEPS:
            self._watch_step(module, name)

    def _watch_commits(self) -> None:
        commit = BaseDatabaseWrapper._commit

        def watched(wrapper: BaseDatabaseWrapper) -> None:
            self.passes("before commit")
            commit(wrapper)
            self.passes("after commit")

        BaseDatabaseWrapper._commit = watched  # type: ignore[method-assign]
        connection.execute_wrappers.append(self._watch_lone_writes)

    def _watch_lone_writes(
        self, execute: Callable[..., Any], sql: str, params: object, many: bool, context: dict[str, Any]
    ) -> Any:
        """A write outside any transaction commits by itself."""
        if connection.in_atomic_block or not sql.lstrip().upper().startswith(WRITES):
            return execute(sql, params, many, context)
        self.passes("before a lone write")
        result = execute(sql, params, many, context)
        self.passes("after a lone write")
        return result

    def _watch_step(self, module: str, name: str) -> None:
        owner: Any = importlib.import_module(module)
        *path, attribute = name.split(".")
        for part in path:
            owner = getattr(owner, part)
        original = getattr(owner, attribute)

        @functools.wraps(original)
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.passes(f"before {name}")
            result = original(*args, **kwargs)
            self.passes(f"after {name}")
            return result

        setattr(owner, attribute, watched)
