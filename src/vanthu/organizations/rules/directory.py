"""A whole directory as data (danh bạ cơ quan): what `load_directory` takes, and what must hold in it.

A plan names everything by code, key or username, never by database id, so that it can be written by hand,
read from a CSV or generated. `DirectoryPlan.problems()` says in sentences what would not load.

Norm: QĐ20/2020 (identity codes), NĐ30 Đ.13 (who may sign), NĐ30 Đ.15.1 (number series).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from vanthu.kernel.actor import Role

AGENCY_CODE = re.compile(r"[A-Z0-9]+(\.[A-Z0-9]+){0,3}")
"""Mã định danh as we issue it: one to four groups, level 1 at the left. Use with `fullmatch`."""
LEVEL_ONE = re.compile(r"[A-Z]\d{2}")
MAX_CODE_LENGTH = 35
USERNAME = re.compile(r"[a-z0-9]+(\.[a-z0-9]+)*")

ROLES = frozenset(str(role) for role in Role)
CAPACITIES = frozenset(
    {("TM",), ("TM", "KT"), ("KT",), ("Q",), ("TL",), ("TL", "KT"), ("TUQ",), ()},
)
"""The ordered lists of capacity under which somebody may sign; the empty one is the head in person (D41)."""
KINDS = frozenset({"agency", "enterprise"})
TIERS = frozenset({"city", "department", "commune", "district", "enterprise", "subordinate"})
REGIMES = frozenset({"tap_the", "thu_truong"})
STATUSES = frozenset({"active", "closed"})

_LEGACY = re.compile(r"000\.([A-Z0-9]{2})\.([A-Z0-9]{2})\.([A-Z]\d{2})")
_NO_GROUP = "00"
_Key = TypeVar("_Key", bound=Hashable)


def is_agency_code(code: str) -> bool:
    """Whether we may issue this identity code. Norm: QĐ20/2020 (≤ 35 characters, groups of A-Z and 0-9)."""
    return len(code) <= MAX_CODE_LENGTH and AGENCY_CODE.fullmatch(code) is not None


def parent_prefix(code: str) -> str | None:
    """The code one level up, which must exist; nothing above level 1."""
    head, dot, _ = code.rpartition(".")
    return head if dot else None


def legacy_of(code: str) -> str | None:
    """The 13-character code of 2016 for a code of today: `H26.15.03` → `000.03.15.H26`.

    Only where every group after the first has two characters and there are at most two of them; the old form
    of any other code cannot be computed, it stands in the list that was published with it.
    """
    level_one, *groups = code.split(".")
    if not LEVEL_ONE.fullmatch(level_one) or len(groups) > 2 or not is_agency_code(code):
        return None
    if any(len(group) != 2 or group == _NO_GROUP for group in groups):
        return None
    level_two, level_three = (*groups, _NO_GROUP, _NO_GROUP)[:2]
    return f"000.{level_three}.{level_two}.{level_one}"


def code_of(legacy: str) -> str | None:
    """Today's code for a 13-character one: `000.03.15.H26` → `H26.15.03`; none if not computable."""
    match = _LEGACY.fullmatch(legacy)
    if match is None:
        return None
    level_three, level_two, level_one = match.groups()
    if level_two == _NO_GROUP:
        return level_one if level_three == _NO_GROUP else None
    groups = [level_one, level_two] + ([level_three] if level_three != _NO_GROUP else [])
    return ".".join(groups)


@dataclass(frozen=True, slots=True)
class AgencyPlan:
    """Cơ quan: a body with an identity code, a seal and a records office of its own.

    `governing_name` (dòng cơ quan chủ quản) and `issuer_name` are the header of a document; a newline in them
    is the header's line break. Norm: NĐ30 PL I, ô 2.
    """

    code: str
    name: str
    short_name: str
    abbreviation: str
    kind: str
    tier: str
    parent_code: str | None
    work_regime: str
    governing_name: str | None
    issuer_name: str
    place_name: str
    seal_diameter_mm: int
    status: str = "active"
    closed_on: date | None = None
    can_receive: bool = True
    cannot_receive_reason: str | None = None
    cannot_receive_since: date | None = None
    legacy_code13: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SuccessorPlan:
    """Cơ quan kế thừa: who took over what, where and when; one closed district has many (D49)."""

    agency_code: str
    successor_code: str
    field: str
    from_on: date
    fictitious: bool = True
    area: str = ""


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """Đơn vị: a part of an agency, without code and seal; exactly one per agency is its records office."""

    agency_code: str
    key: str
    name: str
    abbreviation: str
    is_records_office: bool
    head_title: str


