"""Đường liên thông: does the axis answer, what is stuck on the way in, and what to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vanthu.exchange.queries.inbox import LineHealth, TroubledRow, line_health, troubled_packets
from vanthu.exchange.rules.inbox import may_watch_line
from vanthu.web.exchange.words import cause_and_remedy, packet_words
from vanthu.web.request import PersonRequest
from vanthu.web.words import moment


@require_GET
def line(request: PersonRequest) -> HttpResponse:
    may_watch_line(request.actor).or_refuse()
    health = line_health(now=request.now)
    context: dict[str, Any] = {"has_line": health is not None}
    if health is not None:
        rows = [_shown(row) for row in troubled_packets(now=request.now)]
        context |= {"banners": _banners(health), "facts": _facts(health), "rows": rows}
    return render(request, "admin_desk/line.html", context)


def _banners(health: LineHealth) -> list[dict[str, str]]:
    """One for each thing that somebody must do; a single good one where there is nothing."""
    found = [*_of_line(health), *_of_packets(health)]
    return found or [_said("ok", _("Đường liên thông hoạt động, không có gói tin nào bị ách lại."))]


def _of_line(health: LineHealth) -> list[dict[str, str]]:
    if health.down_since is not None:
        cause, remedy = cause_and_remedy(health.diagnosis)
        title = _("Không hỏi được trục liên thông từ {moment}.").format(moment=moment(health.down_since))
        return [_said("error" if health.is_down else "warn", title, cause, remedy)]
    if health.is_silent:
        return [
            _said(
                "error",
                _("Không có tiến trình nào hỏi trục liên thông."),
                _("Worker đã dừng hoặc chưa chạy."),
                _("Chạy `vanthu worker --with-timetable`."),
            )
        ]
    return []


def _of_packets(health: LineHealth) -> list[dict[str, str]]:
    found = []
    if health.left_behind:
        cause, remedy = cause_and_remedy(health.left_behind)
        found.append(_said("warn", _("Có gói tin trên trục chưa tải về hoặc chưa báo được."), cause, remedy))
    if health.is_stuck and health.oldest_stored:
        found.append(
            _said(
                "error",
                _("Gói tin tải về từ {moment} chưa xử lý được.").format(moment=moment(health.oldest_stored)),
                _("Lỗi ghi ở từng gói dưới đây; gói vẫn được giữ và tự thử lại."),
                _("Khắc phục nguyên nhân; không phải tải lại gói tin."),
            )
        )
    if health.is_parked_long:
        found.append(
            _said(
                "warn",
                _("Có trạng thái chờ quá 24 giờ mà chưa thấy văn bản liên quan."),
                _("Bên nhận có thể báo về văn bản không do hệ thống này gửi, hoặc ghi sai số, ký hiệu."),
                _("Đối chiếu với bên nhận theo mã văn bản dưới đây."),
            )
        )
    return found


def _said(kind: str, title: str, why: str = "", remedy: str = "") -> dict[str, str]:
    return {"kind": kind, "title": title, "why": why, "remedy": remedy}


def _facts(health: LineHealth) -> list[tuple[str, str]]:
    never = _("chưa lần nào")
    return [
        (_("Trục trả lời gần nhất"), moment(health.well_at) if health.well_at else never),
        (_("Gói tin đã tải, chưa xử lý"), str(health.stored)),
        (_("Gói tin đã xử lý, chưa báo được trục"), str(health.unacknowledged)),
        (_("Trạng thái chờ văn bản liên quan"), str(health.parked)),
        (_("Gói tin để riêng chờ văn thư"), str(health.asides)),
    ]


def _shown(row: TroubledRow) -> dict[str, str]:
    return {
        "name": row.document_id or row.axis_id,
        "from": row.sender_code or "—",
        "to": row.receiver_code or "—",
        "state": packet_words(row.state, is_fetched=True),
        "error": row.last_error,
        "at": moment(row.fetched_at),
    }
