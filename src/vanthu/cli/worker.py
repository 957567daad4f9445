"""`vanthu worker`: run background jobs until stopped; with the timetable, what is due each minute as well."""

from __future__ import annotations

import logging
import os
import signal
import threading
from datetime import UTC, datetime

import click

from vanthu.cli.setup import require_migrated, say_json, start_django

log = logging.getLogger("vanthu.worker")

EACH_MINUTE = 60.0
SHORTEST_PERIOD = 0.1
LOOK_AT_SERVER = 1.0


@click.command()
@click.option("--once", is_flag=True, help="chạy hết việc đang chờ rồi dừng")
@click.option("--with-timetable", is_flag=True, help="chạy cả các việc theo lịch, mỗi phút một lần")
@click.option(
    "--of-server", type=int, hidden=True, help="dừng khi tiến trình này không còn là tiến trình cha"
)
@click.option("--json", "as_json", is_flag=True, help="với --once: in một đối tượng JSON")
def command(once: bool, with_timetable: bool, of_server: int | None, as_json: bool) -> None:
    """Chạy các việc nền cho đến khi được dừng (SIGTERM, Ctrl+C)."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    start_django(chatty=True)
    require_migrated()
    from vanthu.foundation import worker

    if once:
        done = worker.run_all()
        if as_json:
            say_json(ok=True, done=done)
        else:
            click.echo(f"Đã chạy {done} việc.")
        return
    if with_timetable:
        threading.Thread(target=keep_timetable, args=(stop,), daemon=True).start()
    threading.Thread(target=keep_line, args=(stop,), daemon=True).start()
    threading.Thread(target=keep_axis_above, args=(stop,), daemon=True).start()
    if of_server is not None:
        threading.Thread(target=_stop_with_server, args=(of_server, stop), daemon=True).start()
    worker.run_forever(stop)


def keep_timetable(stop: threading.Event) -> None:
    """Ask the timetable each minute; trouble in one minute does not end the next."""
    from django.db import close_old_connections

    from vanthu import schedule

    while not stop.is_set():
        close_old_connections()
        try:
            schedule.tick(now=datetime.now(UTC))
        except Exception:  # whatever fails now is due again in a minute, and the operator reads the log
            log.exception("timetable: this minute failed")
        stop.wait(EACH_MINUTE)


def keep_line(stop: threading.Event) -> None:
    """Ask the line to the axis again and again; of all workers on all hosts one at a time does."""
    from django.db import close_old_connections

    from vanthu.exchange.operations import has_line, line_pause, poll_line

    polled = None
    while not stop.is_set():
        close_old_connections()
        try:
            if not has_line():
                return
            polled = poll_line(now=datetime.now(UTC))
        except Exception:  # whatever fails now is asked again, and the operator reads the log
            log.exception("line: this poll failed")
            polled = None
        stop.wait(line_pause(polled))


def keep_axis_above(stop: threading.Event) -> None:
    """Exchange with the axis above again and again; of all workers on all hosts one does in each period."""
    from django.conf import settings
    from django.db import close_old_connections

    from vanthu.axis.operations.forward import pass_on
    from vanthu.axis.queries.desk import has_upstream
    from vanthu.foundation.jobs import claim_slot

    period = max(settings.VANTHU_AXIS_UPSTREAM_POLL_SECONDS, SHORTEST_PERIOD)
    while has_upstream() and not stop.is_set():
        close_old_connections()
        now = datetime.now(UTC)
        try:
            if claim_slot("axis-above", f"{now.timestamp() // period:.0f}", now=now):
                pass_on(now=now)
        except Exception:  # whatever fails now is tried again, and the operator reads the log
            log.exception("axis above: this round failed")
        stop.wait(period)


def _stop_with_server(server: int, stop: threading.Event) -> None:
    """A server that was killed outright could not say good-bye: nobody shall be left behind."""
    while not stop.wait(LOOK_AT_SERVER):
        if os.getppid() != server:
            stop.set()
