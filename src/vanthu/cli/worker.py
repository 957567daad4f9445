"""`vanthu worker`: run background jobs until stopped."""

from __future__ import annotations

import signal
import threading

import click

from vanthu.cli.setup import start_django


@click.command()
@click.option("--once", is_flag=True, help="chạy hết việc đang chờ rồi dừng")
def command(once: bool) -> None:
    """Chạy các việc nền."""
    start_django()
    from vanthu.foundation import worker

    if once:
        click.echo(f"Đã chạy {worker.run_all()} việc.")
        return
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    worker.run_forever(stop)
