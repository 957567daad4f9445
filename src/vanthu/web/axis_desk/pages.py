"""What the pages about systems show: the sentence at the top, the figures, each system in a row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vanthu.axis.queries.desk import (
    AboveState,
    AgencyRow,
    Overview,
    RefusedCall,
    SystemRow,
    agencies_of,
    overview,
    refused_calls,
    state_of_above,
    systems,
)
from vanthu.axis.rules.troubles import LATE, REFUSED_CALLS, SILENT
from vanthu.exchange.rules.diagnoses import WORDS, Diagnosis
from vanthu.web.axis_desk.words import KIND_LABELS
from vanthu.web.words import moment


def overview_page(now: datetime) -> dict[str, Any]:
    """How the axis stands, answered in one sentence first."""
    status, rows = overview(now=now), systems(now=now)
    return {
        "status": _banner(status, rows, now),
        "facts": _figures(status, now),
        "rows": [listed(row, now) for row in rows],
        "refused": [_refusal(call) for call in refused_calls(limit=10)],
    }


def _banner(status: Overview, rows: tuple[SystemRow, ...], now: datetime) -> dict[str, str]:
    late = status.oldest is not None and now - status.oldest > LATE
    if late:
        return {
            "kind": "warn",
            "title": _("{count} gói tin chờ nơi nhận, lâu nhất {span}.").format(
                count=whole(status.waiting), span=span(status.oldest, now)
            ),
            "why": _("Hệ thống chờ lâu nhất: {names}.").format(names=_slowest(rows)),
            "remedy": _("Mở hệ thống đó để xem nguyên nhân và cách xử lý."),
        }
    if status.to_forward and not status.has_upstream:
        return {
            "kind": "warn",
            "title": _("{count} gói tin chờ trục cấp trên.").format(count=whole(status.to_forward)),
            "why": _("Chưa cấu hình trục cấp trên."),
            "remedy": _("Đặt VANTHU_AXIS_UPSTREAM_URL, _SYSTEM và _SECRET rồi khởi động lại."),
        }
    return {
        "kind": "ok",
        "title": _("Trục đang thông: không có gói tin nào chờ quá một giờ."),
        "why": "",
        "remedy": "",
    }


def _slowest(rows: tuple[SystemRow, ...]) -> str:
    waiting = sorted((row for row in rows if row.oldest), key=lambda row: row.oldest or row.created_at)
    return ", ".join(row.name for row in waiting[:3])


def _figures(status: Overview, now: datetime) -> list[tuple[str, str]]:
    waiting = whole(status.waiting)
    if status.oldest:
        waiting = _("{count}, lâu nhất từ {moment}").format(count=waiting, moment=moment(status.oldest))
    figures = [
        (_("Gói tin chờ lấy"), waiting),
        (_("Nhận trong 24 giờ"), whole(status.taken)),
        (_("Nơi nhận báo lỗi trong 24 giờ"), whole(status.failed)),
        (_("Không nhận trong 24 giờ"), whole(status.refused)),
    ]
    if status.has_upstream or status.to_forward:
        figures.append((_("Chờ chuyển lên trục cấp trên"), whole(status.to_forward)))
    above = state_of_above()
    return [*figures, (_("Đường lên trục cấp trên"), _line_above(above))] if above else figures


def _line_above(above: AboveState) -> str:
    if above.failed_at:
        return _("lỗi từ {moment}: {cause}").format(
            moment=moment(above.failed_at), cause=cause_of(above.diagnosis)
        )
    return (
        _("thông, lần gần nhất {moment}").format(moment=moment(above.went_at))
        if above.went_at
        else _("chưa dùng")
    )


def cause_of(diagnosis: str) -> str:
    """The cause of a failed call to the axis above, in plain words."""
    known = WORDS.get(Diagnosis(diagnosis)) if diagnosis in list(Diagnosis) else None
    return _(known.cause) if known else diagnosis


def listed(row: SystemRow, now: datetime) -> dict[str, Any]:
    """A system as the templates want it."""
    state, label = _standing(row, now)
    return {
        "code": row.code,
        "name": row.name,
        "url": reverse("axis-system", args=[row.code]),
        "messages_url": f"{reverse('axis-messages')}?{urlencode({'he_thong': row.code})}",
        "kind": KIND_LABELS[row.kind],
        "is_active": row.is_active,
        "state": state,
        "state_label": label,
        "waiting": whole(row.waiting),
        "oldest": _("lâu nhất {span}").format(span=span(row.oldest, now)) if row.oldest else "",
        "errors": _errors(row),
        "agencies": ngettext("{n} đơn vị", "{n} đơn vị", row.agencies).format(n=whole(row.agencies)),
    }


def _standing(row: SystemRow, now: datetime) -> tuple[str, str]:
    if not row.is_active:
        return "none", _("Đã đóng")
    if row.seen_at is None:
        return "warn", _("Chưa kết nối lần nào")
    if now - row.seen_at > SILENT:
        return "warn", _("Vắng từ {moment}").format(moment=moment(row.seen_at))
    return "ok", _("Đang kết nối")


def _errors(row: SystemRow) -> str:
    """What went wrong in the last day, in a sentence; empty when nothing did."""
    told = []
    if row.refused:
        told.append(_("trục không nhận {count} gói").format(count=whole(row.refused)))
    if row.failed:
        told.append(_("báo lỗi {count} gói").format(count=whole(row.failed)))
    return ", ".join(told)


def _refusal(call: RefusedCall) -> dict[str, str]:
    why, remedy = REFUSED_CALLS.get(call.code, ("", ""))
    return {
        "at": moment(call.at),
        "at_iso": call.at.isoformat(),
        "system": call.system_code or _("không rõ hệ thống"),
        "why": _(why) if why else call.detail,
        "remedy": _(remedy) if remedy else "",
        "detail": call.detail,
        "code": call.code,
        "remote": call.remote,
    }


def system_page(row: SystemRow, now: datetime) -> dict[str, Any]:
    """One system: facts, agencies, what of it was refused."""
    allowed = ", ".join(row.allowed_codes) or _("mọi mã chưa thuộc hệ thống nào")
    facts = [
        (_("Mã hệ thống"), row.code),
        (_("Loại"), KIND_LABELS[row.kind]),
        (_("Tham gia từ"), moment(row.created_at)),
        (_("Lần gọi gần nhất"), moment(row.seen_at) if row.seen_at else _("chưa có")),
        (_("Khóa bí mật đặt lúc"), moment(row.secret_set_at)),
        (_("Mã được tự đăng ký"), allowed),
    ]
    if row.closed_at:
        closed = _("{moment}: {reason}").format(moment=moment(row.closed_at), reason=row.closed_reason)
        facts.append((_("Đã đóng"), closed))
    return {
        "row": listed(row, now),
        "facts": facts,
        "agencies": [_agency(agency) for agency in agencies_of(row.code)],
        "refused": [_refusal(call) for call in refused_calls(system=row.code, limit=10)],
    }


def _agency(row: AgencyRow) -> dict[str, Any]:
    others = [code for code in (row.old_code, row.code102) if code]
    return {
        "code": row.code,
        "name": row.name,
        "others": ", ".join(others),
        "is_deleted": row.is_deleted,
        "url": f"{reverse('axis-messages')}?{urlencode({'don_vi': row.code})}",
    }


def span(since: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that says it."""
    if since is None:
        return ""
    minutes = max(int((now - since).total_seconds() // 60), 1)
    if minutes < 60:
        return ngettext("{n} phút", "{n} phút", minutes).format(n=minutes)
    if minutes < 48 * 60:
        return ngettext("{n} giờ", "{n} giờ", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} ngày", "{n} ngày", minutes // 1440).format(n=minutes // 1440)


def whole(number: int) -> str:
    return number_format(number, force_grouping=True)
