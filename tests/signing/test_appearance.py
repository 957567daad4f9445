"""What the signatures look like on the drawn page, measured in millimetres. Norm: NĐ30 Phụ lục I (law.md §2.10)."""

from __future__ import annotations

import pypdfium2
import pytest
from PIL import Image, ImageChops

from tests.signing.conftest import Pki
from tests.signing.pdfa_stages import stages

SCALE = 4
MM_PER_DOT = 25.4 / 72 / SCALE

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres from the upper left corner of the page."""


@pytest.fixture(scope="module")
def life(pki: Pki) -> dict[str, bytes]:
    return stages(pki)


def drawn(pdf: bytes) -> Image.Image:
    """The first page dot for dot: the pages for screens are compressed with a loss of colour."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        return document[0].render(scale=SCALE).to_pil().convert("RGB")


def ink(image: Image.Image, strong: str, weak: str) -> Edges:
    """Where one colour prevails by far over another."""
    channels = dict(zip("RGB", image.split(), strict=True))
    mask = ImageChops.subtract(channels[strong], channels[weak]).point(lambda v: 255 if v > 90 else 0)
    box = mask.getbbox()
    assert box is not None
    return tuple(edge * MM_PER_DOT for edge in box)  # type: ignore[return-value]


@pytest.fixture(scope="module")
def seal(life: dict[str, bytes]) -> Edges:
    return ink(drawn(life["sealed"]), "R", "B")


@pytest.fixture(scope="module")
def hand(life: dict[str, bytes]) -> Edges:
    """From the page before the seal, which hides nothing of it."""
    return ink(drawn(life["filled"]), "B", "R")


def test_the_seal_has_its_true_size_on_the_page(seal: Edges) -> None:
    left, top, right, bottom = seal
    assert right - left == pytest.approx(36.0, abs=0.3)
    assert bottom - top == pytest.approx(36.0, abs=0.3)


def test_the_seal_covers_about_a_third_of_the_hand_signature_on_its_left(seal: Edges, hand: Edges) -> None:
    assert seal[0] < hand[0]
    assert 0.25 < (seal[2] - hand[0]) / (hand[2] - hand[0]) < 0.4


def test_seal_and_hand_signature_stand_on_one_height(seal: Edges, hand: Edges) -> None:
    assert (seal[1] + seal[3]) / 2 == pytest.approx((hand[1] + hand[3]) / 2, abs=3.0)


def test_the_hand_signature_stands_in_the_middle_over_the_name(hand: Edges) -> None:
    """NĐ30 Phụ lục I: between capacity and name; the right column of the page is 82 mm wide and ends at 195 mm."""
    assert (hand[0] + hand[2]) / 2 == pytest.approx(195 - 41, abs=2.0)


def test_the_signature_shines_through_the_seal(life: dict[str, bytes], hand: Edges) -> None:
    """Transparent images: the blue under the red is still to be seen."""
    seen = ink(drawn(life["sealed"]), "B", "R")
    assert seen[0] == pytest.approx(hand[0], abs=0.5)


@pytest.mark.parametrize("stage", ["annex", "copy"])
def test_annex_and_copy_show_words_in_black_and_no_picture(life: dict[str, bytes], stage: str) -> None:
    image = drawn(life[stage])
    # Smoothed letters have coloured edges a third of a dot wide; a picture would stay when dots are put together.
    red, green, blue = image.resize((image.width // 8, image.height // 8), Image.Resampling.BOX).split()
    for one, other in ((red, green), (green, blue), (red, blue)):
        assert ImageChops.difference(one, other).getextrema()[1] < 32
    corner = image.crop((image.width // 2, 0, image.width, int(20 / MM_PER_DOT))).convert("L")
    dark = corner.point(lambda v: 255 if v < 128 else 0).getbbox()
    assert dark is not None
    assert (dark[2] + image.width // 2) * MM_PER_DOT == pytest.approx(195, abs=0.5)
    assert 6 < dark[1] * MM_PER_DOT < 8.5
