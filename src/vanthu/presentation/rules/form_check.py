"""Kiểm tra thể thức: compare what a page shows with Annex I of Decree 30.

Only for administrative documents: legal normative documents have a form of their own and are never
held against this one (D42). Norm: NĐ30 Phụ lục I (law.md §2.9).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

A4_MM = (210.0, 297.0)
TOLERANCE_MM = 0.6
LEFT_MM = (30.0, 35.0)
RIGHT_MM = 15.0
TOP_AND_BOTTOM_MM = 20.0
BODY_PT = (13.0, 14.0)
TIMES = re.compile(r"times|liberation ?serif|tinos|termes|vanthuserif|nimbusrom", re.IGNORECASE)
NUMBER = re.compile(r"^Số:\s*(\d+)\s*/\s*(\S+)")
DATE = re.compile(r"^\S.*, ngày (\d{1,2}) tháng (\d{1,2}) năm \d{4}$")
TITLE = re.compile(r"^(GS|PGS|TS|ThS|BS|KS|CN|LS|NGƯT|NGND|NSƯT|NSND)\b\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What was read off the pages of a document."""

    page_sizes_mm: tuple[tuple[float, float], ...]
    """Width and height of each page as displayed."""
    margins_mm: tuple[float, float, float, float]
    """Left, right, top, bottom: the least distance of any printed text (page numbers aside) to the edge."""
    fonts: frozenset[str]
    body_size_pt: float
    """The size of most letters; 0 when there is no text."""
    has_national_name: bool
    has_motto: bool
    number_text: str
    """The line beginning with "Số:", without what a form field shows."""
    has_number_field: bool
    """An empty or filled field for the number stands in the file (D22)."""
    place_date_text: str
    has_date_field: bool
    subject: str
    has_recipients: bool
    has_signature_block: bool
    signer: str
    numbered_pages: frozenset[int]
    """Pages (from 1) with their number at the top centre."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure from the prescribed form."""

    rule: str
    clause: str
    """Part of Annex I by its subject; paragraph numbers are to be checked against the decree's own text."""
    message: str
    """In Vietnamese: what is wrong and what the norm asks for."""


@dataclass(frozen=True, slots=True)
class FormRule:
    """A rule and the test that is true when the document keeps it."""

    code: str
    clause: str
    message: str
    is_kept: Callable[[FormFacts], bool]


def findings(facts: FormFacts) -> tuple[Finding, ...]:
    """All departures of an administrative document from Annex I, in the order of the page."""
    return tuple(Finding(rule.code, rule.clause, rule.message) for rule in RULES if not rule.is_kept(facts))


def _is_a4(facts: FormFacts) -> bool:
    return bool(facts.page_sizes_mm) and all(
        abs(short - A4_MM[0]) < 1 and abs(long - A4_MM[1]) < 1
        for short, long in (sorted(size) for size in facts.page_sizes_mm)
    )


def _left_is_right(facts: FormFacts) -> bool:
    return LEFT_MM[0] - TOLERANCE_MM <= facts.margins_mm[0] <= LEFT_MM[1] + TOLERANCE_MM


def _others_are_wide_enough(facts: FormFacts) -> bool:
    """Text need not reach these edges, so only too narrow a margin can be seen."""
    _, right, top, bottom = facts.margins_mm
    return right >= RIGHT_MM - TOLERANCE_MM and min(top, bottom) >= TOP_AND_BOTTOM_MM - TOLERANCE_MM


def _is_times(facts: FormFacts) -> bool:
    return all(TIMES.search(font) for font in facts.fonts)


def _body_is_13_or_14(facts: FormFacts) -> bool:
    return BODY_PT[0] - 0.3 <= facts.body_size_pt <= BODY_PT[1] + 0.3


def _has_number(facts: FormFacts) -> bool:
    return facts.number_text.startswith("Số:")