@dataclass(frozen=True, slots=True)
class PostPlan:
    """Chức vụ, vị trí việc làm: what a person holds for a time and what carries the roles R1–R15."""

    agency_code: str
    unit_key: str | None
    key: str
    title: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """Cán bộ, công chức, viên chức holding one post; `certificate` is the code of the one made for it."""

    username: str
    full_name: str
    gender: str
    agency_code: str
    post_key: str
    held_from: date
    certificate: str


@dataclass(frozen=True, slots=True)
class AuthorityPlan:
    """Thẩm quyền ký: one row of the signing authority table. No types means all types.

    `issuer` is `body`, or the state title (*chức danh nhà nước*) that issues in its own name, as the header
    shows it. Norm: NĐ30 Đ.13; D41.
    """

    agency_code: str
    post_key: str
    capacity: tuple[str, ...]
    title_lines: tuple[str, ...]
    issuer: str
    doc_types: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class NumberSeriesPlan:
    """Dãy số văn bản đi, grouped as the agency's head decides. Norm: NĐ30 Đ.15.1.

    No types means every type that no other series of the agency names.
    """

    agency_code: str
    group: str
    label: str
    doc_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectoryPlan:
    """The whole directory of an installation."""

    agencies: tuple[AgencyPlan, ...] = ()
    successors: tuple[SuccessorPlan, ...] = ()
    units: tuple[UnitPlan, ...] = ()
    posts: tuple[PostPlan, ...] = ()
    people: tuple[PersonPlan, ...] = ()
    authorities: tuple[AuthorityPlan, ...] = ()
    series: tuple[NumberSeriesPlan, ...] = ()

    def problems(self) -> tuple[str, ...]:
        """Whatever contradicts itself or the norms, as sentences; empty when the plan may be loaded."""
        checks = (
            _duplicates,
            _agency_problems,
            _parent_problems,
            _closing_problems,
            _successor_problems,
            _unit_problems,
            _post_problems,
            _people_problems,
            _authority_problems,
            _series_problems,
        )
        return tuple(sentence for check in checks for sentence in check(self))


def _repeated(keys: Iterable[_Key]) -> list[_Key]:
    return [key for key, times in Counter(keys).items() if times > 1]


def _duplicates(plan: DirectoryPlan) -> Iterator[str]:
    for code in _repeated(a.code for a in plan.agencies):
        yield f"Mã định danh {code} được dùng cho nhiều cơ quan."
    for agency, key in _repeated((u.agency_code, u.key) for u in plan.units):
        yield f"Cơ quan {agency} có nhiều đơn vị mang khóa {key}."
    for agency, key in _repeated((p.agency_code, p.key) for p in plan.posts):
        yield f"Cơ quan {agency} có nhiều chức vụ mang khóa {key}."
    for agency, key in _repeated((s.agency_code, s.group) for s in plan.series):
        yield f"Cơ quan {agency} có nhiều dãy số mang khóa {key}."
    for username in _repeated(p.username for p in plan.people):
        yield f"Tên đăng nhập {username} được dùng cho nhiều người."
    for certificate in _repeated(p.certificate for p in plan.people):
        yield f"Chứng thư số {certificate} được gán cho nhiều người."


