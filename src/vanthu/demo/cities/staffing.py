"""How a demonstration agency is staffed: from seats to posts, people, authorities and number series."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from vanthu.demo.cities.names import full_name
from vanthu.organizations.rules.directory import (
    AgencyPlan,
    AuthorityPlan,
    DirectoryPlan,
    NumberSeriesPlan,
    PersonPlan,
    PostPlan,
    SuccessorPlan,
    UnitPlan,
)

SINCE = date(2025, 7, 1)
"""The day the two-tier city began; demonstration posts and authorities are held from then."""
NOTE = "Mã trình diễn, không phải mã định danh điện tử chính thức."
SEAL_MM = 36

OFFICE_CHIEF_TYPES = (
    "thong_bao",
    "giay_moi",
    "giay_gioi_thieu",
    "giay_nghi_phep",
    "phieu_gui",
    "phieu_chuyen",
    "phieu_bao",
    "cong_van",
)
UNIT_HEAD_TYPES = ("giay_moi", "phieu_gui", "phieu_chuyen")
TITLE_TYPES = ("quyet_dinh", "chi_thi", "cong_dien", "giay_uy_quyen", "thu_cong")
DECISIONS = ("nghi_quyet", "quyet_dinh")


@dataclass(frozen=True, slots=True)
class Seat:
    """A post and the name its holder signs in with; `signs` is its place in the signing authority table."""

    login: str
    unit: str | None
    title: str
    roles: tuple[str, ...]
    signs: str = ""  # "head" | "deputy" | "office" | "office_deputy" | "unit"


@dataclass(frozen=True, slots=True)
class House:
    """One agency of the demonstration, with everybody in it; `login` ends the usernames of its people."""

    agency: AgencyPlan
    login: str
    units: tuple[UnitPlan, ...]
    seats: tuple[Seat, ...]
    series_per_kind: bool = False
    delegations: tuple[AuthorityPlan, ...] = ()

    def extended(self, units: Iterable[UnitPlan], seats: Iterable[Seat]) -> "House":
        """The same house with more units and seats; what it already has stays as it is."""
        known_units = {unit.key for unit in self.units}
        known_seats = {seat.login for seat in self.seats}
        return replace(
            self,
            units=self.units + tuple(unit for unit in units if unit.key not in known_units),
            seats=self.seats + tuple(seat for seat in seats if seat.login not in known_seats),
        )


def unit(
    code: str, key: str, name: str, abbreviation: str, head_title: str, *, records: bool = False
) -> UnitPlan:
    """One unit (đơn vị) of an agency; the records office is where its văn thư sits."""
    return UnitPlan(code, key, name, abbreviation, records, head_title)


def directory(
    houses: Iterable[House], *, closed: Iterable[AgencyPlan] = (), successors: Iterable[SuccessorPlan] = ()
) -> DirectoryPlan:
    """The plan of a city from its houses and the agencies that are closed."""
    rows = tuple(houses)
    return DirectoryPlan(
        agencies=tuple(house.agency for house in rows) + tuple(closed),
        successors=tuple(successors),
        units=tuple(unit for house in rows for unit in house.units),
        posts=tuple(post for house in rows for post in _posts(house)),
        people=tuple(person for house in rows for person in _people(house)),
        authorities=tuple(row for house in rows for row in (*_authorities(house), *house.delegations)),
        series=tuple(row for house in rows for row in _series(house)),
    )


def _posts(house: House) -> Iterator[PostPlan]:
    for seat in house.seats:
        yield PostPlan(house.agency.code, seat.unit, seat.login, seat.title, seat.roles)


def _people(house: House) -> Iterator[PersonPlan]:
    taken: set[str] = set()
    for seat in house.seats:
        username = f"{seat.login}.{house.login}"
        name, gender = full_name(username)
        attempt = 0
        while (
            name in taken
        ):  # two namesakes in one agency would only puzzle whoever watches the demonstration
            attempt += 1
            name, gender = full_name(f"{username}/{attempt}")
        taken.add(name)
        yield PersonPlan(username, name, gender, house.agency.code, seat.login, SINCE, f"TD.{username}")


def _authorities(house: House) -> Iterator[AuthorityPlan]:
    head = next(seat for seat in house.seats if seat.signs == "head")
    office = next((seat for seat in house.seats if seat.signs == "office"), None)
    for seat in house.seats:
        if house.agency.work_regime == "tap_the" and seat.signs in {"head", "deputy"}:
            yield from _collective(house.agency, head, seat)
        elif seat.signs in {"head", "deputy"}:
            yield _in_person(house.agency, head, seat)
        elif seat.signs:
            yield _by_order(house.agency, head, office or seat, seat)


def _in_person(agency: AgencyPlan, head: Seat, seat: Seat) -> AuthorityPlan:
    """Under *chế độ thủ trưởng*. Norm: NĐ30 Đ.13.1."""
    if seat is head:
        return _row(agency, seat, (), (seat.title,))
    return _row(agency, seat, ("KT",), (f"KT. {head.title}", seat.title))


def _collective(agency: AgencyPlan, head: Seat, seat: Seat) -> Iterator[AuthorityPlan]:
    """Under *chế độ tập thể*: TM. for the body, without it for the title. Norm: NĐ30 Đ.13.2; D41."""
    body = "TM. Ủy ban nhân dân"
    title = f"{head.title.upper()} {agency.issuer_name}"
    if seat is head:
        yield _row(agency, seat, ("TM",), (body, seat.title))
        yield _row(agency, seat, (), (seat.title,), issuer=title, types=TITLE_TYPES)
    else:
        lines = (f"KT. {head.title}", seat.title)
        yield _row(agency, seat, ("TM", "KT"), (body, *lines))
        yield _row(agency, seat, ("KT",), lines, issuer=title, types=TITLE_TYPES)


def _by_order(agency: AgencyPlan, head: Seat, office: Seat, seat: Seat) -> AuthorityPlan:
    """Some types, by order of the head, as the agency's regulation lists them. Norm: NĐ30 Đ.13.4."""
    order = f"TL. {head.title}"
    if seat.signs == "office_deputy":
        lines = (order, f"KT. {office.title}", seat.title)
        return _row(agency, seat, ("TL", "KT"), lines, types=OFFICE_CHIEF_TYPES)
    types = OFFICE_CHIEF_TYPES if seat.signs == "office" else UNIT_HEAD_TYPES
    return _row(agency, seat, ("TL",), (order, seat.title), types=types)


def _row(
    agency: AgencyPlan,
    seat: Seat,
    capacity: tuple[str, ...],
    lines: tuple[str, ...],
    *,
    issuer: str = "body",
    types: tuple[str, ...] = (),
) -> AuthorityPlan:
    basis = f"Quy chế làm việc của {agency.short_name} (trình diễn)"
    capitals = tuple(line.upper() for line in lines)
    return AuthorityPlan(agency.code, seat.login, capacity, capitals, issuer, types, SINCE, None, basis)


def _series(house: House) -> Iterator[NumberSeriesPlan]:
    code = house.agency.code
    if house.series_per_kind:
        yield NumberSeriesPlan(code, "quyet-dinh", "Nghị quyết, quyết định (cá biệt)", DECISIONS)
        yield NumberSeriesPlan(code, "cong-van", "Công văn", ("cong_van",))
        yield NumberSeriesPlan(code, "khac", "Các loại văn bản hành chính khác")
    else:
        yield NumberSeriesPlan(code, "chung", "Văn bản hành chính (một dãy số chung)")