def _number_is_padded(facts: FormFacts) -> bool:
    found = NUMBER.match(facts.number_text)
    return found is None or int(found[1]) >= 10 or len(found[1]) == 2


def _has_date(facts: FormFacts) -> bool:
    return facts.has_date_field or bool(facts.place_date_text)


def _date_is_padded(facts: FormFacts) -> bool:
    """Days under 10 and the months 1 and 2 get a leading zero, the other months do not."""
    found = DATE.match(facts.place_date_text)
    if found is None:
        return not facts.place_date_text
    day, month = found[1], found[2]
    wanted = month.zfill(2) if int(month) <= 2 else str(int(month))
    return len(day) == 2 and month == wanted


def _pages_are_numbered(facts: FormFacts) -> bool:
    wanted = frozenset(range(2, len(facts.page_sizes_mm) + 1))
    return facts.numbered_pages == wanted


RULES = (
    FormRule("PL1.khổ-giấy", "PL I, I.1", "Trang giấy không phải khổ A4 (210 × 297 mm).", _is_a4),
    FormRule("PL1.lề-trái", "PL I, I.3", "Lề trái không nằm trong khoảng 30–35 mm.", _left_is_right),
    FormRule(
        "PL1.lề",
        "PL I, I.3",
        "Lề phải hẹp hơn 15 mm, hoặc lề trên, lề dưới hẹp hơn 20 mm.",
        _others_are_wide_enough,
    ),
    FormRule("PL1.phông-chữ", "PL I, I.4", "Có phông chữ không phải Times New Roman.", _is_times),
    FormRule("PL1.cỡ-chữ", "PL I, II.6", "Cỡ chữ phần nội dung không phải 13–14.", _body_is_13_or_14),
    FormRule(
        "PL1.số-trang",
        "PL I, I.7",
        "Từ trang thứ hai phải có số trang ở giữa lề trên; trang thứ nhất không hiển thị số trang.",
        _pages_are_numbered,
    ),
    FormRule(
        "PL1.quốc-hiệu",
        "PL I, II.1",
        "Thiếu Quốc hiệu ở phía trên, bên phải trang đầu.",
        lambda f: f.has_national_name,
    ),
    FormRule("PL1.tiêu-ngữ", "PL I, II.1", "Thiếu Tiêu ngữ dưới Quốc hiệu.", lambda f: f.has_motto),
    FormRule("PL1.số-ký-hiệu", "PL I, II.3", "Thiếu dòng “Số: …/…” dưới tên cơ quan ban hành.", _has_number),
    FormRule(
        "PL1.số-nhỏ-hơn-10", "PL I, II.3", "Số nhỏ hơn 10 phải ghi thêm số 0 phía trước.", _number_is_padded
    ),
    FormRule("PL1.địa-danh", "PL I, II.4", "Thiếu địa danh và thời gian ban hành văn bản.", _has_date),
    FormRule(
        "PL1.ngày-tháng",
        "PL I, II.4",
        "Ngày nhỏ hơn 10 và tháng 1, tháng 2 phải ghi thêm số 0; ghi đủ “ngày … tháng … năm …”.",
        _date_is_padded,
    ),
    FormRule("PL1.trích-yếu", "PL I, II.5", "Thiếu trích yếu nội dung văn bản.", lambda f: bool(f.subject)),
    FormRule(
        "PL1.người-ký",
        "PL I, II.7",
        "Thiếu quyền hạn, chức vụ và họ tên người ký ở bên phải, cuối văn bản.",
        lambda f: f.has_signature_block,
    ),
    FormRule(
        "PL1.học-hàm",
        "PL I, II.7",
        "Không ghi học hàm, học vị, danh hiệu trước họ tên người ký.",
        lambda f: not TITLE.match(f.signer),
    ),
    FormRule("PL1.nơi-nhận", "PL I, II.9", "Thiếu “Nơi nhận” ở cuối văn bản.", lambda f: f.has_recipients),
)
