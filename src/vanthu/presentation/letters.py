"""Print an official document: content in, a PDF/A page in the form of Annex I out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vanthu.renditions.form_fields import Box, add_number_and_date_fields
from vanthu.renditions.typesetting import placed_marks, typeset

TEMPLATES = Path(__file__).parent / "templates"
LETTER = TEMPLATES / "cong_van.typ"
NAMED_DOCUMENT = TEMPLATES / "van_ban_co_ten.typ"
A4_HEIGHT_PT = 297 / 25.4 * 72
ARTICLE = re.compile(r"^(Điều \d+[a-zđ]?\.)\s*(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class LetterContent:
    """Nội dung của một văn bản hành chính, as it will be printed.

    Norm: NĐ30 Phụ lục I; the numbers (ô) below are those of its diagram.
    """

    issuer: str
    """Ô 2: tên cơ quan, hoặc chức danh nhà nước, ban hành."""
    notation: str
    """Ký hiệu after the slash, e.g. "SNV-VP"; only reserves the room, the number is filled in later."""
    subject: str
    """Ô 5: trích yếu, without "V/v"."""
    paragraphs: tuple[str, ...]
    signer_capacity: tuple[str, ...]
    """Ô 7a, line by line: ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")."""
    signer_name: str
    """Ô 7b, without academic or honorary titles."""
    place_name: str
    """Ô 4: địa danh; printed with the date when the number is given."""
    governing_body: str | None = None
    type_name: str | None = None
    """Ô 5a: tên loại; None for a công văn."""
    salutation: tuple[str, ...] = ()
    """Ô 9a: kính gửi."""
    recipients: tuple[str, ...] = ()
    """Ô 9b: nơi nhận; the last is "Lưu: VT, …"."""
    urgency: int = 0
    circulation: str | None = None
    """Ô 11: "LƯU HÀNH NỘI BỘ", "XEM XONG TRẢ LẠI"."""
    address: str | None = None
    """Ô 13."""
    bases: tuple[str, ...] = ()
    """Căn cứ ban hành."""
    authority: str | None = None
    """The authority that decides ("GIÁM ĐỐC SỞ NỘI VỤ"); None when the type does not name one."""
    seal_diameter_mm: float = 36.0


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A PDF/A-2b file with empty number and date fields, and where things are on it."""

    pdf: bytes
    boxes: dict[str, Box]
    """"number", "date", "signature", "seal" → (page from 0, x0, y0, x1, y1) in PDF points."""


def render_letter(content: LetterContent) -> RenderedLetter:
    """Print `content`; the same content always gives the same bytes.

    Refuses: renditions.template.unprintable.
    Norm: NĐ30 Phụ lục I, Phụ lục III.
    """
    template = LETTER if content.type_name is None else NAMED_DOCUMENT
    printed = typeset(template, {"data": json.dumps(_data_of(content), ensure_ascii=False)})
    boxes = {mark["name"]: _box(mark) for mark in placed_marks(template, "o-trong")}
    return RenderedLetter(add_number_and_date_fields(printed, boxes), boxes)


def _box(mark: dict[str, Any]) -> Box:
    """Typst measures from the top of the page, PDF from its foot."""
    top = A4_HEIGHT_PT - mark["y"]
    corners = (mark["x"], top - mark["h"], mark["x"] + mark["w"], top)
    x0, y0, x1, y1 = (round(value, 2) for value in corners)
    return (mark["page"] - 1, x0, y0, x1, y1)


def _data_of(content: LetterContent) -> dict[str, Any]:
    return {
        "governing_body": content.governing_body,
        "issuer": content.issuer,
        "type_name": content.type_name,
        "notation": content.notation,
        "subject": content.subject,
        "salutation": _listed(content.salutation),
        "paragraphs": [_split_article(text) for text in _closed(content.paragraphs)],
        "bases": _listed(content.bases),
        "authority": content.authority,
        "capacity": list(content.signer_capacity),
        "signer": content.signer_name,
        "recipients": _listed(content.recipients),
        "urgency": int(content.urgency),
        "circulation": content.circulation,
        "address": content.address,
        "seal_mm": content.seal_diameter_mm,
    }


def _listed(items: tuple[str, ...]) -> list[str]:
    """Each item ends with a semicolon, the last with a full stop; a single one stands bare."""
    bare = [item.strip().rstrip(";.,") for item in items]
    if len(bare) < 2:
        return bare
    return [f"{item};" for item in bare[:-1]] + [f"{bare[-1]}."]


def _closed(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """The text ends with "./." as the forms of Annex III print it."""
    if not paragraphs:
        return ("",)
    last = paragraphs[-1].rstrip()
    return (*paragraphs[:-1], last if last.endswith("./.") else last.rstrip(".") + "./.")


def _split_article(text: str) -> dict[str, str]:
    found = ARTICLE.match(text)
    return {"lead": found[1], "text": found[2]} if found else {"lead": "", "text": text}
