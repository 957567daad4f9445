"""Toàn vẹn kho lưu trữ: how the care for stored bytes stands, what it found, and what to do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from vanthu.evidence import operations as evidence
from vanthu.evidence.queries.fixity import FixityStatus, FoundBytes, findings, fixity_status
from vanthu.evidence.rules.fixity import FindingKind, FindingState, WhyOpen, may_read_fixity
from vanthu.web.request import PersonRequest
from vanthu.web.words import day, moment

UNITS = ("byte", "KB", "MB", "GB", "TB")
KIND_LABELS = {
    FindingKind.ALTERED: "Nội dung đã khác với lúc lưu",
    FindingKind.MISSING: "Sổ có, kho không còn",
    FindingKind.UNREADABLE: "Ổ đĩa không đọc được",
}
STATE_MARKS = {FindingState.OPEN: "bad", FindingState.GONE: "none"}
STATE_LABELS = {
    FindingState.OPEN: "Chưa khắc phục",
    FindingState.RESTORED: "Đã khôi phục từ bản sao lưu",
    FindingState.SOUND_AGAIN: "Đọc lại thấy đúng",
    FindingState.GONE: "Không còn dùng",
}
WHY_LABELS = {
    WhyOpen.NO_BACKUP: (
        "Chưa đặt bản sao lưu (VANTHU_BACKUP_BLOBS). Đặt bản sao lưu, hoặc chép tệp đúng vào kho, rồi kiểm tra lại."
    ),
    WhyOpen.NOT_IN_BACKUP: (
        "Bản sao lưu không có tệp này. Chép tệp đúng từ nơi nhận hoặc bản sao khác vào kho, rồi kiểm tra lại."
    ),
    WhyOpen.BACKUP_ALTERED: (
        "Tệp trong bản sao lưu cũng đã khác. Chép tệp đúng từ nơi nhận hoặc bản sao khác vào kho, rồi kiểm tra lại."
    ),
    WhyOpen.BACKUP_AWAY: "Không đọc được bản sao lưu. Kiểm tra nơi giữ bản sao lưu, rồi kiểm tra lại.",
    WhyOpen.STORE_REFUSES: "Không ghi được vào kho. Kiểm tra chỗ trống và quyền ghi của kho, rồi kiểm tra lại.",
}


@require_GET
def store(request: PersonRequest) -> HttpResponse:
    may_read_fixity(request.actor).or_refuse()
    status = fixity_status(now=request.now)
    context = {"status": _banner_of(status), "facts": _facts(status), "share": round(status.share * 100)}
    rows = [_listed(found) for found in findings(only_open=False)]
    return render(request, "admin_desk/store.html", context | {"rows": rows, "is_new": not status.number})


@require_POST
def look_again(request: PersonRequest, finding_id: int) -> HttpResponse:
    """Read the bytes of one finding again, and restore them when the backup has them."""
    state = evidence.look_again(actor=request.actor, finding_id=finding_id, now=request.now)
    if state is FindingState.OPEN:
        messages.warning(request, _("Đã đọc lại: tệp vẫn chưa đúng như khi lưu."))
    else:
        messages.success(request, _("Đã đọc lại: tệp đúng như khi lưu."))
    return redirect("admin-store")


def _banner_of(status: FixityStatus) -> dict[str, str]:
    """The answer to the one question, in a sentence."""
    if status.open_findings:
        return {
            "kind": "error",
            "title": ngettext(
                "%(count)s tệp không còn đúng như khi lưu.",
                "%(count)s tệp không còn đúng như khi lưu.",
                status.open_findings,
            )
            % {"count": _whole(status.open_findings)},
            "why": _("Hệ thống chưa khôi phục được vì lý do ghi ở từng tệp dưới đây."),
            "remedy": _("Xử lý theo từng tệp. Cảnh báo chỉ tắt khi tệp đúng trở lại."),
        }
    if status.is_behind:
        return {
            "kind": "warn",
            "title": _("Lượt kiểm tra chậm so với kế hoạch."),
            "why": _("Mỗi giờ chỉ được đọc một lượng nhất định, hoặc worker đã dừng."),
            "remedy": _("Kiểm tra worker đang chạy, hoặc tăng VANTHU_FIXITY_MB."),
        }
    if not status.blobs and status.last_ended_at is None:
        return {
            "kind": "info",
            "title": _("Lượt kiểm tra đầu tiên mới bắt đầu, chưa đọc lại tệp nào."),
            "why": _("Mỗi giờ đọc một phần kho."),
            "remedy": "",
        }
    return {
        "kind": "ok",
        "title": _("Các tệp đã đọc lại đều đúng như khi lưu."),
        "why": "",
        "remedy": ""
        if status.has_backup
        else _("Nên đặt bản sao lưu (VANTHU_BACKUP_BLOBS) để tự khôi phục."),
    }


def _facts(status: FixityStatus) -> list[tuple[str, str]]:
    started = day(status.started_at) if status.started_at else ""
    return [
        (
            _("Lượt kiểm tra"),
            _("lượt %(number)s, bắt đầu %(day)s") % {"number": status.number, "day": started},
        ),
        (
            _("Đã đọc"),
            _("%(share)s %% kho: %(count)s tệp, %(size)s")
            % {
                "share": number_format(round(status.share * 100, 1), 1),
                "count": _whole(status.blobs),
                "size": _size(status.size),
            },
        ),
        (_("Lần đọc gần nhất"), moment(status.read_at) if status.read_at else _("chưa đọc")),
        (
            _("Đọc hết kho gần nhất"),
            moment(status.last_ended_at) if status.last_ended_at else _("chưa hết lượt nào"),
        ),
        (_("Chu kỳ"), _("mỗi tệp ít nhất một lần trong %(days)s ngày") % {"days": status.days}),
        (_("Bản sao lưu"), _("có, tự khôi phục khi cần") if status.has_backup else _("chưa đặt")),
    ]


def _listed(found: FoundBytes) -> dict[str, Any]:
    ended = found.ended_at
    return {
        "id": found.id,
        "sha256": found.sha256,
        "short": found.sha256[:12],
        "size": _size(found.size) if found.size is not None else "",
        "kind": _(KIND_LABELS[found.kind]),
        "found_at": moment(found.found_at),
        "state": STATE_MARKS.get(found.state, "ok"),
        "state_label": _(STATE_LABELS[found.state]),
        "ended_at": moment(ended) if ended else "",
        "why": _(WHY_LABELS[found.why_open]) if found.why_open else "",
        "kept_at": found.kept_at,
        "is_open": found.state is FindingState.OPEN,
        "holdings": [
            {
                "name": held.full_number or f"#{held.document_id}",
                "agency": held.agency_name,
                "file": held.file_name,
            }
            for held in found.holdings
        ],
    }


def _whole(number: int) -> str:
    return number_format(number, force_grouping=True)


def _size(size: int) -> str:
    amount, unit = float(size), 0
    while amount >= 1024 and unit < len(UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    # Django cuts decimals off; here they are rounded.
    return f"{number_format(round(amount, 1), 1 if unit else 0)} {UNITS[unit]}"
