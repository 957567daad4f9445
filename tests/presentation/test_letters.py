"""A letter is printed in the form of Annex I, the same bytes for the same words."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from tests.renditions.samples import DECISION, LETTER
from vanthu.presentation.form_facts import form_facts_of
from vanthu.presentation.letters import LetterContent, render_letter
from vanthu.presentation.rules.form_check import findings
from vanthu.renditions.inspection import inspect_pdf
from vanthu.renditions.pages import TextRun, page_count, page_text

LONG = replace(LETTER, paragraphs=LETTER.paragraphs[:1] * 40)
MM = 72 / 25.4


def words(pdf: bytes, page: int = 0) -> str:
    return "\n".join(run.text for run in page_text(pdf, page))


def run_of(pdf: bytes, text: str, page: int = 0) -> TextRun:
    return next(run for run in page_text(pdf, page) if text in run.text)


@pytest.mark.parametrize("content", [LETTER, DECISION, LONG], ids=["letter", "decision", "long"])
def test_what_we_print_keeps_the_form(content: LetterContent) -> None:
    assert findings(form_facts_of(render_letter(content).pdf)) == ()


@pytest.mark.parametrize("content", [LETTER, DECISION, LONG], ids=["letter", "decision", "long"])
def test_the_file_is_sound_and_claims_pdf_a(content: LetterContent, tmp_path: Path) -> None:
    pdf = render_letter(content).pdf
    (tmp_path / "letter.pdf").write_bytes(pdf)
    checked = subprocess.run(
        ["qpdf", "--check", str(tmp_path / "letter.pdf")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert metadata.pdfa_status == "2B"
        assert not document.is_encrypted


def test_the_same_words_give_the_same_bytes_in_every_thread() -> None:
    with ThreadPoolExecutor(4) as threads:
        printed = set(threads.map(lambda _: render_letter(LETTER).pdf, range(12)))
    assert len(printed) == 1


def test_all_parts_are_on_the_page() -> None:
    text = words(render_letter(replace(LETTER, address="Số 1 phố Ví Dụ")).pdf)
    for part in (
        "UBND THÀNH PHỐ HÀ NỘI",
        "SỞ NỘI VỤ",
        "Số:",
        "V/v tăng cường",
        "Kính gửi:",
        "- Ủy ban nhân dân các phường, xã.",
        "năm 2026./.",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT, VP.",
        "KT. GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
        "Nguyễn Văn Mẫu",
        "Số 1 phố Ví Dụ",
    ):
        assert part in text


def test_a_decision_names_its_type_and_its_authority() -> None:
    text = words(render_letter(DECISION).pdf)
    assert "QUYẾT ĐỊNH\nVề việc ban hành Quy chế công tác văn thư\nGIÁM ĐỐC SỞ NỘI VỤ" in text
    assert "QUYẾT ĐỊNH:" in text
    assert "Theo đề nghị của Chánh Văn phòng Sở." in text
    assert "V/v" not in text


def test_number_and_date_are_not_printed_yet() -> None:
    text = words(render_letter(LETTER).pdf)
    assert "SNV-VP" not in text
    assert "ngày" not in text.split("Kính gửi")[0]


def test_words_are_never_markup() -> None:
    hostile = '#panic("x") $x$ *đậm* \\ <nhãn> @ref `#eval` //'
    pdf = render_letter(replace(LETTER, paragraphs=(hostile,), subject=hostile, issuer="#lorem(9)")).pdf
    text = " ".join(words(pdf).split())
    assert '#panic("x") $x$ *đậm* \\ <nhãn> @ref `#eval` //./.' in text
    assert "#LOREM(9)" in text


def test_only_later_pages_are_numbered() -> None:
    pdf = render_letter(LONG).pdf
    assert page_count(pdf) > 2
    assert form_facts_of(pdf).numbered_pages == frozenset(range(2, page_count(pdf) + 1))


@pytest.mark.parametrize(
    ("urgency", "label", "width"), [(3, "HỎA TỐC", 30), (2, "THƯỢNG KHẨN", 40), (1, "KHẨN", 20)]
)
def test_the_stamp_of_urgency_is_printed_and_fits_its_box(urgency: int, label: str, width: int) -> None:
    pdf = render_letter(replace(LETTER, urgency=urgency)).pdf
    stamp = run_of(pdf, label)
    assert (stamp.x1 - stamp.x0) * 210 < width
    assert stamp.x1 < 0.5


def test_an_ordinary_letter_has_no_stamp() -> None:
    assert "KHẨN" not in words(render_letter(LETTER).pdf)


def test_the_mark_of_circulation_is_printed() -> None:
    assert "LƯU HÀNH NỘI BỘ" in words(render_letter(replace(LETTER, circulation="Lưu hành nội bộ")).pdf)


@pytest.mark.parametrize(
    "content",
    [
        LETTER,
        DECISION,
        LONG,
        replace(
            LETTER,
            seal_diameter_mm=42.0,
            signer_capacity=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ),
        replace(
            LETTER, recipients=tuple(f"Nơi nhận thứ {n} có tên rất dài để lấn sang bên" for n in range(12))
        ),
    ],
)
def test_signature_and_seal_cover_no_words(content: LetterContent) -> None:
    letter = render_letter(content)
    for name in ("signature", "seal", "date", "number"):
        page, x0, y0, x1, y1 = letter.boxes[name]
        for run in page_text(letter.pdf, page):
            inside = (
                run.x0 * 210 * MM < x1 - 1
                and run.x1 * 210 * MM > x0 + 1
                and (1 - run.y1) * 297 * MM < y1 - 1
                and (1 - run.y0) * 297 * MM > y0 + 1
            )
            assert not inside, (name, run)


def test_the_seal_covers_a_third_of_the_signature_on_its_left() -> None:
    boxes = render_letter(LETTER).boxes
    _, sign_x0, sign_y0, sign_x1, sign_y1 = boxes["signature"]
    _, seal_x0, seal_y0, seal_x1, seal_y1 = boxes["seal"]
    assert seal_x1 - seal_x0 == pytest.approx(36 * MM, abs=0.05)
    assert (seal_x1 - sign_x0) / (sign_x1 - sign_x0) == pytest.approx(1 / 3, abs=0.01)
    assert seal_x0 < sign_x0
    assert (seal_y0 + seal_y1) / 2 == pytest.approx((sign_y0 + sign_y1) / 2, abs=0.5)


def test_the_signature_stands_between_capacity_and_name_on_the_same_page() -> None:
    letter = render_letter(LONG)
    page, _, y0, _, y1 = letter.boxes["signature"]
    capacity, name = run_of(letter.pdf, "PHÓ GIÁM ĐỐC", page), run_of(letter.pdf, "Nguyễn Văn Mẫu", page)
    assert (1 - capacity.y1) * 297 * MM > y1
    assert (1 - name.y0) * 297 * MM < y0


@pytest.mark.parametrize("paragraphs", range(18, 34))
def test_a_signature_never_stands_alone_on_its_page(paragraphs: int) -> None:
    letter = render_letter(replace(LETTER, paragraphs=("Một đoạn ngắn.",) * paragraphs))
    page = letter.boxes["signature"][0]
    assert any("Một đoạn ngắn." in run.text for run in page_text(letter.pdf, page))


def test_a_letter_without_words_can_be_previewed() -> None:
    assert page_count(render_letter(replace(LETTER, paragraphs=())).pdf) == 1


def test_a_long_issuer_and_subject_stay_in_their_column() -> None:
    long = replace(
        LETTER,
        issuer="Trung tâm Phục vụ hành chính công và Chuyển đổi số cấp vùng thành phố Hà Nội",
        subject="tăng cường " * 30,
    )
    pdf = render_letter(long).pdf
    assert inspect_pdf(pdf).pages >= 1
    right = run_of(pdf, "CỘNG HÒA").x0
    for run in page_text(pdf, 0):
        if run.y1 < run_of(pdf, "Kính gửi").y0 and run.x0 < 0.4:
            assert run.x1 < right
