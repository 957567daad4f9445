"""The small city: the city's office, two departments and a ward; about thirty people who play one story."""

from collections.abc import Sequence
from datetime import date

from vanthu.demo.cities.staffing import NOTE, SEAL_MM, House, Seat, directory, unit
from vanthu.organizations.rules.directory import AgencyPlan, AuthorityPlan, DirectoryPlan, UnitPlan

CITY = "H26"
"""Hà Nội's own level-1 code is public (QĐ 2918/QĐ-UBND); codes below it here are made up (TD, trình diễn)."""
CITY_NAME = "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HÀ NỘI"
SNV = "H26.TD01"
STC = "H26.TD02"
HOAN_KIEM = "H26.TD101"

HEAD, OFFICER, CLERK = ("R2",), ("R6",), ("R1",)


def small() -> DirectoryPlan:
    """Two departments, a ward and the city above them."""
    return directory((city(), home_affairs(), finance(), hoan_kiem()))


def department(code: str, name: str, abbreviation: str) -> AgencyPlan:
    """A sở or a body like it: works under its head, below the city. Norm: NĐ30 Đ.13.1, PL I ô 2."""
    return AgencyPlan(
        code=code,
        name=f"{name} thành phố Hà Nội",
        short_name=name,
        abbreviation=abbreviation,
        kind="agency",
        tier="department",
        parent_code=CITY,
        work_regime="thu_truong",
        governing_name=CITY_NAME,
        issuer_name=name.upper(),
        place_name="Hà Nội",
        seal_diameter_mm=SEAL_MM,
        note=NOTE,
    )


def commune(code: str, kind: str, name: str) -> AgencyPlan:
    """People's committee of a ward or commune: collective, without a governing line. Norm: NĐ30 Đ.13.2."""
    return AgencyPlan(
        code=code,
        name=f"Ủy ban nhân dân {kind} {name}",
        short_name=f"UBND {kind} {name}",
        abbreviation="UBND",
        kind="agency",
        tier="commune",
        parent_code=CITY,
        work_regime="tap_the",
        governing_name=None,
        issuer_name=f"ỦY BAN NHÂN DÂN\n{kind.upper()} {name.upper()}",
        place_name=name,
        seal_diameter_mm=SEAL_MM,
        note=NOTE,
    )


def office(code: str, name: str = "Văn phòng") -> UnitPlan:
    """The unit where the records office sits."""
    return unit(code, "vp", name, "VP", "Chánh Văn phòng", records=True)


def city() -> House:
    """UBND Thành phố, whose office also runs the installation (R11) and reads the reports (R12)."""
    agency = AgencyPlan(
        code=CITY,
        name="Ủy ban nhân dân thành phố Hà Nội",
        short_name="UBND Thành phố",
        abbreviation="UBND",
        kind="agency",
        tier="city",
        parent_code=None,
        work_regime="tap_the",
        governing_name=None,
        issuer_name=CITY_NAME,
        place_name="Hà Nội",
        seal_diameter_mm=SEAL_MM,
        note="Mã cấp 1 của Hà Nội; mọi mã cấp dưới là mã trình diễn, không phải mã chính thức.",
    )
    seats = (
        Seat("vanthu", "vp", "Văn thư", CLERK),
        Seat("chutich", None, "Chủ tịch", HEAD, "head"),
        Seat("chanhvp", "vp", "Chánh Văn phòng", ("R4", "R5"), "office"),
        Seat("chuyenvien", "vp", "Chuyên viên", OFFICER),
        Seat("quantri", "vp", "Quản trị hệ thống Thành phố", ("R11",)),
        Seat("baocao", "vp", "Chuyên viên tổng hợp, báo cáo", ("R12",)),
    )
    return House(
        agency, "tp", (office(CITY, "Văn phòng Ủy ban nhân dân Thành phố"),), seats, series_per_kind=True
    )


