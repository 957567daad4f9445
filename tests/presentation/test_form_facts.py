"""The check of form reads real pages."""

from __future__ import annotations

import pytest

from tests.renditions import hostile
from tests.renditions.samples import DECISION, LETTER
from vanthu.kernel.errors import DomainError
from vanthu.presentation.form_facts import form_facts_of
from vanthu.presentation.letters import render_letter
from vanthu.presentation.rules.form_check import findings


def test_a_letter_is_measured() -> None:
    facts = form_facts_of(render_letter(LETTER).pdf)
    assert facts.page_sizes_mm == ((210.0, 297.0),)
    assert facts.margins_mm[0] == pytest.approx(30, abs=0.5)
    assert facts.body_size_pt == 14
    assert facts.fonts <= {f"LiberationSerif{style}" for style in ("", "-Bold", "-Italic", "-BoldItalic")}
    assert facts.signer == "Nguyễn Văn Mẫu"
    assert facts.subject.startswith("tăng cường")
    assert facts.has_number_field
    assert facts.has_date_field


def test_the_subject_of_a_named_type_is_found() -> None:
    assert form_facts_of(render_letter(DECISION).pdf).subject == DECISION.subject


def test_an_empty_page_has_every_fault_that_a_page_can_have() -> None:
    found = {finding.rule for finding in findings(form_facts_of(hostile.saved(hostile.simple())))}
    assert {"PL1.quốc-hiệu", "PL1.tiêu-ngữ", "PL1.số-ký-hiệu", "PL1.người-ký", "PL1.nơi-nhận"} <= found
    assert "PL1.khổ-giấy" not in found


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 rubbish", hostile.encrypted(user="secret")])
def test_what_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        form_facts_of(data)
    assert refusal.value.code == "presentation.form.cannot-be-read"
