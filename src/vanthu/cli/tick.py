"""`vanthu tick`: run what the timetable owes now; any number of hosts may call it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vanthu.cli.setup import start_django


@click.command()
def command() -> None:
    """Chạy các việc đến giờ trong lịch."""
    start_django()
    from vanthu import schedule

    ran = schedule.tick(now=datetime.now(UTC))
    click.echo("Đã chạy: " + ", ".join(ran) if ran else "Không có việc đến giờ.")
