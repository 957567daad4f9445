"""The shell around every page: who one is, in which capacity, and what waits."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext

from vanthu.drafting.rules.policy import may_start
from vanthu.exchange.queries.inbox import open_asides
from vanthu.kernel.actor import Actor, Role
from vanthu.organizations.queries import Capacity
from vanthu.queues.rules.catalogue import Queue, QueueKind, queues_of
from vanthu.web.request import PersonRequest, waiting_in


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` of templates/README.md; pages outside the desk (sign-in, errors before it) get the bare choices."""
    choices = {
        "theme": request.COOKIES.get("vanthu_theme", "auto"),
        "density": request.COOKIES.get("vanthu_density", "comfortable"),
        "language": get_language(),
        "is_demo": settings.VANTHU_DEMO,
    }
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.user_id is None:
        return {"shell": choices}
    person = cast("PersonRequest", request)
    mine = person.capacities
    return {
        "shell": choices
        | {
            "person": {"name": actor.name, "initials": _initials(actor.name)},
            "capacity": _current(mine, actor),
            "capacities": [
                {
                    "id": row.post_id,
                    "label": row.title,
                    "agency_name": row.agency_name,
                    "is_current": row.post_id == actor.post_id,
                }
                for row in mine
            ],
            "rail": _rail(person, actor),
            "may_draft": bool(may_start(actor)),
            "may_scan": actor.has(Role.CLERK),
            "search_url": reverse("search"),
            "search_text": request.GET.get("q", "") if request.path == reverse("search") else "",
            "capacity_url": reverse("capacity"),
            "password_url": reverse("account-password"),
            "logout_url": reverse("account_logout"),
        }
    }


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()).upper()[-3:]


def _current(mine: tuple[Capacity, ...], actor: Actor) -> dict[str, str]:
    row = next(row for row in mine if row.post_id == actor.post_id)
    return {"label": row.title, "agency_name": row.agency_name}


SELDOM = frozenset({Queue.TO_RECALL, Queue.RECALLED})
"""Not among the four queues of a telephone's bar; "Tất cả" shows them."""


def _rail(request: PersonRequest, actor: Actor) -> list[dict[str, Any]]:
    counts = waiting_in(request)
    groups: dict[str, list[dict[str, Any]]] = {}
    for kind in queues_of(actor):
        groups.setdefault(gettext(kind.group), []).append(_entry(request, kind, counts.get(kind.queue, 0)))
    if settings.VANTHU_LINE_URL and actor.has(Role.CLERK):
        groups.setdefault(gettext("Văn bản đến"), []).append(_asides(request, actor))
    if actor.has(Role.AGENCY_ADMIN, Role.CITY_ADMIN, Role.INSPECTOR):
        groups[gettext("Quản trị")] = _administration(request, actor)
    return [{"label": label, "entries": entries} for label, entries in groups.items()]


def _asides(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Where there is a line to the axis, what it brought and a machine must not decide."""
    url = reverse("incoming-asides")
    return {
        "label": gettext("Gói tin để riêng"),
        "url": url,
        "count": open_asides(actor),
        "is_current": request.path.startswith(url),
        "key": "",
    }


def _entry(request: HttpRequest, kind: QueueKind, count: int) -> dict[str, Any]:
    url = reverse("queue", args=[kind.slug])
    chosen = request.GET.get("hang-cho", "")
    is_current = request.path.startswith(url) or chosen == kind.slug
    return {
        "label": gettext(kind.label),
        "url": url,
        "count": count,
        "is_current": is_current,
        "key": kind.key,
        "in_bar": kind.queue not in SELDOM,
    }


def _administration(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    pages = []
    if actor.has(Role.AGENCY_ADMIN, Role.CITY_ADMIN):
        pages += [
            ("admin-people", gettext("Người và vị trí")),
            ("admin-certificates", gettext("Chứng thư số")),
            ("admin-ending", gettext("Chứng thư sắp hết hạn")),
        ]
    if actor.has(Role.CITY_ADMIN):
        pages += [
            ("admin-calendar", gettext("Lịch làm việc")),
            ("admin-agencies", gettext("Cơ quan")),
            ("admin-paper", gettext("Nơi nhận bản giấy")),
            ("admin-trust", gettext("Danh sách tin cậy")),
            ("admin-store", gettext("Toàn vẹn kho")),
            ("admin-line", gettext("Đường liên thông")),
            ("axis-overview", gettext("Trục liên thông")),
        ]
    if actor.has(Role.CITY_ADMIN, Role.INSPECTOR):
        pages.append(("admin-evidence", gettext("Nhật ký và chứng cứ")))
    entries = []
    for name, label in pages:
        url = reverse(name)
        entries.append(
            {"label": label, "url": url, "count": 0, "is_current": request.path.startswith(url), "key": ""}
        )
    return entries
