"""Loads a whole directory (a city) in a few dozen statements."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import models

from vanthu.foundation.operation import operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.models import (
    Agency,
    Post,
    PostHolding,
    PostRole,
    SigningAuthority,
    Succession,
    Unit,
)
from vanthu.organizations.rules.directory import DirectoryPlan

BATCH = 500


@operation("organizations.directory.load")
def load_directory(*, actor: Actor, plan: DirectoryPlan, password_hash: str, now: datetime) -> int:
    """Create agencies, units, posts, people and signing authorities of `plan`; the number of people.

    Every person gets the same `password_hash` (demonstration and import; people set their own afterwards).
    Refuses: `organizations.directory.inconsistent`.
    """
    problems = plan.problems()
    if problems:
        raise NotReady(
            [Violation("organizations.directory.inconsistent", (("problem", p),)) for p in problems]
        )
    agencies = _load_agencies(plan)
    units = _load_units(plan, agencies)
    posts = _load_posts(plan, agencies, units)
    _load_people(plan, agencies, posts, password_hash)
    _load_authorities(plan, agencies, posts)
    record(
        ObjectRef.of("organizations.directory", "city"),
        agency_id=None,
        agencies=len(plan.agencies),
        people=len(plan.people),
    )
    return len(plan.people)


def _create(rows: list[models.Model]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)


def _load_agencies(plan: DirectoryPlan) -> dict[str, Agency]:
    rows = {
        row.code: Agency(
            code=row.code,
            legacy_code13=row.legacy_code13 or "",
            name=row.name,
            short_name=row.short_name,
            abbreviation=row.abbreviation,
            kind=row.kind,
            tier=row.tier,
            work_regime=row.work_regime,
            governing_name=row.governing_name or "",
            issuer_name=row.issuer_name,
            place_name=row.place_name,
            seal_diameter_mm=row.seal_diameter_mm,
            status=row.status,
            closed_on=row.closed_on,
            can_receive=row.can_receive,
            cannot_receive_reason=row.cannot_receive_reason or "",
            cannot_receive_since=row.cannot_receive_since,
        )
        for row in plan.agencies
    }
    _create(list(rows.values()))
    for row in plan.agencies:
        rows[row.code].parent = rows[row.parent_code] if row.parent_code else None
    Agency.objects.bulk_update(
        [rows[row.code] for row in plan.agencies if row.parent_code], ["parent"], BATCH
    )
    _create(
        [
            Succession(
                agency=rows[row.agency_code],
                successor=rows[row.successor_code],
                field=row.field,
                from_on=row.from_on,
                is_fictitious=row.fictitious,
            )
            for row in plan.successors
        ]
    )
    return rows


def _load_units(plan: DirectoryPlan, agencies: dict[str, Agency]) -> dict[tuple[str, str], Unit]:
    rows = {
        (row.agency_code, row.key): Unit(
            agency=agencies[row.agency_code],
            key=row.key,
            name=row.name,
            abbreviation=row.abbreviation,
            is_records_office=row.is_records_office,
        )
        for row in plan.units
    }
    _create(list(rows.values()))
    return rows


def _load_posts(
    plan: DirectoryPlan, agencies: dict[str, Agency], units: dict[tuple[str, str], Unit]
) -> dict[tuple[str, str], Post]:
    rows = {
        (row.agency_code, row.key): Post(
            agency=agencies[row.agency_code],
            unit=units[row.agency_code, row.unit_key] if row.unit_key else None,
            key=row.key,
            title=row.title,
        )
        for row in plan.posts
    }
    _create(list(rows.values()))
    _create(
        [PostRole(post=rows[row.agency_code, row.key], role=role) for row in plan.posts for role in row.roles]
    )
    return rows


def _load_people(
    plan: DirectoryPlan, agencies: dict[str, Agency], posts: dict[tuple[str, str], Post], password_hash: str
) -> None:
    person_model = get_user_model()
    people = {
        row.username: person_model(username=row.username, full_name=row.full_name, password=password_hash)
        for row in plan.people
    }
    _create(list(people.values()))
    _create(
        [
            PostHolding(
                post=posts[row.agency_code, row.post_key],
                person=people[row.username],
                held_from=row.held_from,
            )
            for row in plan.people
        ]
    )


def _load_authorities(
    plan: DirectoryPlan, agencies: dict[str, Agency], posts: dict[tuple[str, str], Post]
) -> None:
    _create(
        [
            SigningAuthority(
                agency=agencies[row.agency_code],
                post=posts[row.agency_code, row.post_key],
                capacity=list(row.capacity),
                title_lines=list(row.title_lines),
                issuer=row.issuer,
                doc_types=list(row.doc_types),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                basis=row.basis,
            )
            for row in plan.authorities
        ]
    )
