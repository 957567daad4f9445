"""`vanthu migrate`: bring the database and the reference data up to date."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vanthu.cli.setup import start_django


@click.command()
@click.option("--verbose", is_flag=True, help="in ra từng bước")
def command(verbose: bool) -> None:
    """Tạo, nâng cấp cơ sở dữ liệu và nạp dữ liệu danh mục."""
    start_django()
    from vanthu.cli.installation import migrate_database

    migrate_database(now=datetime.now(UTC), verbosity=1 if verbose else 0)
    click.echo("Cơ sở dữ liệu đã sẵn sàng.")
