"""Reads of the directory: agencies, people in their posts, actors, authorities, calendars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from secrets import token_hex

from django.core.cache import cache
from django.db.models import F, Prefetch, Q, QuerySet

from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.calendar import DayKind, Session, SpecialDay, WorkingCalendar
from vanthu.kernel.due import local
from vanthu.kernel.errors import NotPermitted, NotVisible
from vanthu.organizations.models import (
    Agency,
    AgencyStatus,
    CalendarDay,
    Post,
    PostHolding,
    PostRole,
    SigningAuthority,
    Unit,
    WeeklySession,
)
from vanthu.organizations.rules.authority import AuthorityFacts

CALENDAR_CACHE = "calendar:{}"
CALENDAR_SECONDS = 60
CITY_NAME = "Thành phố Hà Nội"
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


def calendar_of(*, agency_id: int | None = None, agency_code: str | None = None) -> WorkingCalendar:
    """The city's calendar, overlaid by the agency's own days and hours; fresh within a minute on every host."""
    if agency_code is not None:
        agency_id = Agency.objects.filter(code=agency_code).values_list("pk", flat=True).first()
        if agency_id is None:
            raise NotVisible("organizations.agency.not-found")
    reading = cache.get_or_set(CALENDAR_CACHE.format("city"), lambda: token_hex(8), CALENDAR_SECONDS)
    if agency_id is None or agency_id not in _agencies_with_own_calendar(reading):
        return _built_calendar(reading, None)
    return _built_calendar(reading, agency_id)


@lru_cache(maxsize=2)
def _agencies_with_own_calendar(reading: str) -> frozenset[int]:
    """Read once per `reading`, the token that a change or a minute's end replaces."""
    own = Q(agency__isnull=False)
    sessions = WeeklySession.objects.filter(own).values_list("agency_id", flat=True)
    days = CalendarDay.objects.filter(own).values_list("agency_id", flat=True)
    return frozenset(agency for agency in sessions.union(days) if agency is not None)


@lru_cache(maxsize=256)
def _built_calendar(reading: str, agency_id: int | None) -> WorkingCalendar:
    return _to_calendar(*_read_calendar(agency_id))


Weekly = dict[int, tuple[Session, ...]]


def _read_calendar(
    agency_id: int | None,
) -> tuple[Weekly, tuple[SpecialDay, ...], Weekly, tuple[SpecialDay, ...]]:
    mine = Q(agency=None) | Q(agency_id=agency_id) if agency_id else Q(agency=None)
    weekly: dict[bool, defaultdict[int, list[Session]]] = {True: defaultdict(list), False: defaultdict(list)}
    for row in WeeklySession.objects.filter(mine).order_by("weekday", "starts"):
        weekly[row.agency_id is None][row.weekday].append(Session(row.starts, row.ends))
    days: dict[bool, list[SpecialDay]] = {True: [], False: []}
    for day in CalendarDay.objects.filter(mine).order_by("day"):
        days[day.agency_id is None].append(_special_day(day))
    frozen = {city: {weekday: tuple(s) for weekday, s in weekly[city].items()} for city in (True, False)}
    return frozen[True], tuple(days[True]), frozen[False], tuple(days[False])


def _special_day(row: CalendarDay) -> SpecialDay:
    sessions = tuple(
        Session(time.fromisoformat(start), time.fromisoformat(end)) for start, end in row.sessions
    )
    return SpecialDay(row.day, DayKind(row.kind), row.name, row.source, row.projected, sessions)


def _to_calendar(
    city_week: Weekly, city_days: tuple[SpecialDay, ...], own_week: Weekly, own_days: tuple[SpecialDay, ...]
) -> WorkingCalendar:
    city = WorkingCalendar.from_rows(name=CITY_NAME, weekly=city_week, days=city_days)
    if not own_week and not own_days:
        return city
    return city.overlaid_by(WorkingCalendar.from_rows(name="cơ quan", weekly=own_week, days=own_days))


@dataclass(frozen=True, slots=True)
class CalendarDayRow:
    day: date
    kind: str
    name: str
    source: str
    projected: bool


def city_days(year: int) -> tuple[CalendarDayRow, ...]:
    rows = CalendarDay.objects.filter(agency=None, day__year=year).order_by("day")
    return tuple(CalendarDayRow(row.day, row.kind, row.name, row.source, row.projected) for row in rows)


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
