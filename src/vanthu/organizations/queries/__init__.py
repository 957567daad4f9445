"""Reads of the directory: agencies, people in their posts, actors, authorities, calendars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Prefetch, Q, QuerySet

from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.due import local
from vanthu.kernel.errors import NotPermitted, NotVisible
from vanthu.organizations.models import (
    Agency,
    AgencyStatus,
    Post,
    PostHolding,
    PostRole,
    SigningAuthority,
    Unit,
)
from vanthu.organizations.queries.calendars import CALENDAR_CACHE, calendar_of, city_days
from vanthu.organizations.queries.outside import (
    Addressee,
    OutsideRow,
    addressees,
    aliases_of,
    canonical_code,
    canonical_codes,
    find_outside,
    outside_by_code,
    outside_state,
)
from vanthu.organizations.queries.unable import UnableRow, unable_agencies
from vanthu.organizations.rules.authority import AuthorityFacts

__all__ = [
    "CALENDAR_CACHE",
    "Addressee",
    "OutsideRow",
    "UnableRow",
    "addressees",
    "aliases_of",
    "calendar_of",
    "canonical_code",
    "canonical_codes",
    "city_days",
    "find_outside",
    "outside_by_code",
    "outside_state",
    "unable_agencies",
]

# Posts without a unit (the leaders) come first, on every database.
UNIT_ORDER, OWN_UNIT_ORDER = (F(name).asc(nulls_first=True) for name in ("post__unit_id", "unit_id"))


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """What other contexts need to know of an agency."""

    id: int
    code: str
    name: str
    short_name: str
    abbreviation: str
    governing_name: str
    issuer_name: str
    place_name: str
    seal_diameter_mm: int
    tier: str
    is_active: bool
    closed_on: date | None
    can_receive: bool
    cannot_receive_reason: str


def _agency_row(agency: Agency) -> AgencyRow:
    return AgencyRow(
        agency.pk,
        agency.code,
        agency.name,
        agency.short_name,
        agency.abbreviation,
        agency.governing_name,
        agency.issuer_name,
        agency.place_name,
        agency.seal_diameter_mm,
        agency.tier,
        agency.status == AgencyStatus.ACTIVE,
        agency.closed_on,
        agency.can_receive,
        agency.cannot_receive_reason,
    )


def agency(agency_id: int) -> AgencyRow:
    row = Agency.objects.filter(pk=agency_id).first()
    if row is None:
        raise NotVisible("organizations.agency.not-found")
    return _agency_row(row)


def agencies_by_code(codes: Iterable[str]) -> dict[str, AgencyRow]:
    return {row.code: _agency_row(row) for row in Agency.objects.filter(code__in=list(codes))}


def addressable_agencies(*, except_id: int | None = None) -> tuple[AgencyRow, ...]:
    """Every agency a document may be addressed to; closed ones are shown too, so that their successors can be named."""
    rows = Agency.objects.order_by("tier", "name").exclude(pk=except_id or 0)
    return tuple(_agency_row(row) for row in rows)


def successor_names(agency_id: int) -> tuple[str, ...]:
    rows = Agency.objects.filter(pk__in=Agency.objects.get(pk=agency_id).successions.values("successor_id"))
    return tuple(rows.values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post and who holds it now."""

    id: int
    agency_id: int
    unit_id: int | None
    unit_name: str
    title: str
    person_id: int | None
    person_name: str


def _holdings_on(day: date) -> QuerySet[PostHolding]:
    return PostHolding.objects.filter(Q(held_to=None) | Q(held_to__gt=day), held_from__lte=day)


def _post_rows(holdings: QuerySet[PostHolding]) -> tuple[PostRow, ...]:
    rows = holdings.select_related("post__unit", "person").order_by(UNIT_ORDER, "post_id", "person_id")
    return tuple(
        PostRow(
            row.post_id,
            row.post.agency_id,
            row.post.unit_id,
            row.post.unit.name if row.post.unit else "",
            row.post.title,
            row.person_id,
            row.person.full_name,
        )
        for row in rows
    )


def posts_with_role(agency_id: int, *roles: Role, now: datetime) -> tuple[PostRow, ...]:
    """The held posts of an agency that carry one of the roles."""
    holdings = _holdings_on(local(now).date()).filter(
        post__agency_id=agency_id, post__in=PostRole.objects.filter(role__in=roles).values("post")
    )
    return _post_rows(holdings)


def posts_of_unit(unit_id: int, *, now: datetime) -> tuple[PostRow, ...]:
    return _post_rows(_holdings_on(local(now).date()).filter(post__unit_id=unit_id))


def post_holder(post_id: int, *, now: datetime) -> PostRow | None:
    rows = _post_rows(_holdings_on(local(now).date()).filter(post_id=post_id))
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class UnitRow:
    id: int
    agency_id: int
    name: str
    abbreviation: str
    is_records_office: bool


def units_of(agency_id: int) -> tuple[UnitRow, ...]:
    return tuple(
        UnitRow(row.pk, row.agency_id, row.name, row.abbreviation, row.is_records_office)
        for row in Unit.objects.filter(agency_id=agency_id).order_by("id")
    )


def unit(unit_id: int) -> UnitRow:
    row = Unit.objects.get(pk=unit_id)
    return UnitRow(row.pk, row.agency_id, row.name, row.abbreviation, row.is_records_office)


@dataclass(frozen=True, slots=True)
class Capacity:
    """One post that a person may act in now."""

    person_id: int
    person_name: str
    post_id: int
    title: str
    unit_id: int | None
    agency_id: int
    agency_name: str