def department_seats(units: Sequence[UnitPlan], head: str = "Giám đốc") -> tuple[Seat, ...]:
    """Whoever a department needs for the whole life of a document.

    Each unit after the office gets a head (`truongphong`, `truongphong2`, …) and an officer.
    """
    chief = units[0].head_title
    seats = [
        Seat("vanthu", "vp", "Văn thư", CLERK),
        Seat("giamdoc", None, head, HEAD, "head"),
        Seat("phogiamdoc", None, f"Phó {head}", ("R3",), "deputy"),
        Seat("chanhvp", "vp", chief, ("R4", "R5"), "office"),
        Seat("phovp", "vp", f"Phó {chief}", ("R7", "R8"), "office_deputy"),
        Seat("luutru", "vp", "Lưu trữ viên", ("R9",)),
        Seat("quantri", "vp", "Quản trị đơn vị", ("R10",)),
        Seat("thanhtra", None, "Chuyên viên kiểm tra, giám sát", ("R13",)),
        Seat("troly", "vp", f"Thư ký {head}", ("R14",)),
    ]
    for place, part in enumerate(units[1:], start=1):
        nth = str(place) if place > 1 else ""
        seats.append(Seat(f"truongphong{nth}", part.key, part.head_title, ("R5",), "unit"))
        seats.append(Seat(f"chuyenvien{nth}", part.key, "Chuyên viên", OFFICER))
    return tuple(seats)


def home_affairs() -> House:
    """Sở Nội vụ, where the story begins."""
    units = (
        office(SNV),
        unit(SNV, "tcbc", "Phòng Tổ chức - Biên chế", "TCBC", "Trưởng phòng Tổ chức - Biên chế"),
        unit(SNV, "vtlt", "Phòng Văn thư - Lưu trữ", "VTLT", "Trưởng phòng Văn thư - Lưu trữ"),
    )
    agency = department(SNV, "Sở Nội vụ", "SNV")
    return House(agency, "snv", units, department_seats(units), series_per_kind=True)


def finance() -> House:
    """Sở Tài chính, which is asked and answers; a smaller house where one person holds several roles."""
    budget = "Trưởng phòng Quản lý ngân sách"
    units = (office(STC), unit(STC, "qlns", "Phòng Quản lý ngân sách", "QLNS", budget))
    seats = (
        Seat("vanthu", "vp", "Văn thư, lưu trữ", ("R1", "R9")),
        Seat("giamdoc", None, "Giám đốc", HEAD, "head"),
        Seat("phogiamdoc", None, "Phó Giám đốc", ("R3",), "deputy"),
        Seat("chanhvp", "vp", "Chánh Văn phòng", ("R4", "R5", "R7", "R8"), "office"),
        Seat("truongphong", "qlns", budget, ("R5",), "unit"),
        Seat("chuyenvien", "qlns", "Chuyên viên", OFFICER),
        Seat("quantri", "vp", "Quản trị đơn vị", ("R10",)),
        Seat("troly", "vp", "Thư ký Giám đốc", ("R14",)),
    )
    # Đ13.3: in writing, for some types, for a time.
    delegation = AuthorityPlan(
        agency_code=STC,
        post_key="truongphong",
        capacity=("TUQ",),
        title_lines=("TUQ. GIÁM ĐỐC", budget.upper()),
        issuer="body",
        doc_types=("thong_bao", "bien_ban"),
        valid_from=date(2026, 1, 5),
        valid_to=date(2026, 12, 31),
        basis="Giấy ủy quyền số 01/GUQ-STC ngày 05 tháng 01 năm 2026 (trình diễn)",
    )
    return House(department(STC, "Sở Tài chính", "STC"), "stc", units, seats, delegations=(delegation,))


OUTSIDER = Seat("nguoingoai", "vhxh", "Chuyên viên (người ngoài cuộc)", OFFICER)
"""Somebody of another agency to whom nobody grants anything: what they can open is a defect."""


def hoan_kiem() -> House:
    """The ward of the story."""
    return people_committee(HOAN_KIEM, "phường", "Hoàn Kiếm", "hoankiem", OUTSIDER)


def people_committee(code: str, kind: str, name: str, login: str, *more: Seat) -> House:
    """A ward (phường) or commune (xã) with its clerk, its Chairman, its office and one officer who works."""
    units = (office(code, "Văn phòng HĐND và UBND"), society(code))
    seats = (
        Seat("vanthu", "vp", "Văn thư", CLERK),
        Seat("chutich", None, "Chủ tịch", HEAD, "head"),
        Seat("chanhvp", "vp", "Chánh Văn phòng", ("R4", "R5", "R7"), "office"),
        Seat("chuyenvien", "vp", "Chuyên viên", OFFICER),
        *more,
    )
    return House(commune(code, kind, name), login, units, seats)


def society(code: str) -> UnitPlan:
    """The unit for culture and social affairs that every ward and commune has."""
    return unit(code, "vhxh", "Phòng Văn hóa - Xã hội", "VHXH", "Trưởng phòng Văn hóa - Xã hội")
