"""`vanthu axis`: the city's document axis; its server, who joined, whom it serves."""

from __future__ import annotations

import csv
import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vanthu.cli.serve import Household, answers, jobs_command, refuse_occupied, web_command
from vanthu.cli.setup import require_migrated, say_json, start_django
from vanthu.cli.trouble import Trouble
from vanthu.kernel.due import local

if TYPE_CHECKING:
    from vanthu.axis.rules.listing import AgencyOrder
    from vanthu.kernel.actor import Actor

NO_FILE = "Chưa thực hiện được: không đọc được tệp {file}. Kiểm tra lại đường dẫn, bảng mã UTF-8."
NO_COLUMN = "Chưa nhập đơn vị nào: tệp {file} thiếu cột {column}."
KINDS = {"centre": "trung tâm", "enterprise": "doanh nghiệp"}
YES = {"1", "true", "x", "có", "co"}

as_json_option = click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
secret_option = click.option(
    "--secret-file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="tệp chứa khóa bí mật (`-`: đọc từ đầu vào chuẩn); bỏ trống để trục tự sinh",
)


@click.group()
def command() -> None:
    """Trục liên thông thành phố: máy chủ, hệ thống tham gia, danh bạ đơn vị."""


@command.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="địa chỉ lắng nghe")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="cổng")
@click.option("--workers", type=click.IntRange(1, 64), help="số tiến trình; SQLite: 1, PostgreSQL: 2")
@click.option("--no-jobs", is_flag=True, help="không chạy việc nền và lịch bên trong")
def serve(host: str, port: int, workers: int | None, no_jobs: bool) -> None:
    """Chạy máy chủ của trục, kèm việc nền và lịch; dừng bằng Ctrl+C."""
    refuse_occupied(host, port)
    start_django(chatty=True)
    require_migrated()
    from django.db import connections

    is_sqlite = connections["default"].vendor == "sqlite"
    connections.close_all()
    chosen = workers or (1 if is_sqlite else 2)
    commands = {
        "web": web_command(host, port, chosen, interface="asgi", target="vanthu.axis.asgi:application")
    }
    if not no_jobs:
        commands["jobs"] = jobs_command()
    Household(commands, ready=lambda: _announce(host, port)).keep(is_ready=lambda: answers(host, port))


