"""Hạn giải quyết as a leader sets it: so many working days from now, explained before he presses."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard, document_type
from vanthu.foundation.refusals import spoken
from vanthu.kernel.actor import Urgency
from vanthu.kernel.due import due_after_days, effective_start, local, trace_to_json
from vanthu.kernel.due_words import WEEKDAYS
from vanthu.kernel.errors import DomainError
from vanthu.organizations.queries import calendar_of
from vanthu.web.my_work.forms import MOST_DAYS
from vanthu.web.request import PersonRequest
from vanthu.web.words import moment, trace_words

ORDINARY_DAYS = 5


def proposed_days(card: DocumentCard) -> int:
    """The working days proposed for this type of document; no norm fixes them."""
    kind = document_type(card.type_code)
    return kind.default_days if kind else ORDINARY_DAYS


def due_preview(request: PersonRequest, card: DocumentCard, days: object) -> dict[str, Any]:
    """The due time that so many days give, and why; the words of the refusal when it can't be computed."""
    text = str(days)
    n = int(text) if text.isdigit() and len(text) <= len(str(MOST_DAYS)) else 0
    if not 1 <= n <= MOST_DAYS:
        return {"refusal": "", "due_at": "", "weekday": "", "why": None}
    calendar = calendar_of(agency_id=card.agency_id)
    try:
        at = request.now.replace(second=0, microsecond=0)
        start = effective_start(calendar, at, card.urgency > Urgency.NORMAL)
        due = due_after_days(calendar, start, n)
    except DomainError as refusal:
        words = spoken(refusal.violations[0])
        return {"refusal": f"{words.why} {words.remedy}", "due_at": "", "weekday": "", "why": None}
    return {
        "refusal": "",
        "due_at": moment(due.due_at),
        "weekday": _(WEEKDAYS[local(due.due_at).weekday()]),
        "why": trace_words(trace_to_json(due.trace)),
    }
