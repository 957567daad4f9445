"""`vanthu trust`: whom this installation believes; import by pins, list, remove, pin, fetch revocation data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vanthu.cli.setup import require_migrated, say_json, start_django
from vanthu.cli.trouble import Trouble
from vanthu.kernel.due import local

if TYPE_CHECKING:
    from vanthu.kernel.actor import Actor

NO_FILE = "Chưa nhập chứng thư nào: không đọc được tệp {file}. Kiểm tra lại đường dẫn."
KINDS = {"root": "gốc", "intermediate": "cấp dưới"}
PURPOSES = {"personal": "chữ ký cá nhân", "agency": "chữ ký cơ quan", "timestamp": "dấu thời gian"}
SHORT = "ghim rút gọn; ghim vân tay đầy đủ bằng `vanthu trust pin`"

as_json_option = click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")


@click.group()
def command() -> None:
    """Danh sách tin cậy: tổ chức chứng thực được tin, nhận ra bằng vân tay ghim."""


def _begin() -> tuple[Actor, datetime]:
    start_django()
    require_migrated()
    from vanthu.kernel.actor import system_actor

    return system_actor(None), datetime.now(UTC)


@command.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    type=click.Choice(sorted(PURPOSES)),
    help="chỉ tin cho mục đích này (nhắc lại được); mặc định: mọi mục đích của ghim",
)
@click.option(
    "--agency", "agencies", multiple=True, help="chỉ tin cho văn bản của cơ quan có mã này (nhắc lại được)"
)
@as_json_option
def import_(
    files: tuple[Path, ...], purposes: tuple[str, ...], agencies: tuple[str, ...], as_json: bool
) -> None:
    """Nhập chứng thư gốc, cấp dưới (PEM, DER, P7B); từ chối tệp không khớp vân tay đã ghim."""
    actor, now = _begin()
    from vanthu.signing.operations import import_anchors

    report = import_anchors(
        actor=actor,
        contents={str(file): _bytes_of(file) for file in files},
        purposes=purposes,
        agencies=agencies,
        now=now,
    )
    if as_json:
        say_json(ok=True, imported=[{"sha256": i.sha256, "name": i.name, "new": i.is_new} for i in report])
        return
    for item in report:
        done = "Đã nhập" if item.is_new else "Đã có"
        click.echo(f"{done}: {item.name} ({KINDS[item.kind]}), vân tay {item.sha256}")
        if item.pin and not item.pin_is_full:
            click.echo(f"    Lưu ý: khớp {item.pin} – {SHORT}.")


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Trouble(NO_FILE.format(file=file)) from error


@command.command("list")
@as_json_option
def list_(as_json: bool) -> None:
    """Liệt kê danh sách tin cậy, ghim, tuổi của danh sách thu hồi."""
    _, now = _begin()
    from vanthu.signing.queries import trusted_authorities

    rows = trusted_authorities(now=now)
    if as_json:
        say_json(
            ok=True,
            anchors=[
                {
                    "sha256": row.sha256,
                    "name": row.name,
                    "kind": row.kind,
                    "purposes": row.purposes,
                    "agencies": row.agencies,
                    "pin": row.pin,
                    "pin_is_full": row.pin_is_full,
                    "valid_until": row.valid_until,
                    "next_update": row.next_update,
                    "problems": row.problems,
                }
                for row in rows
            ],
        )
        return
    for row in rows:
        click.echo(f"{row.name} ({KINDS[row.kind]}{', trình diễn' if row.is_demonstration else ''})")
        click.echo(f"    vân tay {row.sha256}")
        click.echo(
            f"    dùng cho {', '.join(PURPOSES[name] for name in row.purposes)}; {_lists(row.next_update)}"
        )
        for problem in row.problems:
            click.echo(f"    ! {problem}")
    if not rows:
        click.echo("Danh sách tin cậy chưa có chứng thư nào. Nhập bằng `vanthu trust import`.")


def _lists(next_update: datetime | None) -> str:
    return (
        f"danh sách thu hồi đến {local(next_update):%d/%m/%Y %H:%M}"
        if next_update
        else "chưa có danh sách thu hồi"
    )


@command.command()
@click.argument("sha256")
@click.option("--reason", required=True, help="lý do, giữ trong nhật ký")
@as_json_option
def remove(sha256: str, reason: str, as_json: bool) -> None:
    """Gỡ một chứng thư khỏi danh sách tin cậy."""
    actor, now = _begin()
    from vanthu.signing.operations import remove_anchor

    name = remove_anchor(actor=actor, sha256=sha256, reason=reason, now=now)
    say_json(ok=True, removed=name) if as_json else click.echo(f"Đã gỡ: {name}.")


@command.command()
@click.argument("sha256")
@click.option("--name", required=True, help="tên (CN) trong chứng thư")
@click.option("--source", required=True, help="nơi lấy vân tay, ai xác nhận")
@click.option("--crl", "crl_urls", multiple=True, help="địa chỉ danh sách thu hồi (nhắc lại được)")
@click.option("--ocsp", "ocsp_urls", multiple=True, help="địa chỉ OCSP (nhắc lại được)")
@as_json_option
def pin(
    sha256: str,
    name: str,
    source: str,
    crl_urls: tuple[str, ...],
    ocsp_urls: tuple[str, ...],
    as_json: bool,
) -> None:
    """Ghim vân tay SHA-256 đầy đủ của một tổ chức chứng thực."""
    actor, now = _begin()
    from vanthu.signing.operations import pin_anchor

    made = pin_anchor(
        actor=actor,
        sha256=sha256,
        name=name,
        source=source,
        crl_urls=crl_urls,
        ocsp_urls=ocsp_urls,
        now=now,
    )
    say_json(ok=True, pin=made.starts) if as_json else click.echo(f"Đã ghim {made.name}: {made.starts}.")


@command.command()
@as_json_option
def refresh(as_json: bool) -> None:
    """Tải danh sách thu hồi đến hạn từ các địa chỉ được phép. Mã thoát 1: còn nguồn chưa tải được."""
    _, now = _begin()
    from vanthu.signing.operations import refresh_lists

    outcomes = refresh_lists(now=now, only_due=False)
    if as_json:
        say_json(ok=all(item.is_ok for item in outcomes), sources=[item.to_json() for item in outcomes])
    else:
        for item in outcomes:
            click.echo(
                f"{'đạt' if item.is_ok else 'hỏng':<5} {item.url}{f': {item.why}' if item.why else ''}"
            )
        if not outcomes:
            click.echo("Không có nguồn danh sách thu hồi nào để tải.")
    raise SystemExit(0 if all(item.is_ok for item in outcomes) else 1)
