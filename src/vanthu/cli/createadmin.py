"""`vanthu createadmin`: the first administrator of an installation."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vanthu.cli.setup import require_migrated, say_json, start_django
from vanthu.cli.trouble import Trouble

WEAK = "Chưa tạo được quản trị {username}: {why} Chọn mật khẩu khác."


@click.command()
@click.argument("username")
@click.option("--name", required=True, help="họ và tên")
@click.option("--agency", required=True, help="mã định danh cơ quan")
@click.password_option(help="mật khẩu; bỏ trống để nhập khi được hỏi")
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
def command(username: str, name: str, agency: str, password: str, as_json: bool) -> None:
    """Tạo quản trị hệ thống đầu tiên."""
    start_django()
    require_migrated()
    from vanthu.accounts.operations import create_person
    from vanthu.foundation.operation import unit_of_work
    from vanthu.kernel.actor import system_actor
    from vanthu.organizations.operations import open_first_administration

    _refuse_weak(username, password)
    now = datetime.now(UTC)
    with unit_of_work():
        person_id = create_person(
            actor=system_actor(None), username=username, full_name=name, password=password, now=now
        )
        open_first_administration(actor=system_actor(None), agency_code=agency, person_id=person_id, now=now)
    if as_json:
        say_json(ok=True, username=username, agency=agency)
    else:
        click.echo(f"Đã tạo quản trị {username}.")


def _refuse_weak(username: str, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password)
    except ValidationError as error:
        raise Trouble(WEAK.format(username=username, why=" ".join(error.messages))) from error