def _agency_problems(plan: DirectoryPlan) -> Iterator[str]:
    for agency in plan.agencies:
        if not is_agency_code(agency.code):
            yield f"Mã định danh {agency.code!r} không đúng dạng: tối đa 4 nhóm A-Z, 0-9, không quá 35 ký tự."
        elif parent_prefix(agency.code) is None and not LEVEL_ONE.fullmatch(agency.code):
            yield f"Mã cấp 1 {agency.code!r} không đúng dạng: một chữ cái và hai chữ số."
        yield from _wrong_words(agency)
        if not (agency.name and agency.abbreviation and agency.place_name):
            yield f"Cơ quan {agency.code} thiếu tên, tên viết tắt hoặc địa danh."
        if agency.issuer_name != agency.issuer_name.upper() or not agency.issuer_name:
            yield f"Cơ quan {agency.code}: tên cơ quan ban hành phải viết bằng chữ in hoa."
        if agency.seal_diameter_mm <= 0:
            yield f"Cơ quan {agency.code}: đường kính con dấu phải lớn hơn 0."


def _wrong_words(agency: AgencyPlan) -> Iterator[str]:
    words = (
        ("loại", agency.kind, KINDS),
        ("cấp", agency.tier, TIERS),
        ("chế độ làm việc", agency.work_regime, REGIMES),
        ("trạng thái", agency.status, STATUSES),
    )
    for label, word, known in words:
        if word not in known:
            yield f"Cơ quan {agency.code}: {label} {word!r} không có trong danh mục."


def _parent_problems(plan: DirectoryPlan) -> Iterator[str]:
    codes = {agency.code for agency in plan.agencies}
    for agency in plan.agencies:
        prefix = parent_prefix(agency.code)
        if prefix is not None and prefix not in codes:
            yield f"Cơ quan {agency.code}: chưa có mã cấp trên {prefix}."
        if agency.parent_code is not None and agency.parent_code not in codes:
            yield f"Cơ quan {agency.code}: không có cơ quan chủ quản {agency.parent_code}."
        if agency.parent_code == agency.code:
            yield f"Cơ quan {agency.code} không thể là cơ quan chủ quản của chính mình."


def _closing_problems(plan: DirectoryPlan) -> Iterator[str]:
    followed = {successor.agency_code for successor in plan.successors}
    for agency in plan.agencies:
        closed = agency.status == "closed"
        if closed != (agency.closed_on is not None):
            yield f"Cơ quan {agency.code}: trạng thái và ngày kết thúc hoạt động không khớp nhau."
        if closed and agency.can_receive:
            yield f"Cơ quan {agency.code} đã kết thúc hoạt động, không thể nhận văn bản."
        if closed and agency.code not in followed:
            yield f"Cơ quan {agency.code} đã kết thúc hoạt động nhưng chưa có cơ quan kế thừa."
        explained = bool(agency.cannot_receive_reason) and agency.cannot_receive_since is not None
        if not agency.can_receive and not explained:
            yield f"Cơ quan {agency.code} không nhận văn bản điện tử nhưng thiếu lý do hoặc ngày bắt đầu."


def _successor_problems(plan: DirectoryPlan) -> Iterator[str]:
    agencies = {agency.code: agency for agency in plan.agencies}
    for row in plan.successors:
        agency, successor = agencies.get(row.agency_code), agencies.get(row.successor_code)
        if agency is None or successor is None:
            yield f"Kế thừa {row.agency_code} → {row.successor_code}: có cơ quan không tồn tại."
            continue
        if successor.status == "closed":
            yield f"Kế thừa {row.agency_code} → {row.successor_code}: cơ quan kế thừa đã kết thúc hoạt động."
        if agency.closed_on is not None and row.from_on <= agency.closed_on:
            yield f"Kế thừa {row.agency_code} → {row.successor_code}: ngày kế thừa không sau ngày kết thúc."


def _unit_problems(plan: DirectoryPlan) -> Iterator[str]:
    agencies = {agency.code for agency in plan.agencies}
    offices = Counter(unit.agency_code for unit in plan.units if unit.is_records_office)
    for unit in plan.units:
        if unit.agency_code not in agencies:
            yield f"Đơn vị {unit.key}: không có cơ quan {unit.agency_code}."
    for agency in plan.agencies:
        if agency.status == "active" and offices[agency.code] != 1:
            yield f"Cơ quan {agency.code} có {offices[agency.code]} văn thư cơ quan; phải có đúng một."


