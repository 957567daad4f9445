"""What the agency's signature says in words, and where. Norm: NĐ30 Phụ lục I."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vanthu.renditions.rules.stamp_lines import (
    NARROWEST_MM,
    POINTS_PER_MM,
    WIDEST_MM,
    CopyForm,
    PageFrame,
    annex_lines,
    copy_lines,
    room_for_words_mm,
    upper_right,
)

A4 = PageFrame((0.0, 0.0, 595.28, 841.89))


def test_an_annex_says_number_and_time_in_vietnamese_time() -> None:
    lines = annex_lines(full_number="125/SNV-VP", signed_at=datetime(2026, 3, 2, 1, 4, 5, tzinfo=UTC))
    assert lines == ("125/SNV-VP", "02/03/2026 08:04:05 +07:00")


def test_the_time_near_midnight_is_of_the_vietnamese_day() -> None:
    lines = annex_lines(full_number="1/X", signed_at=datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC))
    assert lines[1] == "01/01/2027 00:00:00 +07:00"


@pytest.mark.parametrize(
    ("form", "words"),
    [(CopyForm.SAO_Y, "Sao y"), (CopyForm.SAO_LUC, "Sao lục"), (CopyForm.TRICH_SAO, "Trích sao")],
)
def test_a_copy_says_its_form_the_agency_and_the_time(form: CopyForm, words: str) -> None:
    """NĐ30 Đ.25."""
    lines = copy_lines(form=form, agency_name="Sở Nội vụ", signed_at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC))
    assert lines == (words, "Sở Nội vụ", "20/11/2026 09:00:00 +07:00")


@pytest.mark.parametrize(
    ("frame", "room"),
    [
        (A4, WIDEST_MM),
        (PageFrame((0, 0, 100 * POINTS_PER_MM, 500)), 70.0),
        (PageFrame((0, 0, 500, 100 * POINTS_PER_MM), quarter_turns=1), 70.0),
        (PageFrame((0, 0, 50, 50)), NARROWEST_MM),
        (PageFrame((0, 0, 50 * POINTS_PER_MM, 500), unit_pt=2.0), 70.0),
    ],
    ids=["a4", "narrow", "narrow-turned", "tiny", "large-units"],
)
def test_the_words_keep_to_the_page(frame: PageFrame, room: float) -> None:
    assert room_for_words_mm(frame) == pytest.approx(room)


def test_the_corner_follows_the_turned_page() -> None:
    """Width and height of the words are given as displayed; the box is in the page's own, unturned units."""
    boxes = [upper_right(PageFrame((0, 0, 600, 800), turns), 100, 20) for turns in range(4)]
    sizes = [(round(x1 - x0), round(y1 - y0)) for x0, y0, x1, y1 in boxes]
    assert sizes == [(100, 20), (20, 100), (100, 20), (20, 100)]
    centres = [((x0 + x1) / 2 > 300, (y0 + y1) / 2 > 400) for x0, y0, x1, y1 in boxes]
    assert centres == [(True, True), (False, True), (False, False), (True, False)]
