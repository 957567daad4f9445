"""What the administrator's pages show."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from vanthu.kernel.actor import Role
from vanthu.kernel.calendar import DayKind
from vanthu.kernel.due import due_after_days, due_after_hours, effective_start, local, trace_to_json
from vanthu.kernel.due_words import WEEKDAYS
from vanthu.kernel.errors import DomainError
from vanthu.organizations.queries import (
    HoldingRow,
    RegisteredAgency,
    agency,
    calendar_of,
    city_days,
    directory,
    known_people,
    posts_of_agency,
    roles_of_posts,
)
from vanthu.web.admin_desk.forms import DAYS, AppointForm, ConfirmForm, EndForm, TryDueForm
from vanthu.web.errors import words_of
from vanthu.web.request import PersonRequest
from vanthu.web.words import initials, moment, trace_words

PAGE = 50
FICTITIOUS = ".TD"
"""Codes of the demonstration say so in themselves (trình diễn)."""

ROLE_LABELS = {
    Role.CLERK: "Văn thư cơ quan",
    Role.LEADER: "Người đứng đầu",
    Role.DEPUTY: "Cấp phó",
    Role.OFFICE_CHIEF: "Chỉ đạo phân văn bản",
    Role.UNIT_HEAD: "Lãnh đạo đơn vị",
    Role.OFFICER: "Công chức, viên chức",
    Role.FORM_CHECKER: "Kiểm tra thể thức",
    Role.FOLLOW_UP: "Theo dõi, đôn đốc",
    Role.ARCHIVIST: "Lưu trữ hiện hành",
    Role.AGENCY_ADMIN: "Quản trị đơn vị",
    Role.CITY_ADMIN: "Quản trị hệ thống Thành phố",
    Role.REPORT_VIEWER: "Xem báo cáo",
    Role.INSPECTOR: "Kiểm tra, giám sát",
    Role.ASSISTANT: "Trợ lý, thư ký",
    Role.SYSTEM: "Tài khoản hệ thống",
}
DAY_LABELS = {
    DayKind.HOLIDAY: "Nghỉ lễ, tết",
    DayKind.COMPENSATORY: "Nghỉ bù",
    DayKind.SWAPPED_OFF: "Nghỉ hoán đổi",
    DayKind.SWAPPED_ON: "Làm bù",
}
TIER_LABELS = {
    "city": "Thành phố",
    "department": "Sở, ban, ngành",
    "commune": "Phường, xã",
    "district": "Quận, huyện",
    "enterprise": "Doanh nghiệp",
    "subordinate": "Đơn vị trực thuộc",
}


def people_page(request: PersonRequest, agency_id: int, bound: forms.Form | None) -> dict[str, Any]:
    """People and posts by unit, and the form that was asked for or refused."""
    rows = posts_of_agency(agency_id, now=request.now)
    roles = roles_of_posts(row.post_id for row in rows)
    return {
        "agency": agency(agency_id),
        "units": [
            {
                "name": name or _("Lãnh đạo cơ quan"),
                "rows": [_holding(row, roles.get(row.post_id, frozenset())) for row in group],
            }
            for name, group in groupby(rows, key=lambda row: row.unit_name)
        ],
        "appoint": bound if isinstance(bound, AppointForm) else _appoint_form(request, agency_id, rows),
        "end": _end_form(request, rows, bound),
        "is_open": isinstance(bound, AppointForm) or "bo-nhiem" in request.GET,
    } | _people_links(request)


def _people_links(request: PersonRequest) -> dict[str, str]:
    """Addresses that keep the agency which the city's administrator looks at."""
    asked = request.GET.get("co-quan", "")
    query = f"?co-quan={asked}" if asked.isdigit() else ""
    url = f"{reverse('admin-people')}{query}"
    joiner = "&" if query else "?"
    return {
        "agency_query": query,
        "people_url": url,
        "joiner": joiner,
        "appoint_url": f"{url}{joiner}bo-nhiem=",
    }


def _appoint_form(request: PersonRequest, agency_id: int, rows: tuple[HoldingRow, ...]) -> AppointForm:
    initial = {"post_id": request.GET.get("bo-nhiem", ""), "held_from": local(request.now).date()}
    return AppointForm(initial=initial, posts=rows, people=known_people(agency_id))


