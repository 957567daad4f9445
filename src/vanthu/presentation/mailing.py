"""Print job of the way on paper: a label for each envelope, then the Phiếu gửi (law.md §1.9, §2.11)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vanthu.renditions.typesetting import typeset

TEMPLATE = Path(__file__).parent / "templates" / "gui_giay.typ"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Nơi nhận trên bì: code and name as the directory has them."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Mailing:
    """One issued document on its way on paper; `urgency` 0–3 is stamped on label and slip."""

    sender: str
    full_number: str
    issued_on: date | None
    subject: str
    urgency: int
    page_count: int
    addressees: tuple[Addressee, ...]
    printed_on: date


def render_mailing(mailing: Mailing) -> bytes:
    """Labels of eight to an A4 sheet, then the slip; the same content gives the same bytes.

    Refuses: renditions.template.unprintable.
    """
    data = {
        "sender": mailing.sender,
        "full_number": mailing.full_number,
        "issued_on": f"{mailing.issued_on:%d/%m/%Y}" if mailing.issued_on else "",
        "subject": mailing.subject,
        "urgency": mailing.urgency,
        "page_count": mailing.page_count,
        "addressees": [{"code": each.code, "name": each.name} for each in mailing.addressees],
        "printed_on": f"{mailing.printed_on:%d/%m/%Y}",
    }
    return typeset(TEMPLATE, {"data": json.dumps(data, ensure_ascii=False)})
