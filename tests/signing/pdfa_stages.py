"""One letter with its real appearances through every stage, an annex and a copy: what is checked for PDF/A."""

from __future__ import annotations

from datetime import UTC, datetime

import typst

from tests.renditions.samples import LETTER
from tests.signing.conftest import SIGNED_AT, Pki
from vanthu.presentation.letters import render_letter
from vanthu.renditions.rules.stamp_lines import CopyForm, annex_lines, copy_lines
from vanthu.renditions.stamps import seal_appearance, signature_appearance, words_in_corner
from vanthu.renditions.typesetting import FONTS
from vanthu.signing.backends import SignatureRequest
from vanthu.signing.backends.increment import fill_text_fields

AGENCY = "UBND phường Trình Diễn"
NUMBER = "125/SNV-VP"
AT = datetime(2026, 3, 2, 1, 0, 5, tzinfo=UTC)
ANNEX = """#set page(paper: "a4", margin: (x: 20mm, y: 22mm))
#set text(font: "Liberation Serif", size: 13pt, lang: "vi")
#align(center)[*PHỤ LỤC*\\ (Kèm theo Công văn số 125/SNV-VP)]
#for n in range(30) [Nội dung thứ #n của phụ lục. ]
"""


def an_annex(**page: str) -> bytes:
    """A one-page PDF/A as somebody else makes it; `page` says of which size (`width="420mm"`)."""
    size = ", ".join(f"{name}: {value}" for name, value in page.items()) or 'paper: "a4"'
    source = ANNEX.replace('paper: "a4"', size)
    pdf = typst.compile(
        source.encode(), font_paths=[str(FONTS)], ignore_system_fonts=True, pdf_standards="a-2b"
    )
    assert isinstance(pdf, bytes)
    return pdf


def words_request(pdf: bytes, lines: tuple[str, ...]) -> SignatureRequest:
    stamp = words_in_corner(pdf, lines)
    return SignatureRequest(
        field_name="CoQuan_1",
        signed_at=SIGNED_AT,
        signer_name=AGENCY,
        page=0,
        box=stamp.box,
        appearance=stamp.pdf,
        lock_fields=True,
    )


def stages(pki: Pki) -> dict[str, bytes]:
    """The bytes after each step, by its name."""
    letter = render_letter(LETTER)
    boxes = letter.boxes
    person, agency = pki.backend(pki.person), pki.backend(pki.agency)
    signed = person.sign(
        letter.pdf,
        SignatureRequest(
            "NguoiKy_1",
            SIGNED_AT,
            LETTER.signer_name,
            "Ký ban hành",
            page=boxes["signature"][0],
            box=boxes["signature"][1:],
            appearance=signature_appearance(LETTER.signer_name),
        ),
    )
    filled = fill_text_fields(
        signed, {"so_ky_hieu": NUMBER, "ngay_ban_hanh": "Hà Nội, ngày 02 tháng 3 năm 2026"}
    )
    sealed = agency.sign(
        filled,
        SignatureRequest(
            "CoQuan_1",
            SIGNED_AT,
            AGENCY,
            "Phát hành văn bản",
            page=boxes["seal"][0],
            box=boxes["seal"][1:],
            appearance=seal_appearance(AGENCY),
            lock_fields=True,
        ),
    )
    annex = an_annex()
    in_words = annex_lines(full_number=NUMBER, signed_at=AT)
    as_copy = copy_lines(form=CopyForm.SAO_Y, agency_name=AGENCY, signed_at=AT)
    return {
        "typeset": letter.pdf,
        "personal": signed,
        "filled": filled,
        "sealed": sealed,
        "annex": agency.sign(annex, words_request(annex, in_words)),
        "copy": agency.sign(annex, words_request(annex, as_copy)),
    }
