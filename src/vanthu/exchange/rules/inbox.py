"""What comes over the line and must not be decided by a machine: why it is set aside, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from vanthu.edxml.message import Business, Edoc
from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import Decision, allowed_if
from vanthu.kernel.errors import Violation


class AsideReason(StrEnum):
    """Why a packet from the axis waits for the clerk instead of lying in his queue."""

    OTHER_BYTES = "OTHER_BYTES"  # cùng mã văn bản với gói đã nhận nhưng nội dung khác
    LOOKS_NEW = "LOOKS_NEW"  # ghi là thu hồi nhưng trông như văn bản mới (edxml.md §6.3)
    NO_FILE = "NO_FILE"  # không có tệp văn bản
    MAIN_UNFIT = "MAIN_UNFIT"  # tệp văn bản không đạt điều kiện tiếp nhận
    ANNEX_UNFIT = "ANNEX_UNFIT"  # tệp kèm theo không đạt điều kiện tiếp nhận


ASIDE_LABELS = {
    AsideReason.OTHER_BYTES: "Đã nhận văn bản cùng mã, nhưng nội dung gói này khác.",
    AsideReason.LOOKS_NEW: "Gói ghi là thu hồi nhưng có tệp và lý do như văn bản mới; chưa có văn bản nào mang mã này.",
    AsideReason.NO_FILE: "Gói không có tệp văn bản.",
    AsideReason.MAIN_UNFIT: "Tệp văn bản không đạt điều kiện tiếp nhận.",
    AsideReason.ANNEX_UNFIT: "Tệp kèm theo không đạt điều kiện tiếp nhận.",
}


class AsideState(StrEnum):
    OPEN = "OPEN"  # chờ văn thư quyết định
    TAKEN = "TAKEN"  # đã nhận như văn bản mới
    RETURNED = "RETURNED"  # đã trả lại có lý do


ASIDE_STATE_LABELS = {
    AsideState.OPEN: "Chờ quyết định",
    AsideState.TAKEN: "Đã nhận",
    AsideState.RETURNED: "Đã trả lại",
}


UNREADABLE_WORDS = {
    "doctype": "có khai báo DOCTYPE",
    "junk": "có dữ liệu lạ trước phần mở đầu",
    "not-xml": "không phải XML đúng cấu trúc",
    "namespace": "không phải edXML theo QCVN 102:2016/BTTTT",
    "unbound-prefix": "dùng tiền tố XML chưa khai báo",
    "bomb": "có nội dung nén bất thường",
    "too-large": "vượt quá dung lượng cho phép",
    "too-deep": "lồng quá sâu",
    "too-many": "có quá nhiều phần tử",
    "kind": "không rõ là văn bản hay trạng thái",
    "required": "thiếu thông tin bắt buộc",
    "attachment-zip": "có tệp nén hỏng hoặc không an toàn",
    "attachment-base64": "có tệp bị hỏng khi mã hóa",
    "encoding": "không phải bảng mã UTF-8",
    "truncated": "bị cắt giữa chừng",
}
"""Why a message is refused, by the codes of `edxml.Unreadable`; the sender reads it."""


def may_decide(actor: Actor, agency_id: int) -> Decision:
    """Nhận hay trả lại is the clerk's, for his own agency."""
    return allowed_if(actor.has(Role.CLERK) and actor.agency_id == agency_id, "registry.not-clerk")


def may_watch_line(actor: Actor) -> Decision:
    """The line serves every agency of the installation: its state is the city administrator's (R11)."""
    return allowed_if(actor.has(Role.CITY_ADMIN), "exchange.line.not-administrator")


def unmet_for_taking(
    state: AsideState, *, has_main: bool, against_main: tuple[Violation, ...] = ()
) -> tuple[Violation, ...]:
    """A record needs a main file that can be shown; without one the packet can only be returned."""
    if state is not AsideState.OPEN:
        return (Violation("exchange.aside.decided"),)
    return () if has_main else (Violation("exchange.aside.no-main"), *against_main)


def unmet_for_returning(state: AsideState, text: str) -> tuple[Violation, ...]:
    """Norm: QĐ28 Đ.9 (M15): whoever refuses says why."""
    if state is not AsideState.OPEN:
        return (Violation("exchange.aside.decided"),)
    return () if text.strip() else (Violation("exchange.aside.no-reason"),)


def looks_new(edoc: Edoc, *, is_known: bool, has_files: bool) -> bool:
    """A revocation by older software that numbers the kinds otherwise (edxml.md §6.3)."""
    reason = edoc.business.reason.casefold()
    says_new = "mới" in reason and "thu hồi" not in reason
    return edoc.business.type is Business.REVOKE and not is_known and has_files and says_new


def same_apart_from_transit(
    one: Edoc, one_files: Iterable[str], other: Edoc, other_files: Iterable[str]
) -> bool:
    """Whether two messages differ only by what an axis adds on the way; files by their digests."""
    plain = replace(one, traces=()) == replace(other, traces=())
    return plain and list(one_files) == list(other_files)
