"""Hà Nội since 1 July 2025: city, 17 departments, 126 wards and communes, 30 closed districts, enterprises.

The agencies are those of law.md §9; who works there, their codes below H26, the enterprises and the
successors of the districts (D49) are made up. `small()` is contained in it, row for row.
"""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files

from vanthu.demo.cities import small as story
from vanthu.demo.cities.names import ascii_slug
from vanthu.demo.cities.staffing import NOTE, House, Seat, directory, unit
from vanthu.organizations.rules.directory import AgencyPlan, DirectoryPlan, SuccessorPlan, UnitPlan

DISTRICTS_CLOSED_ON = date(2025, 6, 30)
TWO_TIERS_FROM = date(2025, 7, 1)
CANNOT_RECEIVE_SINCE = date(2026, 3, 2)
OFFICERS_PER_UNIT = 5

STORY_UNITS = {
    story.SNV: (
        "Công chức, viên chức=CCVC",
        "Xây dựng chính quyền=XDCQ",
        "Lao động - Việc làm=LĐVL",
        "Thi đua - Khen thưởng=TĐKT",
    ),
    story.STC: (
        "Kế hoạch - Đầu tư=KHĐT",
        "Quản lý giá và công sản=QLGCS",
        "Đăng ký kinh doanh=ĐKKD",
        "Tài chính doanh nghiệp=TCDN",
    ),
    story.CITY: (
        "Tổng hợp=TH",
        "Kinh tế - Đầu tư=KTĐT",
        "Khoa giáo - Văn xã=KGVX",
        "Nội chính=NC",
        "Quản lý đô thị=QLĐT",
    ),
}
# Names that no enterprise bears.
ENTERPRISES = (
    "Thoát nước Trình Diễn|TNTD", "Công viên Cây xanh Trình Diễn|CXTD", "Chiếu sáng Trình Diễn|CSTD",
    "Nước sạch Trình Diễn|NSTD", "Vận tải Trình Diễn|VTTD", "Môi trường Trình Diễn|MTTD",
    "Quản lý Nhà Trình Diễn|QLNTD", "Thủy lợi Trình Diễn|TLTD",
)  # fmt: skip
# parent | name | abbreviation | login
SUBORDINATES = (
    (story.SNV, "Trung tâm Lưu trữ lịch sử", "TTLTLS", "ttltls"),
    (story.SNV, "Trung tâm Dịch vụ việc làm", "TTDVVL", "ttdvvl"),
    (story.STC, "Trung tâm Hỗ trợ doanh nghiệp", "TTHTDN", "tthtdn"),
)
ARCHIVE = f"{story.SNV}.TD01"
# The ordinals of the wards and communes that (fictitiously) take over, from and to.
DISTRICTS = (
    "quận Hoàn Kiếm|1-2,14-14", "quận Ba Đình|3-5", "quận Hai Bà Trưng|6-8", "quận Đống Đa|9-13",
    "quận Hoàng Mai|15-21", "quận Thanh Xuân|22-24", "quận Cầu Giấy|25-27", "quận Tây Hồ|28-29",
    "quận Bắc Từ Liêm|30-34", "quận Nam Từ Liêm|35-38", "quận Long Biên|39-42", "quận Hà Đông|43-47",
    "huyện Thanh Trì|48-52", "huyện Thường Tín|53-56", "huyện Phú Xuyên|57-60", "huyện Thanh Oai|61-64",
    "huyện Ứng Hòa|65-68", "huyện Mỹ Đức|69-72", "huyện Chương Mỹ|73-78", "huyện Ba Vì|79-86",
    "thị xã Sơn Tây|87-89", "huyện Phúc Thọ|90-92", "huyện Thạch Thất|93-97", "huyện Quốc Oai|98-101",
    "huyện Hoài Đức|102-105", "huyện Đan Phượng|106-108", "huyện Gia Lâm|109-112", "huyện Đông Anh|113-117",
    "huyện Mê Linh|118-121", "huyện Sóc Sơn|122-126",
)  # fmt: skip
CANNOT_RECEIVE = {
    "H26.TD179": "Đường truyền tại trụ sở gián đoạn; nhận bản giấy qua Văn thư (trình diễn).",
    "H26.TD803": "Chưa kết nối Trục liên thông; nhận bản giấy qua Văn thư (trình diễn).",
    "H26.TD808": "Chưa kết nối Trục liên thông; nhận bản giấy qua Văn thư (trình diễn).",
    f"{story.STC}.TD01": "Chứng thư số cơ quan đang được cấp lại; nhận bản giấy qua Văn thư (trình diễn).",
}


@dataclass(frozen=True, slots=True)
class Commune:
    """One row of the list: the ordinal is a place in it, not an identity code."""

    ordinal: int
    kind: str
    name: str

    @property
    def code(self) -> str:
        return commune_code(self.ordinal)


def commune_code(ordinal: int) -> str:
    """The made-up code of the n-th ward or commune."""
    return f"{story.CITY}.TD{100 + ordinal}"


