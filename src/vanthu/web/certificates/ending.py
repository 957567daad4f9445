"""Chứng thư sắp hết hạn: whose certificate ends when, what to do; and how the kept renditions stand."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from vanthu.kernel.actor import Role
from vanthu.organizations.queries import known_people
from vanthu.signing.queries import (
    EndingCertificate,
    RenditionRadar,
    certificates_soon_ending,
    rendition_radar,
)
from vanthu.signing.rules.register_policy import may_keep_certificates
from vanthu.signing.timestamping import standings
from vanthu.web.request import PersonRequest
from vanthu.web.words import day

STAGE_LABELS = {
    0: "Không ký được nữa. Nộp hồ sơ cấp mới ngay; trong lúc chờ, người có thẩm quyền khác ký.",
    7: "Đăng ký chứng thư mới trong tuần này; nếu chưa có, chuẩn bị người ký thay.",
    30: "Nộp hồ sơ gia hạn hoặc cấp mới tới tổ chức chứng thực; có chứng thư mới thì đăng ký vào hệ thống.",
    60: "Lên kế hoạch gia hạn, báo người giữ chứng thư chuẩn bị hồ sơ.",
}
STAGE_STATES = {0: "bad", 7: "bad", 30: "warn", 60: "none"}


@require_GET
def ending(request: PersonRequest) -> HttpResponse:
    """The administrator's list: his agency's certificates, or all of the city's."""
    is_city = request.actor.has(Role.CITY_ADMIN)
    agency_id = request.actor.agency_id or 0
    may_keep_certificates(request.actor, agency_id).or_refuse()
    owners = None if is_city else _owners(agency_id)
    rows = certificates_soon_ending(now=request.now, owners=owners)
    context: dict[str, Any] = {"rows": [_shown(row) for row in rows], "is_city": is_city}
    if is_city:
        context |= {"facts": _facts(rendition_radar(now=request.now)), "authorities": _authorities()}
    return render(request, "certificates/ending.html", context)


def _owners(agency_id: int) -> list[str]:
    return [f"agency:{agency_id}", *(f"person:{number}" for number, _name in known_people(agency_id))]


def _shown(row: EndingCertificate) -> dict[str, Any]:
    return {
        "name": row.subject,
        "is_agency": row.owner.startswith("agency:"),
        "serial": row.serial,
        "ends_on": day(row.ends_at),
        "left": left_words(row),
        "state": STAGE_STATES[row.stage],
        "remedy": _(STAGE_LABELS[row.stage]),
    }


def left_words(row: EndingCertificate) -> str:
    """ "còn 12 ngày", or that it has ended."""
    if row.stage == 0:
        return _("đã hết hạn")
    return ngettext("còn {n} ngày", "còn {n} ngày", row.days_left).format(n=row.days_left)


def _facts(radar: RenditionRadar) -> list[tuple[str, Any]]:
    return [
        (_("Bản lưu trữ dài hạn đã có"), radar.kept),
        (_("Chờ tạo"), radar.owed),
        (_("Đến hạn gia hạn"), radar.due),
        (_("Đang gặp trở ngại"), radar.failing),
        (_("Lần gia hạn tiếp theo"), day(radar.next_renewal_at) if radar.next_renewal_at else "—"),
        (_("Bảo vệ hết sớm nhất"), day(radar.protection_ends_first) if radar.protection_ends_first else "—"),
    ]


def _authorities() -> list[dict[str, Any]]:
    return [{"url": row.url, "is_away": row.is_away, "failures": row.failures} for row in standings()]
