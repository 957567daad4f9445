"""Each rule of Annex I finds its own fault and no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from vanthu.presentation.rules.form_check import RULES, FormFacts, findings

GOOD = FormFacts(
    page_sizes_mm=((210.0, 297.0), (210.0, 297.0)),
    margins_mm=(30.0, 15.0, 20.0, 20.0),
    fonts=frozenset({"TimesNewRomanPSMT", "TimesNewRomanPS-BoldMT"}),
    body_size_pt=14.0,
    has_national_name=True,
    has_motto=True,
    number_text="Số: 05/SNV-VP",
    has_number_field=False,
    place_date_text="Hà Nội, ngày 05 tháng 3 năm 2026",
    has_date_field=False,
    subject="về công tác văn thư",
    has_recipients=True,
    has_signature_block=True,
    signer="Nguyễn Văn Mẫu",
    numbered_pages=frozenset({2}),
)

FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("PL1.khổ-giấy", {"page_sizes_mm": ((216.0, 279.0), (210.0, 297.0))}),
    ("PL1.lề-trái", {"margins_mm": (25.0, 15.0, 20.0, 20.0)}),
    ("PL1.lề-trái", {"margins_mm": (40.0, 15.0, 20.0, 20.0)}),
    ("PL1.lề", {"margins_mm": (30.0, 12.0, 20.0, 20.0)}),
    ("PL1.lề", {"margins_mm": (30.0, 15.0, 15.0, 20.0)}),
    ("PL1.phông-chữ", {"fonts": frozenset({"TimesNewRomanPSMT", "Arial"})}),
    ("PL1.cỡ-chữ", {"body_size_pt": 12.0}),
    ("PL1.cỡ-chữ", {"body_size_pt": 15.0}),
    ("PL1.số-trang", {"numbered_pages": frozenset()}),
    ("PL1.số-trang", {"numbered_pages": frozenset({1, 2})}),
    ("PL1.quốc-hiệu", {"has_national_name": False}),
    ("PL1.tiêu-ngữ", {"has_motto": False}),
    ("PL1.số-ký-hiệu", {"number_text": ""}),
    ("PL1.số-nhỏ-hơn-10", {"number_text": "Số: 5/SNV-VP"}),
    ("PL1.số-nhỏ-hơn-10", {"number_text": "Số: 005/SNV-VP"}),
    ("PL1.địa-danh", {"place_date_text": ""}),
    ("PL1.ngày-tháng", {"place_date_text": "Hà Nội, ngày 5 tháng 3 năm 2026"}),
    ("PL1.ngày-tháng", {"place_date_text": "Hà Nội, ngày 15 tháng 2 năm 2026"}),
    ("PL1.ngày-tháng", {"place_date_text": "Hà Nội, ngày 15 tháng 03 năm 2026"}),
    ("PL1.trích-yếu", {"subject": ""}),
    ("PL1.người-ký", {"has_signature_block": False}),
    ("PL1.học-hàm", {"signer": "TS. Nguyễn Văn Mẫu"}),
    ("PL1.học-hàm", {"signer": "PGS.TS Nguyễn Văn Mẫu"}),
    ("PL1.nơi-nhận", {"has_recipients": False}),
]


def test_a_document_in_good_form_has_no_findings() -> None:
    assert findings(GOOD) == ()


@pytest.mark.parametrize(("rule", "fault"), FAULTS)
def test_a_fault_is_found_by_its_own_rule_alone(rule: str, fault: dict[str, Any]) -> None:
    assert [finding.rule for finding in findings(replace(GOOD, **fault))] == [rule]


def test_every_rule_is_tried() -> None:
    assert {rule.code for rule in RULES} == {rule for rule, _ in FAULTS}


@pytest.mark.parametrize("number", ["Số: 125/SNV-VP", "Số: 10/QĐ-UBND", "Số:"])
def test_good_numbers_pass(number: str) -> None:
    assert findings(replace(GOOD, number_text=number)) == ()


@pytest.mark.parametrize("name", ["Tsai Văn Mẫu", "Giáp Thị Mẫu", "Lsơn Mẫu"])
def test_a_name_that_begins_like_a_title_is_no_title(name: str) -> None:
    assert findings(replace(GOOD, signer=name)) == ()


def test_an_empty_date_field_stands_for_the_date() -> None:
    assert findings(replace(GOOD, place_date_text="", has_date_field=True)) == ()
