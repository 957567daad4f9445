"""Nhật ký và chứng cứ: the newest heads of the log's tree, their stamps, and what is not right."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vanthu.evidence.queries.alarms import AlarmRow, open_alarms
from vanthu.evidence.queries.tree import HeadRow, log_keys, log_name, newest_heads
from vanthu.evidence.rules.policy import may_read_heads
from vanthu.web.request import PersonRequest
from vanthu.web.words import moment

SHOWN = 24
"""A day of heads."""


@require_GET
def heads(request: PersonRequest) -> HttpResponse:
    may_read_heads(request.actor).or_refuse()
    rows = newest_heads(SHOWN)
    context = {
        "rows": [_listed(row) for row in rows],
        "alarms": [_alarm(row) for row in open_alarms()],
        "facts": _facts(rows) if rows else [],
    }
    return render(request, "admin_desk/evidence.html", context)


def _facts(rows: tuple[HeadRow, ...]) -> list[tuple[str, str]]:
    stamped = next((row for row in rows if row.stamped_at), None)
    return [
        (_("Tên nhật ký"), log_name()),
        (_("Dấu vân tay khóa (SHA-256)"), log_keys()[-1].fingerprint),
        (_("Sự kiện trong cây"), number_format(rows[0].size, force_grouping=True)),
        (
            _("Dấu thời gian gần nhất"),
            moment(stamped.stamped_at) if stamped and stamped.stamped_at else _("chưa có"),
        ),
    ]


def _listed(row: HeadRow) -> dict[str, Any]:
    return {
        "size": number_format(row.size, force_grouping=True),
        "root": row.root[:16],
        "whole_root": row.root,
        "at": moment(row.at),
        "at_iso": row.at.isoformat(),
        "state": "ok" if row.stamped_at else "none",
        "stamp": _("có, lúc {at}").format(at=moment(row.stamped_at)) if row.stamped_at else _("chưa có"),
    }


def _alarm(row: AlarmRow) -> dict[str, str]:
    return {
        "title": _("Nhật ký không nối tiếp đầu cây đã ký."),
        "why": f"{row.why} ({moment(row.at)})",
        "remedy": _(
            "Giữ nguyên hệ thống, báo người phụ trách an toàn thông tin và đối chiếu với tệp nhân chứng."
        ),
        "code": "VT-EVI-001",
    }
