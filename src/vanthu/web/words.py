"""How dates, due times and verdicts are said on every screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vanthu.kernel.actor import URGENCY_LABELS, Urgency
from vanthu.kernel.due import local, trace_from_json
from vanthu.kernel.due_words import trace_sentences

SOON = timedelta(hours=8)

_OK, _LOOK, _BAD = "ok", "warn", "bad"
_VERDICTS = {
    "VALID": (_OK, "chữ ký hợp lệ"),
    "VALID_NO_TSA": (_LOOK, "thiếu dấu thời gian"),
    "INTACT": (_LOOK, "chưa xét độ tin cậy"),
    "INDETERMINATE": (_LOOK, "chưa kết luận được"),
    "MODIFIED_AFTER": (_LOOK, "có sửa đổi sau ký"),
    "WEAK_ALGORITHM": (_LOOK, "thuật toán yếu"),
    "UNSIGNED": ("none", "chưa có chữ ký số"),
    "UNREADABLE": (_BAD, "không đọc được tệp"),
    "INVALID_INTEGRITY": (_BAD, "không toàn vẹn"),
    "INVALID_CHAIN": (_BAD, "chứng thư không tin cậy"),
    "REVOKED": (_BAD, "chứng thư đã thu hồi"),
    "EXPIRED_AT_SIGNING": (_BAD, "chứng thư hết hạn khi ký"),
    "WRONG_SUBJECT": (_BAD, "sai chủ thể ký"),
}


def day(at: datetime) -> str:
    return f"{local(at):%d/%m/%Y}"


def clock(at: datetime) -> str:
    return f"{local(at):%H:%M}"


def moment(at: datetime) -> str:
    """09:31 20/11/2026, on Hà Nội's clock."""
    return f"{local(at):%H:%M %d/%m/%Y}"


def urgency_words(level: Urgency) -> dict[str, Any]:
    return {"urgency": int(level), "urgency_label": _(URGENCY_LABELS[level]) if level else ""}


def verdict_words(verdict: str) -> dict[str, str]:
    """The chip of a verdict; nothing while there is none."""
    state, label = _VERDICTS.get(verdict, ("none", ""))
    return {"verdict_state": state, "verdict_label": _(label) if label else ""}


def due_words(due_at: datetime | None, now: datetime) -> dict[str, str]:
    """Late, soon or fine, in words; the absolute time stands in the title."""
    if due_at is None:
        return {"due_state": "none", "due_label": "", "due_title": "", "due_until": ""}
    title = _("Hạn {moment}").format(moment=moment(due_at))
    left = due_at - now
    if left < timedelta(0):
        label, state = _("quá hạn {span}").format(span=_span(-left)), "late"
    elif left <= SOON:
        label, state = _("còn {span}").format(span=_span(left)), "soon"
    else:
        label, state = _("hạn {moment}").format(moment=_near(due_at, now)), "fine"
    return {"due_state": state, "due_label": label, "due_title": title, "due_until": ""}


def _span(left: timedelta) -> str:
    minutes = int(left.total_seconds() // 60)
    if minutes < 60:
        return ngettext("{n} phút", "{n} phút", minutes).format(n=max(minutes, 1))
    if minutes < 24 * 60:
        return ngettext("{n} giờ", "{n} giờ", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} ngày", "{n} ngày", minutes // 1440).format(n=minutes // 1440)


def _near(at: datetime, now: datetime) -> str:
    same_year = local(at).year == local(now).year
    return f"{local(at):%H:%M %d/%m}" if same_year else moment(at)


def trace_words(trace: Sequence[dict[str, str]]) -> dict[str, Any] | None:
    """The answer to "Vì sao?": each step of the computation, the skipped days marked."""
    if not trace:
        return None
    rows = trace_from_json(trace)
    sentences = trace_sentences(rows, say=_)
    return {
        "rule": "",
        "steps": [
            {"when": "", "text": sentence, "is_skipped": step.rule == "skipped"}
            for step, sentence in zip(rows, sentences, strict=True)
        ],
    }


def initials(name: str) -> str:
    return "".join(word[0] for word in name.split()).upper()[-2:]