def capacities_of(person_id: int, *, now: datetime) -> tuple[Capacity, ...]:
    holdings = _holdings_on(local(now).date()).filter(person_id=person_id)
    return tuple(
        Capacity(
            person_id,
            row.person.full_name,
            row.post_id,
            row.post.title,
            row.post.unit_id,
            row.post.agency_id,
            row.post.agency.short_name,
        )
        for row in holdings.select_related("post__agency", "person").order_by("post_id")
    )


def actor_of(person_id: int, *, post_id: int | None = None, now: datetime) -> Actor:
    """The person in the chosen capacity (decision D2). Refuses: `accounts.no-post` when he holds none now."""
    return actor_in(capacities_of(person_id, now=now), post_id=post_id)


def actor_in(mine: tuple[Capacity, ...], *, post_id: int | None = None) -> Actor:
    """The same, of capacities that were read already."""
    chosen = next((row for row in mine if post_id in (None, row.post_id)), None)
    if chosen is None:
        raise NotPermitted("accounts.no-post")
    roles = PostRole.objects.filter(post_id=chosen.post_id).values_list("role", flat=True)
    return Actor(
        user_id=chosen.person_id,
        name=chosen.person_name,
        agency_id=chosen.agency_id,
        post_id=chosen.post_id,
        unit_id=chosen.unit_id,
        title=chosen.title,
        roles=frozenset(Role(role) for role in roles),
    )


def authorities_of_post(post_id: int) -> tuple[AuthorityFacts, ...]:
    rows = SigningAuthority.objects.filter(post_id=post_id).order_by("id")
    return tuple(map(_authority_facts, rows))


def _authority_facts(row: SigningAuthority) -> AuthorityFacts:
    return AuthorityFacts(
        row.pk,
        row.post_id,
        tuple(row.capacity),
        tuple(row.title_lines),
        row.issuer,
        frozenset(row.doc_types),
        row.valid_from,
        row.valid_to,
        row.basis,
    )


def signers_of(agency_id: int, *, now: datetime) -> tuple[PostRow, ...]:
    """Held posts that the agency's authority table names today. Norm: NĐ30 Đ.13."""
    today = local(now).date()
    named = SigningAuthority.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)
    return _post_rows(_holdings_on(today).filter(post__agency_id=agency_id, post__in=named.values("post")))


def roles_of_posts(post_ids: Iterable[int]) -> dict[int, frozenset[Role]]:
    found: dict[int, set[Role]] = defaultdict(set)
    for post_id, role in PostRole.objects.filter(post_id__in=list(post_ids)).values_list("post_id", "role"):
        found[post_id].add(Role(role))
    return {post_id: frozenset(roles) for post_id, roles in found.items()}


def unit_names(unit_ids: Iterable[int]) -> dict[int, str]:
    return dict(Unit.objects.filter(pk__in=list(unit_ids)).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """A post as the administrator keeps it, with one of its holders, or vacant."""

    post_id: int
    title: str
    unit_name: str
    person_id: int | None
    person_name: str
    held_from: date | None
    held_to: date | None


def posts_of_agency(agency_id: int, *, now: datetime) -> tuple[HoldingRow, ...]:
    """Every post of the agency by unit, vacant ones too; ended holdings are left out."""
    today = local(now).date()
    current = PostHolding.objects.filter(Q(held_to=None) | Q(held_to__gt=today)).select_related("person")
    posts = Post.objects.filter(agency_id=agency_id).select_related("unit").order_by(OWN_UNIT_ORDER, "id")
    rows: list[HoldingRow] = []
    for post in posts.prefetch_related(Prefetch("holdings", current.order_by("held_from"), to_attr="open")):
        unit_name = post.unit.name if post.unit else ""
        rows += [
            HoldingRow(
                post.pk, post.title, unit_name, h.person_id, h.person.full_name, h.held_from, h.held_to
            )
            for h in getattr(post, "open", ())
        ] or [HoldingRow(post.pk, post.title, unit_name, None, "", None, None)]
    return tuple(rows)


def known_people(agency_id: int) -> tuple[tuple[int, str], ...]:
    """Whoever holds or held a post of the agency: (id, name)."""
    rows = PostHolding.objects.filter(post__agency_id=agency_id).order_by("person__full_name", "person_id")
    return tuple(dict(rows.values_list("person_id", "person__full_name")).items())


@dataclass(frozen=True, slots=True)
class RegisteredAgency:
    """An agency in the directory's list, with whoever succeeded it (decision D49)."""

    agency: AgencyRow
    cannot_receive_since: date | None
    successors: tuple[str, ...]


def directory(*, text: str = "", after: int = 0, limit: int = 50) -> tuple[RegisteredAgency, ...]:
    """A page of the directory in the order it was loaded, by key; `text` is part of a name or the code."""
    rows = Agency.objects.filter(pk__gt=after).prefetch_related("successions__successor").order_by("pk")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(code__icontains=text))
    return tuple(_registered(row) for row in rows[:limit])


def registered_agency(agency_id: int) -> RegisteredAgency:
    """Refuses: `NotVisible`."""
    row = Agency.objects.filter(pk=agency_id).prefetch_related("successions__successor").first()
    if row is None:
        raise NotVisible("organizations.agency.not-found")
    return _registered(row)


def _registered(row: Agency) -> RegisteredAgency:
    heirs = tuple(each.successor.name for each in row.successions.all())
    return RegisteredAgency(_agency_row(row), row.cannot_receive_since, heirs)
