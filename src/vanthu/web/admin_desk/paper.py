"""Nơi nhận bản giấy: who cannot receive electronically, why and since when, and how many documents went on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from vanthu.exchange.queries import PaperReceiver, paper_receivers
from vanthu.organizations.queries import UnableRow, unable_agencies
from vanthu.organizations.rules.policy import may_read_agencies
from vanthu.web.request import PersonRequest

DAYS = 30


@require_GET
def receivers(request: PersonRequest) -> HttpResponse:
    may_read_agencies(request.actor).or_refuse()
    unable = unable_agencies()
    counted = paper_receivers(since=request.now - timedelta(days=DAYS), until=request.now + timedelta(days=1))
    rows = _listed(unable, {row.recipient_code: row for row in counted})
    context = {"rows": rows, "banner": _banner(len(unable), counted), "days": DAYS}
    return render(request, "admin_desk/paper.html", context)


def _listed(unable: tuple[UnableRow, ...], counted: dict[str, PaperReceiver]) -> list[dict[str, Any]]:
    """Who is unable, then who got paper although he is able by now: nothing that was counted is left out."""
    rows = [
        {
            "name": row.name,
            "code": row.code,
            "reason": row.reason,
            "since": f"{row.since:%d/%m/%Y}" if row.since else _("chưa ghi"),
            "is_ours": row.is_ours,
        }
        | _counts(counted.pop(row.code, None))
        for row in unable
    ]
    able = [
        {
            "name": row.recipient_name,
            "code": row.recipient_code,
            "reason": _("Danh bạ không còn ghi là chưa nhận được."),
            "since": "",
            "is_ours": True,
        }
        | _counts(row)
        for row in counted.values()
    ]
    return sorted(rows, key=lambda row: -row["deliveries"]) + able


def _counts(row: PaperReceiver | None) -> dict[str, Any]:
    return {"deliveries": row.deliveries, "waiting": row.waiting} if row else {"deliveries": 0, "waiting": 0}


def _banner(unable: int, counted: tuple[PaperReceiver, ...]) -> dict[str, str]:
    """The answer to the one question, in a sentence."""
    sent, waiting = sum(row.deliveries for row in counted), sum(row.waiting for row in counted)
    if not unable and not sent:
        return {
            "kind": "ok",
            "title": _("Mọi cơ quan trong danh bạ đều nhận được văn bản điện tử."),
            "why": "",
        }
    title = ngettext(
        "%(n)s cơ quan chưa nhận được văn bản điện tử.",
        "%(n)s cơ quan chưa nhận được văn bản điện tử.",
        unable,
    )
    why = _("%(days)s ngày qua: %(sent)s lượt gửi bản giấy, %(waiting)s lượt còn chờ văn thư gửi.")
    return {
        "kind": "warn" if waiting else "info",
        "title": title % {"n": unable},
        "why": why % {"days": DAYS, "sent": sent, "waiting": waiting},
    }