def _announce(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Trục liên thông đang chạy tại http://{shown}:{port}/XrdAdapter/adapter – dừng bằng Ctrl+C.")


def _begin() -> tuple[Actor, datetime]:
    start_django()
    require_migrated()
    from vanthu.kernel.actor import system_actor

    return system_actor(None), datetime.now(UTC)


@command.group()
def systems() -> None:
    """Hệ thống tham gia trục."""


@systems.command("list")
@as_json_option
def list_systems(as_json: bool) -> None:
    """Liệt kê hệ thống, số đơn vị, gói tin đang chờ."""
    _begin()
    from vanthu.axis.queries.listing import system_lines

    rows = system_lines()
    if as_json:
        say_json(ok=True, systems=rows)
        return
    for row in rows:
        seen = row["seen_at"]
        state = "đang mở" if row["is_active"] else "ĐÃ KHÓA"
        called = f"{local(seen):%d/%m/%Y %H:%M}" if isinstance(seen, datetime) else "chưa gọi"
        kind = KINDS[str(row["kind"])]
        click.echo(f"{row['code']}  {row['name']} ({kind}, {state})")
        click.echo(f"    {row['agencies']} đơn vị, {row['waiting']} gói tin đang chờ, lần gọi cuối: {called}")
    if not rows:
        click.echo("Chưa có hệ thống nào. Thêm bằng `vanthu axis systems add`.")


@systems.command()
@click.argument("code")
@click.option("--name", required=True, help="tên hệ thống, cơ quan chủ quản")
@click.option("--kind", type=click.Choice(sorted(KINDS)), default="centre", show_default=True)
@click.option(
    "--allow", "allowed", multiple=True, help="mã được tự đăng ký: `H26.9`, `H26.9.*` (nhắc lại được)"
)
@secret_option
@as_json_option
def add(
    code: str, name: str, kind: str, allowed: tuple[str, ...], secret_file: Path | None, as_json: bool
) -> None:
    """Thêm một hệ thống; in khóa bí mật một lần duy nhất."""
    actor, now = _begin()
    from vanthu.axis.operations.systems import add_system
    from vanthu.axis.rules.states import SystemKind

    secret = add_system(
        actor=actor,
        code=code,
        name=name,
        kind=SystemKind(kind),
        secret=_secret_of(secret_file),
        allowed_codes=allowed,
        now=now,
    )
    _tell_secret(code, secret, as_json=as_json)


@systems.command("secret")
@click.argument("code")
@secret_option
@as_json_option
def renew_secret(code: str, secret_file: Path | None, as_json: bool) -> None:
    """Đặt khóa bí mật mới; khóa cũ hết hiệu lực ngay."""
    actor, now = _begin()
    from vanthu.axis.operations.systems import set_secret

    secret = set_secret(actor=actor, code=code, secret=_secret_of(secret_file), now=now)
    _tell_secret(code, secret, as_json=as_json)


def _secret_of(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise Trouble(NO_FILE.format(file=file)) from error
    return text.strip()


def _tell_secret(code: str, secret: str, *, as_json: bool) -> None:
    if as_json:
        say_json(ok=True, system=code, secret=secret)
    else:
        click.echo(f"Hệ thống {code}. Khóa bí mật (chỉ hiện lần này): {secret}")


@systems.command()
@click.argument("code")
@click.option("--reason", required=True, help="lý do, giữ trong nhật ký")
@as_json_option
def close(code: str, reason: str, as_json: bool) -> None:
    """Khóa một hệ thống: không gọi được, không nhận thêm; gói tin đang chờ vẫn giữ."""
    actor, now = _begin()
    from vanthu.axis.operations.systems import close_system

    close_system(actor=actor, code=code, reason=reason, now=now)
    say_json(ok=True, system=code) if as_json else click.echo(f"Đã khóa hệ thống {code}.")


@systems.command()
@click.argument("code")
@as_json_option
def reopen(code: str, as_json: bool) -> None:
    """Mở lại một hệ thống đã khóa, với khóa bí mật cũ."""
    actor, now = _begin()
    from vanthu.axis.operations.systems import reopen_system

    reopen_system(actor=actor, code=code, now=now)
    say_json(ok=True, system=code) if as_json else click.echo(f"Đã mở lại hệ thống {code}.")


@command.group()
def agencies() -> None:
    """Danh bạ đơn vị trên trục."""


@agencies.command("list")
@click.option("--system", default="", help="chỉ các đơn vị của hệ thống này")
@as_json_option
def list_agencies(system: str, as_json: bool) -> None:
    """Liệt kê đơn vị."""
    _begin()
    from vanthu.axis.queries.listing import agency_lines

    rows = agency_lines(system=system)
    if as_json:
        say_json(ok=True, agencies=rows)
        return
    for row in rows:
        state = " (đã ngừng)" if row["is_deleted"] else ""
        click.echo(f"{row['code']}  {row['name']}{state}  – {row['system'] or 'ngoài trục này'}")


@agencies.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@as_json_option
def import_(file: Path, as_json: bool) -> None:
    """Nhập danh bạ từ tệp CSV (UTF-8): code, name và tùy chọn parent_code, system, mail, mobile, fax, old_code,
    code102, closed. Nhập lại không đổi gì."""
    actor, now = _begin()
    from vanthu.axis.operations.directory import import_agencies

    done = import_agencies(actor=actor, orders=_orders_of(file), now=now)
    if as_json:
        say_json(ok=True, new=done.new, changed=done.changed, same=done.same)
    else:
        click.echo(f"Đã nhập: {done.new} mới, {done.changed} thay đổi, {done.same} giữ nguyên.")


def _orders_of(file: Path) -> list[AgencyOrder]:
    from vanthu.axis.rules.listing import AgencyOrder

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise Trouble(NO_FILE.format(file=file)) from error
    rows = csv.DictReader(io.StringIO(text))
    for column in ("code", "name"):
        if column not in (rows.fieldnames or ()):
            raise Trouble(NO_COLUMN.format(file=file, column=column))
    names = ("code", "name", "parent_code", "mail", "mobile", "fax", "old_code", "code102", "system")
    return [
        AgencyOrder(
            **{name: (row.get(name) or "").strip() for name in names},
            is_closed=(row.get("closed") or "").strip().lower() in YES,
        )
        for row in rows
    ]
