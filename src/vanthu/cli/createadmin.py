"""`vanthu createadmin`: the first administrator of an installation."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vanthu.cli.setup import start_django


@click.command()
@click.argument("username")
@click.option("--name", required=True, help="họ và tên")
@click.option("--agency", required=True, help="mã định danh cơ quan")
@click.password_option(help="mật khẩu")
def command(username: str, name: str, agency: str, password: str) -> None:
    """Tạo quản trị hệ thống đầu tiên."""
    start_django()
    from vanthu.accounts.operations import create_person
    from vanthu.foundation.operation import unit_of_work
    from vanthu.foundation.refusals import spoken
    from vanthu.kernel.actor import system_actor
    from vanthu.kernel.errors import DomainError
    from vanthu.organizations.operations import open_first_administration

    now = datetime.now(UTC)
    try:
        with unit_of_work():
            person_id = create_person(
                actor=system_actor(None), username=username, full_name=name, password=password, now=now
            )
            open_first_administration(
                actor=system_actor(None), agency_code=agency, person_id=person_id, now=now
            )
    except DomainError as refusal:
        for violation in refusal.violations:
            click.echo(str(spoken(violation)), err=True)
        raise SystemExit(2) from None
    click.echo(f"Đã tạo quản trị {username}.")
