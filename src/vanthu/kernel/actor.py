"""Who acts, as what and on whose behalf; built at the edge and passed down (decision D2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """Roles of law.md (a); the value is the role's number there."""

    CLERK = "R1"  # Văn thư cơ quan
    LEADER = "R2"  # Lãnh đạo cơ quan (người đứng đầu)
    DEPUTY = "R3"  # Cấp phó
    OFFICE_CHIEF = "R4"  # Người được giao chỉ đạo phân văn bản
    UNIT_HEAD = "R5"  # Lãnh đạo đơn vị
    OFFICER = "R6"  # Công chức, viên chức
    FORM_CHECKER = "R7"  # Người kiểm tra thể thức
    FOLLOW_UP = "R8"  # Người theo dõi, đôn đốc
    ARCHIVIST = "R9"  # Lưu trữ hiện hành
    AGENCY_ADMIN = "R10"  # Quản trị đơn vị
    CITY_ADMIN = "R11"  # Quản trị hệ thống Thành phố
    REPORT_VIEWER = "R12"  # Người xem báo cáo
    INSPECTOR = "R13"  # Kiểm tra, giám sát
    ASSISTANT = "R14"  # Trợ lý, thư ký
    SYSTEM = "R15"  # Tài khoản hệ thống


LEADING = frozenset({Role.LEADER, Role.DEPUTY, Role.OFFICE_CHIEF})


class Urgency(IntEnum):
    """Mức độ khẩn. Norm: NĐ30 Đ.4.2c; the codes 0–3 are [recalled/med] (law.md c.1)."""

    NORMAL = 0
    URGENT = 1  # Khẩn
    VERY_URGENT = 2  # Thượng khẩn
    EXPRESS = 3  # Hỏa tốc


URGENCY_LABELS = {
    Urgency.NORMAL: "Thường",
    Urgency.URGENT: "Khẩn",
    Urgency.VERY_URGENT: "Thượng khẩn",
    Urgency.EXPRESS: "Hỏa tốc",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in the capacity chosen for this act, or a system account (R15)."""

    user_id: int | None
    name: str
    agency_id: int | None
    post_id: int | None = None
    unit_id: int | None = None
    title: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    on_behalf_of: str | None = None
    """The person or body whose power is used, when it is not the actor's own."""

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def is_system(self) -> bool:
        return Role.SYSTEM in self.roles

    @property
    def holders(self) -> tuple[str, ...]:
        """The keys under which access may have been granted to this actor (decision D7)."""
        keys = []
        if self.post_id is not None:
            keys.append(holder_of_post(self.post_id))
        if self.user_id is not None:
            keys.append(f"person:{self.user_id}")
        if self.unit_id is not None:
            keys.append(holder_of_unit(self.unit_id))
        if self.agency_id is not None and self.has(Role.CLERK):
            keys.append(holder_of_office(self.agency_id))
        return tuple(keys)


def holder_of_office(agency_id: int) -> str:
    """The records office (Văn thư) of an agency."""
    return f"office:{agency_id}"


def holder_of_unit(unit_id: int) -> str:
    return f"unit:{unit_id}"


def holder_of_post(post_id: int) -> str:
    return f"post:{post_id}"


def system_actor(agency_id: int | None) -> Actor:
    """R15: the system account that delivers packages and statuses for an agency."""
    return Actor(
        user_id=None,
        name="Hệ thống",
        agency_id=agency_id,
        title="Tài khoản hệ thống",
        roles=frozenset({Role.SYSTEM}),
    )
