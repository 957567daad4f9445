"""Số, ký hiệu as the law writes them."""

import pytest

from vanthu.documents.rules.notation import format_number, full, full_normative, notation


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("QĐ", "UBND", None), "QĐ-UBND"),
        (("QĐ", "UBND", "VP"), "QĐ-UBND"),
        ((None, "SNV", "VTLT"), "SNV-VTLT"),
        ((None, "UBND", "VP"), "UBND-VP"),
        (("TTr", " SNV ", None), "TTr-SNV"),
    ],
)
def test_a_named_type_gives_type_and_agency_a_letter_gives_agency_and_unit(
    parts: tuple[str | None, str, str | None], expected: str
) -> None:
    assert notation(*parts) == expected


@pytest.mark.parametrize(
    "parts", [(None, "SNV", None), ("QĐ", "", None), ("QĐ", "U/B", None), (None, "SNV", "V P")]
)
def test_a_notation_that_would_be_incomplete_or_misread_is_refused(
    parts: tuple[str | None, str, str | None],
) -> None:
    with pytest.raises(ValueError, match="notation"):
        notation(*parts)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "01"), (5, "05"), (9, "09"), (10, "10"), (123, "123"), (2025, "2025")]
)
def test_numbers_below_ten_get_a_leading_zero(number: int, text: str) -> None:
    assert format_number(number) == text


@pytest.mark.parametrize("number", [0, -1])
def test_there_is_no_number_before_one(number: int) -> None:
    with pytest.raises(ValueError, match="starts from 1"):
        format_number(number)


def test_the_whole_reads_number_slash_notation() -> None:
    assert full(5, "SNV-VP") == "05/SNV-VP"
    assert full(126, notation("QĐ", "UBND", None)) == "126/QĐ-UBND"


def test_a_legal_normative_document_carries_the_year() -> None:
    assert full_normative(25, 2025, "QĐ-UBND") == "25/2025/QĐ-UBND"
    assert full_normative(5, 2026, "NQ-HĐND") == "05/2026/NQ-HĐND"
