"""Pictures of signature and seal are transparent vectors of true size."""

from __future__ import annotations

import pypdfium2
import pytest

from vanthu.renditions.inspection import inspect_pdf
from vanthu.renditions.stamps import seal_appearance, signature_appearance


def test_a_signature_is_one_small_page() -> None:
    facts = inspect_pdf(signature_appearance("Nguyễn Văn Mẫu"))
    assert facts.page_sizes == ((48.0, 24.0),)
    assert "Nguyễn Văn Mẫu" in facts.text_first_page


@pytest.mark.parametrize("diameter", [30.0, 36.0, 42.0])
def test_a_seal_has_its_true_size_and_says_that_it_is_a_demonstration(diameter: float) -> None:
    facts = inspect_pdf(seal_appearance("Sở Nội vụ", diameter))
    assert facts.page_sizes == ((diameter, diameter),)
    assert "TRÌNH DIỄN" in facts.text_first_page


@pytest.mark.parametrize(
    "pdf", [signature_appearance("Mẫu"), seal_appearance("UBND")], ids=["signature", "seal"]
)
def test_nothing_opaque_lies_under_the_ink(pdf: bytes) -> None:
    with pypdfium2.PdfDocument(pdf) as document:
        image = (
            document[0].render(scale=3, fill_color=(0, 0, 0, 0), maybe_alpha=True).to_pil().convert("RGBA")
        )
    opacity = image.getchannel("A")
    assert opacity.getpixel((1, 1)) == 0
    assert opacity.getextrema() == (0, 255)
    assert sum(opacity.histogram()[1:]) < 0.4 * image.width * image.height


def test_the_same_name_gives_the_same_bytes() -> None:
    first = seal_appearance("Sở Nội vụ")
    seal_appearance.cache_clear()
    assert seal_appearance("Sở Nội vụ") == first
