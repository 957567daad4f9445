"""`vanthu tick`: run what the timetable owes now; any number of hosts may call it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vanthu.cli.setup import require_migrated, say_json, start_django


@click.command()
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
def command(as_json: bool) -> None:
    """Chạy các việc đến giờ trong lịch; dùng cho cron khi không chạy `vanthu worker --with-timetable`."""
    start_django()
    require_migrated()
    from vanthu import schedule

    ran = schedule.tick(now=datetime.now(UTC))
    if as_json:
        say_json(ok=True, ran=ran)
    else:
        click.echo("Đã chạy: " + ", ".join(ran) if ran else "Không có việc đến giờ.")