def _end_form(
    request: PersonRequest, rows: tuple[HoldingRow, ...], bound: forms.Form | None
) -> dict[str, Any] | None:
    if isinstance(bound, EndForm):
        form, post, person = bound, bound.data.get("post_id", ""), bound.data.get("person_id", "")
    else:
        post, _dot, person = request.GET.get("ket-thuc", "").partition(".")
        day = local(request.now).date()
        form = EndForm(initial={"post_id": post, "person_id": person, "held_to": day})
    row = next((row for row in rows if (str(row.post_id), str(row.person_id)) == (post, person)), None)
    return {"form": form, "title": row.title, "name": row.person_name} if row else None


def _holding(row: HoldingRow, roles: frozenset[Role]) -> dict[str, Any]:
    return {
        "post_id": row.post_id,
        "key": f"{row.post_id}.{row.person_id}",
        "title": row.title,
        "name": row.person_name,
        "initials": initials(row.person_name),
        "roles": ", ".join(_(ROLE_LABELS[role]) for role in Role if role in roles),
        "held_from": row.held_from,
        "held_to": row.held_to,
    }


def calendar_page(request: PersonRequest, bound: forms.Form | None) -> dict[str, Any]:
    """The special days of a year, each with its source; projected ones with a form to confirm them."""
    calendar = calendar_of()
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdigit() and int(asked) in calendar.years else local(request.now).year
    return {
        "year": year,
        "years": [
            {"label": str(each), "url": f"?nam={each}", "is_current": each == year}
            for each in sorted(calendar.years)
        ],
        "days": [
            {
                "day": row.day,
                "weekday": _(WEEKDAYS[row.day.weekday()]),
                "name": row.name,
                "kind": _(DAY_LABELS[DayKind(row.kind)]),
                "is_worked": row.kind == DayKind.SWAPPED_ON,
                "source": row.source,
                "confirm": _confirm_form(row.day, bound) if row.projected else None,
            }
            for row in city_days(year)
        ],
    } | _trial(request)


def _confirm_form(day: date, bound: forms.Form | None) -> ConfirmForm:
    if isinstance(bound, ConfirmForm) and bound.data.get("day") == day.isoformat():
        return bound
    return ConfirmForm(initial={"day": day}, auto_id=f"confirm-{day}-%s")


def _trial(request: PersonRequest) -> dict[str, Any]:
    """The due time asked for by hand, and its trace."""
    if "so" not in request.GET:
        initial = {"tu": local(request.now), "so": 5, "tinh": DAYS}
        return {"trial": TryDueForm(initial=initial), "due": None}
    form = TryDueForm(request.GET)
    return {"trial": form, "due": _tried(form) if form.is_valid() else None}


def _tried(form: TryDueForm) -> dict[str, Any]:
    data = form.cleaned_data
    calendar = calendar_of()
    count = due_after_days if data["tinh"] == DAYS else due_after_hours
    try:
        due = count(calendar, effective_start(calendar, data["tu"], data["khan"]), data["so"])
    except DomainError as refusal:
        return {"refusal": words_of(refusal)[0]}
    trace = trace_words(trace_to_json(due.trace))
    return {"at": moment(due.due_at), "weekday": _(WEEKDAYS[local(due.due_at).weekday()]), "trace": trace}


def agencies_page(request: PersonRequest) -> dict[str, Any]:
    """One page of the directory, by key."""
    text, after = request.GET.get("q", "").strip()[:100], request.GET.get("sau", "")
    found = directory(text=text, after=int(after) if after.isdigit() else 0, limit=PAGE + 1)
    rows = [listed(row) for row in found[:PAGE]]
    more = f"?{urlencode({'q': text, 'sau': rows[-1]['id']})}" if len(found) > PAGE else ""
    return {"rows": rows, "text": text, "more_url": more, "is_later": bool(after)}


def listed(row: RegisteredAgency) -> dict[str, Any]:
    """An agency as the templates want it."""
    return {
        "id": row.agency.id,
        "url": reverse("admin-agency", args=[row.agency.id]),
        "people_url": f"{reverse('admin-people')}?co-quan={row.agency.id}",
        "name": row.agency.name,
        "code": row.agency.code,
        "is_fictitious": FICTITIOUS in row.agency.code,
        "tier": _(TIER_LABELS.get(row.agency.tier, row.agency.tier)),
        "is_active": row.agency.is_active,
        "closed_on": row.agency.closed_on,
        "successors": row.successors,
        "can_receive": row.agency.can_receive,
        "reason": row.agency.cannot_receive_reason,
        "since": row.cannot_receive_since,
    }
