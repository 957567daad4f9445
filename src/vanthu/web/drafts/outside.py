"""Nơi nhận ngoài hệ thống: looked up by name or code among the axis' hundred thousand, never listed whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vanthu.drafting.rules.policy import may_start
from vanthu.exchange.queries.ways import reach_of
from vanthu.exchange.rules.ways import WayKind, way_to
from vanthu.kernel.actor import Role
from vanthu.organizations.queries import Addressee, OutsideRow, addressees, find_outside, outside_state
from vanthu.web.request import PersonRequest

ASKED = "tim-ngoai"
SHOWN = 20


class RecipientsField(forms.MultipleChoiceField):
    """Codes of ours, which the page lists, and codes of others that the directory knows."""

    _others: frozenset[str] = frozenset()

    def to_python(self, value: Any) -> list[str]:
        codes = super().to_python(value)
        self._others = frozenset(addressees(self._unlisted(codes)))
        return codes

    def valid_value(self, value: Any) -> bool:
        return value in self._others or super().valid_value(value)

    def _unlisted(self, codes: list[str]) -> list[str]:
        return [code for code in codes if not super(RecipientsField, self).valid_value(code)]


def outside_part(text: str, ticked: Iterable[str]) -> dict[str, Any]:
    """What was chosen before and what the words find, for the part of the form that lists agencies outside."""
    chosen = addressees(ticked)
    found = [row for row in find_outside(text, limit=SHOWN + 1) if row.code not in chosen]
    return {
        "has_any": bool(chosen) or outside_state().active > 0,
        "text": text,
        "chosen": [_row(code, row) for code, row in chosen.items() if not row.is_ours],
        "found": [_row(row.code, _addressee(row)) for row in found[:SHOWN]],
        "is_more": len(found) > SHOWN,
        "is_nothing": bool(text.strip()) and not found,
    }


def _addressee(row: OutsideRow) -> Addressee:
    return Addressee(
        row.code,
        row.name,
        None,
        row.is_active,
        row.closed_on,
        row.can_receive,
        row.cannot_receive_reason,
        row.cannot_receive_since,
    )


def _row(code: str, row: Addressee) -> dict[str, str]:
    way = way_to(reach_of(row), has_line=True)
    note = _("bản giấy: {reason}").format(reason=way.why) if way.kind is WayKind.PAPER else ""
    return {"code": code, "name": row.name, "note": note}


@require_GET
def look(request: PersonRequest) -> HttpResponse:
    """The list below the search, anew for other words; what is ticked stays."""
    if not request.actor.has(Role.CLERK):  # who adds recipients to what was issued
        may_start(request.actor).or_refuse()
    part = outside_part(request.GET.get(ASKED, ""), request.GET.getlist("recipients"))
    return render(request, "drafts/_outside_found.html", {"outside": part})