def communes() -> tuple[Commune, ...]:
    """The 126 wards and communes by name, in the order of the list."""
    rows = csv.DictReader(_text("hanoi-wards-communes.csv").splitlines())
    return tuple(Commune(int(row["ordinal"]), row["kind"], row["name"]) for row in rows)


def _text(name: str) -> str:
    return files("vanthu.demo.cities").joinpath(name).read_text(encoding="utf-8")


def hanoi() -> DirectoryPlan:
    """The whole city with about 3,000 people."""
    rows = communes()
    houses = (
        _city(),
        _larger_department(story.home_affairs()),
        _larger_department(story.finance()),
        *_departments(),
        *(_commune(row) for row in rows),
        *_enterprises(),
        *_subordinates(),
    )
    return directory(
        (_receiving(house) for house in houses), closed=_districts(), successors=_successors(rows)
    )


def _receiving(house: House) -> House:
    reason = CANNOT_RECEIVE.get(house.agency.code)
    if reason is None:
        return house
    agency = replace(
        house.agency,
        can_receive=False,
        cannot_receive_reason=reason,
        cannot_receive_since=CANNOT_RECEIVE_SINCE,
    )
    return replace(house, agency=agency)


def _rooms(code: str, listed: Iterable[str]) -> tuple[UnitPlan, ...]:
    """Units from `Tên=VIẾT TẮT`, each a *phòng* under a *trưởng phòng*."""
    pairs = (part.split("=") for part in listed)
    return tuple(
        unit(code, ascii_slug(short), f"Phòng {name}", short, f"Trưởng phòng {name}") for name, short in pairs
    )


def _officers(units: Iterable[UnitPlan], count: int) -> Iterator[Seat]:
    """A deputy head and officers for each unit; the tens of an officer's number are the unit's place."""
    for place, part in enumerate(units, start=1):
        yield Seat(f"photruongphong{place}", part.key, f"Phó {part.head_title}", ("R5", "R6"))
        for nth in range(1, count + 1):
            yield Seat(f"chuyenvien{place}{nth}", part.key, "Chuyên viên", story.OFFICER)


def _larger_department(house: House, head: str = "Giám đốc", listed: Iterable[str] | None = None) -> House:
    code = house.agency.code
    units = house.units + _rooms(code, listed or STORY_UNITS[code])
    second = (
        Seat("phogiamdoc2", None, f"Phó {head}", ("R3",), "deputy"),
        Seat("vanthu2", "vp", "Văn thư", story.CLERK),
        Seat("chuyenvienvp", "vp", "Chuyên viên", story.OFFICER),
    )
    return house.extended(
        units, (*story.department_seats(units, head), *second, *_officers(units[1:], OFFICERS_PER_UNIT))
    )


def _departments() -> Iterator[House]:
    for place, row in enumerate(tomllib.loads(_text("hanoi-departments.toml"))["department"], start=3):
        code = f"{story.CITY}.TD{place:02d}"
        agency = story.department(code, row["name"], row["abbreviation"])
        agency = replace(agency, short_name=row.get("short_name", row["name"]))
        records = story.office(code)
        if row["abbreviation"] == "VP":
            # Inside the city's office the clerks sit in a room of it, not in an office of the office.
            agency = replace(agency, issuer_name="VĂN PHÒNG")
            records = _administration(code, "Tổ chức", "HCTC")
        yield _larger_department(House(agency, row["login"], (records,), ()), row["head"], row["units"])


def _administration(code: str, second: str, abbreviation: str) -> UnitPlan:
    name = f"Phòng Hành chính - {second}"
    return unit(code, "vp", name, abbreviation, f"Trưởng {name[0].lower()}{name[1:]}", records=True)


def _city() -> House:
    house = story.city()
    units = house.units + _rooms(story.CITY, STORY_UNITS[story.CITY])
    deputies = (Seat(f"phochutich{n}", None, "Phó Chủ tịch", ("R3",), "deputy") for n in range(1, 5))
    staff = (
        Seat("phovp", "vp", "Phó Chánh Văn phòng", ("R7", "R8"), "office_deputy"),
        Seat("luutru", "vp", "Lưu trữ viên", ("R9",)),
        Seat("quantridonvi", "vp", "Quản trị đơn vị", ("R10",)),
        Seat("thanhtra", None, "Chuyên viên kiểm tra, giám sát", ("R13",)),
        Seat("troly", "vp", "Thư ký Chủ tịch", ("R14",)),
    )
    return house.extended(units, (*deputies, *staff, *_heads(units[1:]), *_officers(units[1:], 3)))


def _heads(units: Sequence[UnitPlan]) -> Iterator[Seat]:
    for place, part in enumerate(units, start=1):
        yield Seat(f"truongphong{place if place > 1 else ''}", part.key, part.head_title, ("R5",))


