"""Whom a leader and a unit head may choose: units with their heads and load, people of the unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from vanthu.documents.queries import DocumentCard
from vanthu.kernel.actor import Role
from vanthu.organizations.queries import PostRow, posts_of_unit, posts_with_role, roles_of_posts, units_of
from vanthu.queues.rules.catalogue import BY_QUEUE, Queue
from vanthu.routing.queries import TaskRow, load_of_units
from vanthu.web.my_work.forms import DirectForm

WORKERS = BY_QUEUE[Queue.MY_WORK].roles
"""A task given to anybody else would lie on no desk."""


def direction_form(
    card: DocumentCard,
    data: Mapping[str, Any] | None = None,
    *,
    now: datetime,
    initial: dict[str, Any] | None = None,
) -> DirectForm:
    """The leader's form with the agency's units in it."""
    heads: dict[int, PostRow] = {}
    for row in posts_with_role(card.agency_id, Role.UNIT_HEAD, Role.OFFICE_CHIEF, now=now):
        if row.unit_id is not None:
            heads.setdefault(row.unit_id, row)
    form = DirectForm(
        data, initial=initial, units=units_of(card.agency_id), heads=heads, load=load_of_units(card.agency_id)
    )
    form.fields["days"].widget.attrs |= {
        "hx-get": reverse("work-due", args=[card.id]),
        "hx-trigger": "input changed delay:150ms",
        "hx-target": "#due-preview",
        "inputmode": "numeric",
    }
    return form


def people_for(task: TaskRow, *, now: datetime) -> tuple[PostRow, ...]:
    """Whoever of the task's unit has a desk for work, without its holder."""
    rows = [row for row in posts_of_unit(task.unit_id, now=now) if row.id != task.post_id]
    roles = roles_of_posts(row.id for row in rows)
    return tuple(row for row in rows if not WORKERS.isdisjoint(roles.get(row.id, frozenset())))
