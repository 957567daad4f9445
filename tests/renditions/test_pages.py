"""Pages are drawn and read in child processes; a page that cannot be drawn says so."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from tests.renditions import hostile
from tests.renditions.samples import LETTER
from vanthu.kernel.errors import DomainError
from vanthu.presentation.letters import render_letter
from vanthu.renditions import pages
from vanthu.renditions.pages import TextRun, page_count, page_image, page_text


@pytest.fixture(scope="module")
def letter() -> bytes:
    return render_letter(LETTER).pdf


def find(runs: tuple[TextRun, ...], text: str) -> TextRun:
    return next(run for run in runs if text in run.text)


def test_pages_are_counted() -> None:
    assert page_count(hostile.saved(hostile.simple(pages=3))) == 3


def test_a_page_becomes_a_webp_of_the_asked_width(letter: bytes) -> None:
    with Image.open(BytesIO(page_image(letter, 0, 620))) as image:
        assert image.format == "WEBP"
        assert image.size == (620, 877)


def test_the_width_stays_within_reason(letter: bytes) -> None:
    with Image.open(BytesIO(page_image(letter, 0, 1_000_000))) as image:
        assert image.width == pages.MAX_WIDTH_PX


def test_text_lies_where_it_is_printed(letter: bytes) -> None:
    runs = page_text(letter, 0)
    motto, recipients = find(runs, "Độc lập - Tự do - Hạnh phúc"), find(runs, "Nơi nhận")
    assert 0.5 < motto.x0 < motto.x1 < 0.93
    assert motto.y0 < motto.y1 < 0.12
    assert recipients.x0 == pytest.approx(30 / 210, abs=0.005)
    assert recipients.y0 > motto.y1


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_text_of_a_turned_page_follows_the_picture(letter: bytes, turn: int) -> None:
    with pikepdf.open(BytesIO(letter)) as document:
        document.pages[0].rotate(turn, relative=False)
        out = BytesIO()
        document.save(out)
    motto = find(page_text(out.getvalue(), 0), "Độc lập")
    with Image.open(BytesIO(page_image(out.getvalue(), 0, 800))) as image:
        inside = image.convert("L").crop(
            (
                int(motto.x0 * image.width),
                int(motto.y0 * image.height),
                int(motto.x1 * image.width) + 1,
                int(motto.y1 * image.height) + 1,
            )
        )
    assert inside.getextrema()[0] < 100  # there is ink where the text is said to be


def test_a_page_that_is_not_there_is_refused(letter: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        page_image(letter, 5, 600)
    assert refusal.value.code == "renditions.page.not-there"
    assert refusal.value.details == {"page": "6", "pages": "1"}


@pytest.mark.parametrize("data", [b"", b"not a pdf", b"%PDF-1.7 nothing follows"])
def test_rubbish_cannot_be_drawn_and_says_so(data: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        page_image(data, 0, 600)
    assert refusal.value.code == "renditions.page.cannot-be-drawn"
    assert refusal.value.details["page"] == "1"


def test_a_page_bomb_costs_its_time_limit_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, letter: bytes
) -> None:
    monkeypatch.setattr(pages, "SECONDS", 1.0)
    with pytest.raises(DomainError) as refusal:
        page_image(hostile.page_bomb(), 0, 600)
    assert refusal.value.code == "renditions.page.cannot-be-drawn"
    assert page_count(letter) == 1


def test_an_image_bomb_does_no_harm(letter: bytes) -> None:
    try:
        drawn = page_image(hostile.image_bomb(), 0, 200)
    except DomainError as refusal:
        assert refusal.code == "renditions.page.cannot-be-drawn"  # noqa: PT017 – either end is fine
    else:
        assert drawn
    assert page_count(letter) == 1
