"""`vanthu audit fixity`: whether stored bytes are still what they were; with --all every one is read now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from vanthu.cli.setup import require_migrated, say_json, start_django
from vanthu.kernel.due import local

if TYPE_CHECKING:
    from vanthu.evidence.queries.fixity import FixityStatus, FoundBytes

WRONG = 1
KINDS = {"ALTERED": "đã khác với lúc lưu", "MISSING": "không còn trong kho", "UNREADABLE": "không đọc được"}
WHY = {
    "NO_BACKUP": "chưa đặt bản sao lưu (VANTHU_BACKUP_BLOBS)",
    "NOT_IN_BACKUP": "bản sao lưu không có tệp này",
    "BACKUP_ALTERED": "tệp trong bản sao lưu cũng đã khác",
    "BACKUP_AWAY": "không đọc được bản sao lưu",
    "STORE_REFUSES": "không ghi được vào kho",
}
STATES = {
    "OPEN": "CHƯA KHẮC PHỤC",
    "RESTORED": "đã khôi phục từ bản sao lưu",
    "SOUND_AGAIN": "đọc lại thấy đúng",
    "GONE": "không còn dùng",
}


@click.command()
@click.option("--all", "read_all", is_flag=True, help="đọc lại toàn bộ kho ngay bây giờ")
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
def fixity(read_all: bool, as_json: bool) -> None:
    """Toàn vẹn kho tệp. Mã thoát: 0 – không có gì cần xử lý; 1 – có tệp chưa đúng; 2 – chưa kiểm tra được."""
    start_django()
    require_migrated()
    from vanthu.evidence.operations import check_all_stored_bytes
    from vanthu.evidence.queries.fixity import findings, fixity_status

    began = datetime.now(UTC)
    if read_all:
        check_all_stored_bytes(now=began)
    status = fixity_status(now=datetime.now(UTC))
    # What was found in this reading is told also when it could be mended.
    found = [row for row in findings(only_open=False) if _is_news(row, began if read_all else None)]
    if as_json:
        say_json(ok=not status.open_findings, **_facts(status), findings=[_plain(row) for row in found])
    else:
        click.echo("\n".join([*_lines(status), *(line for row in found for line in _finding(row))]))
    raise SystemExit(WRONG if status.open_findings else 0)


def _is_news(row: FoundBytes, began: datetime | None) -> bool:
    return row.state == "OPEN" or (began is not None and row.ended_at is not None and row.ended_at >= began)


def _facts(status: FixityStatus) -> dict[str, object]:
    return {
        "round": status.number,
        "share": round(status.share, 4),
        "blobs": status.blobs,
        "bytes": status.size,
        "read_at": status.read_at,
        "last_ended_at": status.last_ended_at,
        "behind": status.is_behind,
        "open": status.open_findings,
        "backup": status.has_backup,
        "days": status.days,
    }


def _plain(row: FoundBytes) -> dict[str, object]:
    return {
        "sha256": row.sha256,
        "kind": row.kind,
        "state": row.state,
        "size": row.size,
        "found_at": row.found_at,
        "ended_at": row.ended_at,
        "why_open": row.why_open,
        "kept_at": row.kept_at,
        "documents": [{"id": held.document_id, "number": held.full_number} for held in row.holdings],
    }


def _lines(status: FixityStatus) -> list[str]:
    if not status.number:
        return ["Chưa có lượt kiểm tra nào. Chạy `vanthu audit fixity --all`, hoặc để worker chạy với lịch."]
    lines = [
        f"Lượt {status.number}: đã đọc {status.share:.1%} kho, {status.blobs} tệp, {status.size} byte"
        + (f", gần nhất {local(status.read_at):%H:%M %d/%m/%Y}." if status.read_at else "."),
    ]
    if status.is_behind:
        lines.append("Lượt này chậm so với kế hoạch: kiểm tra worker, hoặc tăng VANTHU_FIXITY_MB.")
    if not status.has_backup:
        lines.append("Chưa đặt bản sao lưu (VANTHU_BACKUP_BLOBS): tệp hỏng chưa tự khôi phục được.")
    if not status.open_findings:
        lines.append("Không có tệp nào chưa đúng.")
    return lines


def _finding(row: FoundBytes) -> list[str]:
    size = f", {row.size} byte" if row.size is not None else ""
    lines = [f"{row.sha256}: {KINDS[row.kind]}{size} – {STATES[row.state]}"]
    names = [f"{held.full_number or f'#{held.document_id}'} ({held.agency_name})" for held in row.holdings]
    lines.append("    văn bản: " + (", ".join(names) or "không văn bản nào dùng"))
    if row.why_open:
        lines.append(f"    chưa khôi phục được: {WHY[row.why_open]}")
    if row.kept_at:
        lines.append(f"    bản bị thay đổi giữ tại {row.kept_at} trong kho")
    return lines
