"""What the pages of certificates and of trusted authorities show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vanthu.kernel.actor import Role
from vanthu.organizations.queries import agency, known_people
from vanthu.signing.queries import (
    SOON,
    AuthorityRow,
    CertificateRow,
    certificates_of,
    trusted_authorities,
)
from vanthu.signing.rules.kinds import CertificateState, KeyPlace
from vanthu.web.certificates.forms import AgencyCertificateForm, CertificateForm, EndForm
from vanthu.web.request import PersonRequest
from vanthu.web.words import day, moment

STATE_LABELS = {
    CertificateState.ACTIVE: "đang dùng",
    CertificateState.EXPIRED: "hết hạn",
    CertificateState.REVOKED: "đã thu hồi",
    CertificateState.REPLACED: "đã thay",
}
PLACE_LABELS = {
    KeyPlace.PKCS12: "Tệp khóa trên máy chủ",
    KeyPlace.PKCS11: "Thiết bị nối với máy chủ",
    KeyPlace.REMOTE: "Dịch vụ ký số từ xa",
    KeyPlace.BROWSER_TOKEN: "Thiết bị ở máy người ký",
    KeyPlace.DESK_AGENT: "Phần mềm ký số trên máy",
}
PURPOSE_LABELS = {"personal": "chữ ký cá nhân", "agency": "chữ ký cơ quan", "timestamp": "dấu thời gian"}
KIND_LABELS = {"root": "Chứng thư gốc", "intermediate": "Chứng thư cấp dưới"}


def my_page(request: PersonRequest, bound: forms.Form | None) -> dict[str, Any]:
    """One's own certificates, and the form to register one."""
    rows = certificates_of([f"person:{request.actor.user_id}"], now=request.now)
    return {
        "rows": [shown(row, request.now) for row in rows],
        "form": bound or CertificateForm(),
        "is_open": bound is not None or "dang-ky" in request.GET,
    }


def agency_page(request: PersonRequest, agency_id: int, bound: forms.Form | None) -> dict[str, Any]:
    """The certificates of an agency and of its people, and the forms that were asked for or refused."""
    owners = owners_of(agency_id)
    names = dict(owners)
    rows = certificates_of(names, now=request.now)
    listed = [shown(row, request.now) | {"owner_name": names[row.owner]} for row in rows]
    seal = f"agency:{agency_id}"
    register = bound if isinstance(bound, AgencyCertificateForm) else AgencyCertificateForm(owners=owners)
    return {
        "agency": agency(agency_id),
        "groups": [
            {"title": _("Của cơ quan"), "rows": [row for row in listed if row["owner"] == seal]},
            {"title": _("Của cán bộ, công chức"), "rows": [row for row in listed if row["owner"] != seal]},
        ],
        "form": register,
        "is_open": isinstance(bound, AgencyCertificateForm) or "dang-ky" in request.GET,
        "end": _ending(request, listed, bound),
    } | _links(request)


def _ending(
    request: PersonRequest, rows: list[dict[str, Any]], bound: forms.Form | None
) -> dict[str, Any] | None:
    """The form to note a revocation, for the row that was asked for."""
    asked = str(bound.key_id) if isinstance(bound, EndForm) else request.GET.get("thu-hoi", "")
    row = next((row for row in rows if str(row["id"]) == asked and row["is_active"]), None)
    return row | {"form": bound if isinstance(bound, EndForm) else EndForm()} if row else None


def register_url(request: PersonRequest) -> str:
    """The address of the register that one looks at; the city's administrator keeps the agency he asked for."""
    return _links(request)["page_url"]


def _links(request: PersonRequest) -> dict[str, str]:
    asked = request.GET.get("co-quan", "")
    query = f"?co-quan={asked}" if asked.isdigit() else ""
    url = f"{reverse('admin-certificates')}{query}"
    return {"agency_query": query, "page_url": url, "joiner": "&" if query else "?"}


def owners_of(agency_id: int) -> list[tuple[str, str]]:
    """Who may own a certificate here: the agency, then its people by name."""
    people = [(f"person:{number}", name) for number, name in known_people(agency_id)]
    return [(f"agency:{agency_id}", agency(agency_id).name), *people]


def shown(row: CertificateRow, now: datetime) -> dict[str, Any]:
    """A certificate as the templates want it."""
    left = row.days_left(now)
    is_ending = left is not None and row.valid_to is not None and row.valid_to - now < SOON
    return {
        "id": row.id,
        "owner": row.owner,
        "subject": row.subject,
        "issuer": row.issuer,
        "serial": row.serial,
        "identifiers": ", ".join(row.identifiers),
        "place": _(PLACE_LABELS[row.place]),
        "valid_from": day(row.valid_from) if row.valid_from else "",
        "valid_to": day(row.valid_to) if row.valid_to else "",
        "left": "" if left is None else ngettext("còn {n} ngày", "còn {n} ngày", left).format(n=left),
        "is_active": row.state is CertificateState.ACTIVE,
        "state": _(STATE_LABELS[row.state]),
        "mark": ("warn" if is_ending else "ok") if row.state is CertificateState.ACTIVE else "none",
        "reason": row.state_reason,
        "registered": _("{name}, {at}").format(name=row.registered_by or "—", at=moment(row.registered_at)),
    }


def trust_page(request: PersonRequest) -> dict[str, Any]:
    """The trusted authorities with what is wrong about them, in words."""
    rows = [_authority(row) for row in trusted_authorities(now=request.now)]
    return {
        "rows": rows,
        "has_real": any(row["is_root"] and not row["is_demonstration"] for row in rows),
        "is_city": request.actor.has(Role.CITY_ADMIN),
    }


def _authority(row: AuthorityRow) -> dict[str, Any]:
    digits = row.sha256
    return {
        "name": row.name,
        "kind": _(KIND_LABELS[row.kind]),
        "is_root": row.kind == "root",
        "is_demonstration": row.is_demonstration,
        "fingerprint": " ".join(digits[place : place + 4] for place in range(0, len(digits), 4)),
        "short": f"{digits[:8]}…{digits[-8:]}",
        "purposes": ", ".join(_(PURPOSE_LABELS[name]) for name in row.purposes),
        "agencies": ", ".join(row.agencies),
        "pin": row.pin if not row.pin_is_full else _("ghim đầy đủ"),
        "source": row.source,
        "added": _("{name}, {at}").format(name=row.added_by, at=moment(row.added_at)) if row.added_at else "",
        "valid_until": day(row.valid_until),
        "list_made": moment(row.this_update) if row.this_update else "",
        "list_until": moment(row.next_update) if row.next_update else "",
        "problems": [_(words) for words in row.problems],
    }