def _commune(row: Commune) -> House:
    """A ward or commune with its office, its rooms and its service center. Norm: NĐ150/2025."""
    code = row.code
    house = (
        story.hoan_kiem()
        if code == story.HOAN_KIEM
        else story.people_committee(code, row.kind, row.name, ascii_slug(row.name))
    )
    economy = "Kinh tế, Hạ tầng và Đô thị=KTHTĐT" if row.kind == "phường" else "Kinh tế=KT"
    center = unit(code, "pvhcc", "Trung tâm Phục vụ hành chính công", "TTPVHCC", "Giám đốc Trung tâm")
    rooms = (story.society(code), *_rooms(code, [economy]))
    staff = (
        Seat("phochutich", None, "Phó Chủ tịch", ("R3",), "deputy"),
        Seat("phochutich2", None, "Phó Chủ tịch", ("R3",), "deputy"),
        Seat("phovp", "vp", "Phó Chánh Văn phòng", ("R7", "R8"), "office_deputy"),
        Seat("luutru", "vp", "Lưu trữ viên", ("R9",)),
        Seat("quantri", "vp", "Quản trị đơn vị", ("R10",)),
        Seat("giamdochcc", center.key, center.head_title, ("R5",)),
        Seat("motcua", center.key, "Chuyên viên", story.OFFICER),
    )
    return house.extended((*rooms, center), (*staff, *_heads(rooms), *_commune_officers(rooms)))


def _commune_officers(rooms: Sequence[UnitPlan]) -> Iterator[Seat]:
    for place, part in enumerate(rooms, start=1):
        for nth in (1, 2):
            yield Seat(f"chuyenvien{place}{nth}", part.key, "Chuyên viên", story.OFFICER)


def _enterprises() -> Iterator[House]:
    for place, row in enumerate(ENTERPRISES, start=1):
        name, abbreviation = row.split("|")
        code = f"{story.CITY}.TD{800 + place}"
        full = f"Công ty TNHH một thành viên {name}"
        agency = replace(
            story.department(code, full, abbreviation),
            name=full,
            short_name=f"Công ty {name}",
            kind="enterprise",
            tier="enterprise",
            note=f"{NOTE} Doanh nghiệp không có thật.",
        )
        units = (story.office(code), *_rooms(code, ("Kế hoạch - Kỹ thuật=KHKT", "Tài chính - Kế toán=TCKT")))
        seats = story.department_seats(units, "Tổng Giám đốc")
        yield House(agency, ascii_slug(abbreviation), units, seats)


def _subordinates() -> Iterator[House]:
    parents = {story.SNV: "SỞ NỘI VỤ", story.STC: "SỞ TÀI CHÍNH"}
    seen = dict.fromkeys(parents, 0)
    for parent, name, abbreviation, login in SUBORDINATES:
        seen[parent] += 1
        code = f"{parent}.TD{seen[parent]:02d}"
        agency = replace(
            story.department(code, name, abbreviation),
            tier="subordinate",
            parent_code=parent,
            governing_name=parents[parent],
        )
        units = (_administration(code, "Tổng hợp", "HCTH"), *_rooms(code, ("Nghiệp vụ=NV",)))
        yield House(agency, login, units, story.department_seats(units))


def _districts() -> Iterator[AgencyPlan]:
    for place, row in enumerate(DISTRICTS, start=1):
        kind, name = _kind_and_name(row.split("|", 1)[0])
        yield replace(
            story.commune(_district_code(place), kind, name),
            tier="district",
            status="closed",
            closed_on=DISTRICTS_CLOSED_ON,
            can_receive=False,
            cannot_receive_reason="Cơ quan đã kết thúc hoạt động khi bỏ cấp huyện; gửi cơ quan kế thừa.",
            cannot_receive_since=TWO_TIERS_FROM,
        )


def _kind_and_name(title: str) -> tuple[str, str]:
    words = 2 if title.startswith("thị xã ") else 1
    parts = title.split(" ")
    return " ".join(parts[:words]), " ".join(parts[words:])


def _district_code(place: int) -> str:
    return f"{story.CITY}.TD{900 + place}"


def _successors(rows: Sequence[Commune]) -> Iterator[SuccessorPlan]:
    by_ordinal = {row.ordinal: row for row in rows}
    for place, row in enumerate(DISTRICTS, start=1):
        closed = _district_code(place)
        for ordinal in _ordinals(row.split("|", 1)[1]):
            heir = by_ordinal[ordinal]
            area = f"{heir.kind.capitalize()} {heir.name}"
            yield SuccessorPlan(closed, heir.code, "Mọi lĩnh vực trên địa bàn", TWO_TIERS_FROM, area=area)
        yield SuccessorPlan(
            closed, ARCHIVE, "Hồ sơ, tài liệu lưu trữ", TWO_TIERS_FROM, area="Toàn địa bàn cũ"
        )


def _ordinals(ranges: str) -> Iterator[int]:
    for part in ranges.split(","):
        first, last = part.split("-")
        yield from range(int(first), int(last) + 1)
