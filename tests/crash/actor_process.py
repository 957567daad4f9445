"""The processes that are killed. Run as a program it waits for orders and forks one child per web or worker process.

Forking keeps a thousand starts affordable: everything is imported, no connection is open, and each child is a
process of its own that the kernel ends with SIGKILL like any other.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
import traceback
from datetime import datetime, timedelta
from typing import Any

import django

BORN = datetime.fromisoformat("2026-11-20T09:00:00+07:00")
"""An ordinary Friday; the life's clock runs from here."""
WORKER_LATE = timedelta(hours=25)
"""The worker begins a day late: the hold has run out, and verdicts are old enough to be asked for again."""
PAST_LEASES = timedelta(minutes=3)


class Child:
    """One process: it takes an order, does it, answers; `clock` runs from BORN with an offset."""

    def __init__(self, link: socket.socket, order: dict[str, Any]) -> None:
        from tests.crash.killing import Reaper

        self.lines = link.makefile("rw", encoding="utf-8")
        self.born_at = float(order["born_at"])
        self.offset = timedelta(seconds=order["offset"])
        self.reaper = Reaper(order.get("fatal"))
        if order["watched"]:
            self.reaper.watch()
        if order["quick_checks"]:
            _verify_in_this_process()

    def now(self) -> datetime:
        return BORN + timedelta(seconds=time.monotonic() - self.born_at) + self.offset

    def serve(self) -> None:
        for line in self.lines:
            order = json.loads(line)
            try:
                answer = getattr(self, f"do_{order.pop('do')}")(**order)
            except Exception:
                answer = {"error": traceback.format_exc()}
            self.lines.write(json.dumps(answer) + "\n")
            self.lines.flush()

    def do_found(self, prelude: bool) -> dict[str, Any]:
        """The prepared installation: every scenario begins with a copy of it."""
        from django.core.management import call_command

        from tests.crash import life

        call_command("migrate", interactive=False, verbosity=0)
        life.found_city(self.now())
        for act in life.prelude() if prelude else ():
            act.press(self.now())
        return self.do_drain()

    def do_press(self, act: int) -> dict[str, Any]:
        """Look at the state; press where the act is open and has not been done. Then say what the log holds."""
        from tests.crash import life
        from vanthu.kernel.errors import DomainError

        chosen = life.whole_life()[act]
        assert isinstance(chosen, life.Act)
        if not chosen.is_done():
            if not chosen.is_open():
                return {"state": "waiting"}
            try:
                chosen.press(self.now())
            except DomainError as refusal:
                # A worker may have been quicker; the person looks again and only then believes the refusal.
                if not chosen.is_done():
                    return {"error": f"{chosen.name}: {refusal.code} {refusal.details}"}
        return {"state": "done", "log": _ends_of_the_log()}

    def do_drain(self) -> dict[str, Any]:
        """Work until nothing waits, letting time pass over leases and waits for another try."""
        from vanthu.foundation import worker
        from vanthu.foundation.models import Job, JobState

        ran = worker.run_all(now=self.now)
        for _ in range(40):
            if not Job.objects.filter(state__in=[JobState.READY, JobState.LEASED]).exists():
                break
            self.offset += PAST_LEASES
            ran += worker.run_all(now=self.now)
        return {"ran": ran, "offset": self.offset.total_seconds(), "log": _ends_of_the_log()}

    def do_work(self) -> dict[str, Any]:
        """Work for ever, as `vanthu worker` does; only a signal ends it."""
        from vanthu.foundation import worker

        while True:
            if worker.run_due(now=self.now) == 0:
                time.sleep(0.02)

    def do_sessions(self, names: list[str]) -> dict[str, Any]:
        """The only thing prepared for the browsers: a session of each person, as signing in would leave it."""
        from tests.crash import life
        from tests.journeys.screens import session_of

        return {"sessions": {name: session_of(life.actor(name, self.now())) for name in names}}

    def do_look_at_the_log(self) -> dict[str, Any]:
        return {"log": _ends_of_the_log()}

    def do_let_leases_end(self) -> dict[str, Any]:
        """Two minutes have passed since the worker died: what it had claimed may be claimed again."""
        from vanthu.foundation.models import Job, JobState

        return {"ended": Job.objects.filter(state=JobState.LEASED).update(leased_until=BORN)}

    def do_count_open_jobs(self) -> dict[str, Any]:
        from vanthu.foundation.models import Job, JobState

        return {"open": Job.objects.exclude(state=JobState.DONE).count()}

    def do_inspect(self, log: list[list[Any]]) -> dict[str, Any]:
        from tests.crash import checks

        return checks.inspect([(chain, seq, digest) for chain, seq, digest in log])

    def do_passed(self) -> dict[str, Any]:
        return {"passed": self.reaper.passed}


def _ends_of_the_log() -> list[list[Any]]:
    from vanthu.audit.models import ChainHead

    return [list(row) for row in ChainHead.objects.values_list("chain", "seq", "digest")]


def _verify_in_this_process() -> None:
    """The real verification without its child process, whose start would take longer than the whole life."""
    from vanthu.signing.operations import check
    from vanthu.signing.validation import verify_pdf

    check.verify_isolated = verify_pdf  # type: ignore[assignment]


def _import_everything() -> None:
    import pikepdf  # noqa: F401
    import typst  # noqa: F401

    from tests.crash import checks, killing, life
    from vanthu.foundation import worker
    from vanthu.signing.validation import signature

    assert all((checks, killing, life, worker, signature))


def _be_a_child(order: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    link = socket.socket(socket.AF_UNIX)
    link.connect(order["address"])
    child = Child(link, order)
    child.lines.write(json.dumps({"pid": os.getpid()}) + "\n")
    child.lines.flush()
    child.serve()


def main() -> None:
    django.setup()
    _import_everything()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        if os.fork() == 0:
            status = 1
            try:
                _be_a_child(order)
                status = 0
            finally:
                os._exit(status)


if __name__ == "__main__":
    main()
