"""`vanthu migrate`: bring the database and the reference data up to date."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vanthu.cli.setup import open_migrations, say_json, start_django


@click.command()
@click.option("--verbose", is_flag=True, help="in ra từng bước")
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
def command(verbose: bool, as_json: bool) -> None:
    """Tạo, nâng cấp cơ sở dữ liệu và nạp dữ liệu danh mục; chạy lại không làm thay đổi gì."""
    start_django()
    from vanthu.cli.installation import make_home, migrate_database

    make_home()
    applied = open_migrations()
    migrate_database(now=datetime.now(UTC), verbosity=1 if verbose and not as_json else 0)
    if as_json:
        say_json(ok=True, applied=applied)
    else:
        click.echo(f"Cơ sở dữ liệu đã sẵn sàng ({applied} bước nâng cấp vừa chạy).")
