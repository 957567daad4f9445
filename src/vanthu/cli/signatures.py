"""`vanthu signatures radar`: what ends soon: certificates, kept renditions, time-stamping authorities."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from vanthu.cli.setup import require_migrated, say_json, start_django

if TYPE_CHECKING:
    from vanthu.signing.queries import EndingCertificate, RenditionRadar


@click.group()
def command() -> None:
    """Chữ ký số: chứng thư và bản lưu trữ dài hạn sắp hết hạn."""


@command.command()
@click.option("--at", "at", type=click.DateTime(), help="xem tại thời điểm này (giờ UTC); mặc định: bây giờ")
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
def radar(at: datetime | None, as_json: bool) -> None:
    """Liệt kê chứng thư còn không quá 60 ngày và tình hình bản lưu trữ dài hạn; mã thoát 1 khi có việc phải làm."""
    start_django()
    require_migrated()
    from vanthu.signing.queries import certificates_soon_ending, rendition_radar

    now = at.replace(tzinfo=UTC) if at else datetime.now(UTC)
    certificates, renditions = certificates_soon_ending(now=now), rendition_radar(now=now)
    if as_json:
        rows = [dataclasses.asdict(row) for row in certificates]
        say_json(at=now, certificates=rows, renditions=dataclasses.asdict(renditions))
    else:
        _say(certificates, renditions)
    raise SystemExit(1 if certificates or renditions.failing else 0)


def _say(certificates: tuple[EndingCertificate, ...], renditions: RenditionRadar) -> None:
    for row in certificates:
        left = f"còn {row.days_left} ngày" if row.stage else "đã hết hạn"
        click.echo(f"{row.subject} (số {row.serial}): {left}, đến {row.ends_at:%d/%m/%Y}.")
    if not certificates:
        click.echo("Không có chứng thư nào hết hạn trong 60 ngày tới.")
    click.echo(
        f"Bản lưu trữ dài hạn: {renditions.kept} đã có, {renditions.owed} chờ tạo, {renditions.due} đến hạn gia hạn, "
        f"{renditions.failing} gặp trở ngại."
    )
    if renditions.next_renewal_at:
        click.echo(f"Lần gia hạn tiếp theo: {renditions.next_renewal_at:%d/%m/%Y}.")
    for document_id, error, attempts in renditions.worst:
        click.echo(f"Văn bản {document_id}: {error} ({attempts} lần).")
