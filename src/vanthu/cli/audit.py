"""`vanthu audit verify`: recompute the whole log and name the first break."""

from __future__ import annotations

import json

import click

from vanthu.cli.setup import start_django


@click.group()
def command() -> None:
    """Nhật ký hệ thống."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
def verify(as_json: bool) -> None:
    """Tính lại toàn bộ chuỗi nhật ký; chỉ ra chỗ đứt đầu tiên của mỗi chuỗi."""
    start_django()
    from vanthu.audit.queries import verify_chains

    reports = list(verify_chains())
    broken = [report.broken for report in reports if report.broken]
    events = sum(report.events for report in reports)
    if as_json:
        breaks = [{"chain": b.chain, "seq": b.seq, "reason": b.reason} for b in broken]
        click.echo(
            json.dumps(
                {"ok": not broken, "chains": len(reports), "events": events, "breaks": breaks},
                ensure_ascii=False,
            )
        )
    else:
        for item in broken:
            click.echo(f"Chuỗi {item.chain} đứt tại sự kiện {item.seq}: {item.reason}.")
        if not broken:
            click.echo(f"Nhật ký nguyên vẹn: {len(reports)} chuỗi, {events} sự kiện.")
    raise SystemExit(1 if broken else 0)
