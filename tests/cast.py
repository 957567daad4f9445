"""The people of two agencies, a ward and the city: everybody whom a story needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.core.cache import cache

from vanthu.accounts.queries import person_named
from vanthu.demo.cities.small import HOAN_KIEM, SNV, STC, small
from vanthu.kernel.actor import Actor, system_actor
from vanthu.organizations import queries as organizations
from vanthu.organizations.operations import load_calendar, load_directory
from vanthu.organizations.queries import AgencyRow, UnitRow
from vanthu.organizations.reference import read_calendar_seed
from vanthu.organizations.rules.calendars import seeded_special_days
from vanthu.organizations.rules.directory import DirectoryPlan, SuccessorPlan
from vanthu.registry.operations import load_series

PASSWORD = "mat-khau-trinh-dien"
CLOSED = "H26.TD90"


def plan_of_the_cast() -> DirectoryPlan:
    """The small city, and an agency that is closed and has a successor."""
    plan = small()
    model = next(agency for agency in plan.agencies if agency.code == STC)
    closed = replace(
        model,
        code=CLOSED,
        name="Ủy ban nhân dân quận Trình Diễn",
        short_name="UBND quận Trình Diễn",
        tier="district",
        status="closed",
        closed_on=date(2025, 6, 30),
        can_receive=False,
        cannot_receive_reason="Đã kết thúc hoạt động",
        cannot_receive_since=date(2025, 6, 30),
    )
    heir = SuccessorPlan(CLOSED, HOAN_KIEM, "", date(2025, 7, 1))
    return replace(plan, agencies=(*plan.agencies, closed), successors=(*plan.successors, heir))


def load_the_city(*, now: datetime) -> None:
    """Calendar, directory and number series, as an installation loads them."""
    plan = plan_of_the_cast()
    system = system_actor(None)
    load_calendar(actor=system, days=seeded_special_days(read_calendar_seed()), now=now)
    load_directory(actor=system, plan=plan, password_hash=make_password(PASSWORD), now=now)
    load_series(actor=system, plans=plan.series, now=now)
    cache.clear()


@dataclass(frozen=True)
class Agency:
    """One agency of the cast, its people by what they do, and the two units that share its work."""

    row: AgencyRow
    unit: UnitRow
    partner_unit: UnitRow
    clerk: Actor
    chief: Actor
    leader: Actor
    deputy: Actor
    checker: Actor
    head: Actor
    officer: Actor
    partner_head: Actor
    partner: Actor
    archivist: Actor
    admin: Actor
    assistant: Actor

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def people(self) -> tuple[Actor, ...]:
        """Everybody once."""
        everyone = (
            self.clerk,
            self.chief,
            self.leader,
            self.deputy,
            self.checker,
            self.head,
            self.officer,
            self.partner_head,
            self.partner,
            self.archivist,
            self.admin,
            self.assistant,
        )
        return tuple(dict.fromkeys(everyone))


@dataclass(frozen=True)
class Ward:
    """The ward of the cast: few people, one of whom nobody grants anything to."""

    row: AgencyRow
    clerk: Actor
    leader: Actor
    outsider: Actor


@dataclass(frozen=True)
class Cast:
    """A: Sở Nội vụ, where the story begins. B: Sở Tài chính, which is asked and answers."""

    a: Agency
    b: Agency
    ward: Ward
    city_admin: Actor
    auditor: Actor

    @property
    def outsider(self) -> Actor:
        return self.ward.outsider

    @property
    def everybody(self) -> tuple[Actor, ...]:
        return (
            *self.a.people,
            *self.b.people,
            self.ward.clerk,
            self.ward.leader,
            self.ward.outsider,
            self.city_admin,
            self.auditor,
        )

    @classmethod
    def read(cls, *, now: datetime) -> Cast:
        """The cast of a city that is loaded."""
        rows = organizations.agencies_by_code([SNV, STC, HOAN_KIEM])

        def of(username: str) -> Actor:
            person = person_named(username)
            assert person is not None, username
            return organizations.actor_of(person.pk, now=now)

        return cls(
            a=_agency(
                rows[SNV],
                of,
                "snv",
                checker="phovp",
                partner_head="truongphong2",
                partner="chuyenvien2",
                archivist="luutru",
            ),
            b=_agency(
                rows[STC],
                of,
                "stc",
                checker="chanhvp",
                partner_head="chanhvp",
                partner="troly",
                archivist="vanthu",
            ),
            ward=Ward(
                rows[HOAN_KIEM], of("vanthu.hoankiem"), of("chutich.hoankiem"), of("nguoingoai.hoankiem")
            ),
            city_admin=of("quantri.tp"),
            auditor=of("thanhtra.snv"),
        )


def _agency(row: AgencyRow, of: Callable[[str], Actor], login: str, **names: str) -> Agency:
    same = {
        "clerk": "vanthu",
        "chief": "chanhvp",
        "leader": "giamdoc",
        "deputy": "phogiamdoc",
        "head": "truongphong",
        "officer": "chuyenvien",
        "admin": "quantri",
        "assistant": "troly",
    }
    people = {part: of(f"{name}.{login}") for part, name in (same | names).items()}
    units = {unit.id: unit for unit in organizations.units_of(row.id)}
    return Agency(
        row=row,
        unit=units[people["head"].unit_id or 0],
        partner_unit=units[people["partner_head"].unit_id or 0],
        **people,
    )
