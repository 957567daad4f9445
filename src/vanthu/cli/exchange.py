"""`vanthu exchange`: the line to the axis, its list of agencies, the packets that are still to leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from vanthu.cli.setup import require_migrated, say_json, start_django
from vanthu.cli.trouble import Trouble
from vanthu.kernel.due import local

if TYPE_CHECKING:
    from vanthu.exchange.queries.packets import PacketLine
    from vanthu.kernel.actor import Actor

NO_LINE = (
    "Chưa thực hiện được: hệ thống chưa nối trục liên thông. "
    "Khai báo VANTHU_LINE_URL, VANTHU_LINE_SYSTEM, VANTHU_LINE_SECRET."
)
TROUBLE = "Chưa thực hiện được: {cause} {remedy}"
STATES = {
    "TO_SEND": "chờ gửi",
    "SENDING": "đang gửi",
    "UNKNOWN": "chưa rõ trục đã nhận",
    "TAKEN": "trục đã nhận",
    "FAILED": "không gửi được",
}
KINDS = {"edoc": "văn bản", "status": "trạng thái"}
NOTHING_LISTED = "Danh bạ liên thông trống. Đồng bộ bằng `vanthu exchange agencies sync`."
NOTHING_WAITS = "Không có gói tin nào chờ gửi hay bị lỗi."

as_json_option = click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")


@click.group()
def command() -> None:
    """Liên thông: đường truyền tới trục, danh bạ cơ quan ngoài hệ thống, gói tin chờ gửi."""


def _begin() -> tuple[Actor, datetime]:
    start_django()
    require_migrated()
    from vanthu.kernel.actor import system_actor

    return system_actor(None), datetime.now(UTC)


@contextmanager
def _over_the_line() -> Iterator[None]:
    """Trouble of the line in words."""
    from vanthu.exchange.channels.vxp.client import LineTrouble
    from vanthu.exchange.operations.line import NoLine
    from vanthu.exchange.rules.diagnoses import WORDS

    try:
        yield
    except NoLine as trouble:
        raise Trouble(NO_LINE) from trouble
    except LineTrouble as trouble:
        words = WORDS[trouble.diagnosis]
        raise Trouble(TROUBLE.format(cause=words.cause, remedy=words.remedy)) from trouble


@command.group()
def line() -> None:
    """Đường truyền tới trục."""


@line.command()
@as_json_option
def check(as_json: bool) -> None:
    """Gọi thử cổng liên thông. Mã thoát 0: thông, 2: không."""
    _, now = _begin()
    from vanthu.exchange.operations.line import open_line

    with _over_the_line():
        gateway = open_line(now=now)
        waiting = {kind: gateway.count(kind) for kind in KINDS}
    skew = round(gateway.skew.total_seconds()) if gateway.skew is not None else None
    if as_json:
        say_json(ok=True, url=gateway.line.url, waiting=waiting, clock_skew_seconds=skew)
        return
    click.echo(f"Đường truyền thông: {gateway.line.url}, mã hệ thống {gateway.line.system_id}.")
    click.echo(f"Chờ nhận: {waiting['edoc']} văn bản, {waiting['status']} trạng thái.")
    if skew:
        click.echo(f"Đồng hồ máy chủ lệch {skew:+d} giây so với cổng.")


@command.group()
def agencies() -> None:
    """Danh bạ cơ quan ngoài hệ thống, theo danh sách của trục."""


@agencies.command()
@as_json_option
def sync(as_json: bool) -> None:
    """Đồng bộ danh bạ từ trục ngay (hằng đêm tự chạy)."""
    _, now = _begin()
    from vanthu.exchange.operations import sync_agencies

    with _over_the_line():
        report = sync_agencies(now=now)
    if report is None:
        raise Trouble(NO_LINE)
    if as_json:
        say_json(
            ok=True,
            listed=report.listed,
            added=report.added,
            altered=report.altered,
            closed=report.closed,
            aliases=report.aliases,
            unfit=report.unfit,
        )
        return
    click.echo(
        f"Trục có {report.listed} cơ quan: thêm {report.added}, đổi {report.altered}, "
        f"đóng {report.closed}, mã khác {report.aliases}, bỏ qua {report.unfit} mục không có mã đúng."
    )


@agencies.command("list")
@as_json_option
def list_(as_json: bool) -> None:
    """Danh bạ đang có bao nhiêu cơ quan, đồng bộ lần cuối khi nào, lỗi gì."""
    _begin()
    from vanthu.exchange.queries.packets import last_listing
    from vanthu.organizations.queries import outside_state

    state, call = outside_state(), last_listing()
    if as_json:
        say_json(
            ok=not (call and call.diagnosis),
            active=state.active,
            closed=state.closed,
            aliases=state.aliases,
            seen_at=state.seen_at,
            last_call_at=call.at if call else None,
            diagnosis=call.diagnosis if call else "",
        )
        return
    if state.seen_at is None:
        click.echo(NOTHING_LISTED)
    else:
        click.echo(
            f"{state.active} cơ quan đang nhận, {state.closed} đã đóng, {state.aliases} mã khác; "
            f"theo danh sách lúc {local(state.seen_at):%H:%M %d/%m/%Y}."
        )
    if call and call.diagnosis:
        click.echo(f"Lần gọi cuối lúc {local(call.at):%H:%M %d/%m/%Y} lỗi: {_cause(call.diagnosis)}")


def _cause(diagnosis: str) -> str:
    from vanthu.exchange.rules.diagnoses import WORDS, Diagnosis

    return WORDS[Diagnosis(diagnosis)].cause if diagnosis in set(Diagnosis) else diagnosis


@agencies.command()
@click.argument("text")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@as_json_option
def find(text: str, limit: int, as_json: bool) -> None:
    """Tìm theo tên (có dấu hay không) hoặc mã, kể cả mã cũ và cơ quan đã đóng. Mã thoát 1: không có."""
    _begin()
    from vanthu.organizations.queries import aliases_of, find_outside

    rows = find_outside(text, limit=limit, with_closed=True)
    if as_json:
        say_json(
            ok=bool(rows),
            agencies=[
                {
                    "code": row.code,
                    "name": row.name,
                    "aliases": aliases_of(row.code),
                    "active": row.is_active,
                    "closed_on": row.closed_on,
                    "can_receive": row.can_receive,
                }
                for row in rows
            ],
        )
    for row in () if as_json else rows:
        other = ", ".join(aliases_of(row.code))
        closed = f" – đã đóng từ {row.closed_on:%d/%m/%Y}" if row.closed_on else ""
        click.echo(f"{row.code:<20} {row.name}{f' (mã khác: {other})' if other else ''}{closed}")
    if not rows and not as_json:
        click.echo(f"Không có cơ quan nào khớp “{text}”.")
    raise SystemExit(0 if rows else 1)


@command.command()
@click.argument("codes", nargs=-1, metavar="[MÃ…]")
@as_json_option
def register(codes: tuple[str, ...], as_json: bool) -> None:
    """Đăng ký cơ quan của hệ thống với trục; không ghi mã: mọi cơ quan đang hoạt động."""
    actor, now = _begin()
    from vanthu.exchange.operations import register_agencies

    with _over_the_line():
        done = register_agencies(actor=actor, codes=codes, now=now)
    unknown = sorted(set(codes) - set(done))
    if as_json:
        say_json(ok=not unknown, registered=done, unknown=unknown)
    else:
        click.echo(f"Đã đăng ký {len(done)} cơ quan với trục.")
        if unknown:
            click.echo(f"Hệ thống không có cơ quan mang mã: {', '.join(unknown)}.")
    raise SystemExit(1 if unknown else 0)


@command.command()
@click.option("--state", default="", type=click.Choice(["", *STATES]), help="chỉ một trạng thái")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10000))
@as_json_option
def packets(state: str, limit: int, as_json: bool) -> None:
    """Gói tin chưa tới trục: lỗi, chưa rõ, chờ gửi. Mã thoát 1: có gói tin cần người xử lý."""
    _begin()
    from vanthu.exchange.queries.packets import packet_counts
    from vanthu.exchange.queries.packets import packets as packets_in

    rows, counts = packets_in(state=state, limit=limit), packet_counts()
    if as_json:
        say_json(ok=not counts.get("FAILED"), counts=counts, packets=[_packet_json(row) for row in rows])
    for row in () if as_json else rows:
        _show(row)
    if not rows and not as_json:
        click.echo(NOTHING_WAITS)
    raise SystemExit(1 if counts.get("FAILED") else 0)


def _show(row: PacketLine) -> None:
    later = f", thử lại lúc {local(row.next_at):%H:%M:%S %d/%m}" if row.next_at else ""
    click.echo(
        f"#{row.id} {STATES[row.state]} · {KINDS[row.kind]} {row.document} · {row.receivers} nơi nhận · "
        f"{row.attempts} lần gửi{later}"
    )
    if row.last_error:
        click.echo(f"    {row.last_error}")


def _packet_json(row: PacketLine) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "agency": row.agency_code,
        "document_id": row.document,
        "axis_id": row.axis_id,
        "attempts": row.attempts,
        "next_at": row.next_at,
        "error": row.error_code,
        "words": row.last_error,
        "receivers": row.receivers,
    }


@command.command()
@click.argument("packet_id", type=int, metavar="SỐ")
def resend(packet_id: int) -> None:
    """Gửi lại nguyên gói tin sau khi đã khắc phục nguyên nhân."""
    actor, now = _begin()
    from vanthu.exchange.operations import resend_packet

    resend_packet(actor=actor, packet_id=packet_id, now=now)
    click.echo(f"Gói tin #{packet_id} sẽ được gửi lại ngay.")