def _post_problems(plan: DirectoryPlan) -> Iterator[str]:
    agencies = {agency.code for agency in plan.agencies}
    units = {(unit.agency_code, unit.key) for unit in plan.units}
    for post in plan.posts:
        where = f"Chức vụ {post.key} của cơ quan {post.agency_code}"
        if post.agency_code not in agencies:
            yield f"{where}: cơ quan không tồn tại."
        if post.unit_key is not None and (post.agency_code, post.unit_key) not in units:
            yield f"{where}: không có đơn vị {post.unit_key}."
        if unknown := sorted(set(post.roles) - ROLES):
            yield f"{where}: vai trò {', '.join(unknown)} không có trong danh mục R1–R15."
        if "R5" in post.roles and post.unit_key is None:
            yield f"{where}: lãnh đạo đơn vị phải thuộc một đơn vị."


def _people_problems(plan: DirectoryPlan) -> Iterator[str]:
    posts = {(post.agency_code, post.key) for post in plan.posts}
    for person in plan.people:
        if not USERNAME.fullmatch(person.username):
            yield f"Tên đăng nhập {person.username!r} chỉ được gồm chữ thường không dấu, chữ số và dấu chấm."
        if not person.full_name.strip():
            yield f"Tài khoản {person.username} chưa có họ và tên."
        if (person.agency_code, person.post_key) not in posts:
            where = f"cơ quan {person.agency_code}"
            yield f"Tài khoản {person.username}: {where} không có chức vụ {person.post_key}."


def _authority_problems(plan: DirectoryPlan) -> Iterator[str]:
    posts = {(post.agency_code, post.key) for post in plan.posts}
    regimes = {agency.code: agency.work_regime for agency in plan.agencies}
    for row in plan.authorities:
        where = f"Thẩm quyền ký của {row.post_key} tại {row.agency_code}"
        if (row.agency_code, row.post_key) not in posts:
            yield f"{where}: chức vụ không tồn tại."
        if row.capacity not in CAPACITIES:
            yield f"{where}: không có hình thức ký {' '.join(row.capacity)}."
        elif "TM" in row.capacity and regimes.get(row.agency_code) == "thu_truong":
            # Đ13.2: only a body that decides together is signed for; a head signs in person.
            yield f"{where}: cơ quan theo chế độ thủ trưởng không ký TM."
        yield from (f"{where}: {gap}" for gap in _authority_gaps(row))


def _authority_gaps(row: AuthorityPlan) -> Iterator[str]:
    if not row.title_lines or not row.issuer:
        yield "thiếu quyền hạn, chức vụ hoặc nơi ban hành trên văn bản."
    if row.valid_to is not None and row.valid_to < row.valid_from:
        yield "ngày hết hiệu lực trước ngày có hiệu lực."
    if not row.basis:
        yield "thiếu văn bản căn cứ."
    if "TUQ" in row.capacity and row.valid_to is None:
        # Đ13.3: a delegation is in writing and limited in time and content.
        yield "ký thừa ủy quyền phải có thời hạn."
    if row.capacity and row.capacity[0] in {"TL", "TUQ"} and not row.doc_types:
        yield "ký thừa lệnh, thừa ủy quyền phải nêu loại văn bản được ký."


def _series_problems(plan: DirectoryPlan) -> Iterator[str]:
    agencies = {agency.code for agency in plan.agencies}
    open_groups: defaultdict[str, list[str]] = defaultdict(list)
    for row in plan.series:
        if row.agency_code not in agencies:
            yield f"Dãy số {row.group}: không có cơ quan {row.agency_code}."
        if not row.doc_types:
            open_groups[row.agency_code].append(row.group)
    for agency in plan.agencies:
        if agency.status == "active" and len(open_groups[agency.code]) != 1:
            yield f"Cơ quan {agency.code} phải có đúng một dãy số chung cho các loại văn bản còn lại."
