"""PDF/A stays claimed and structurally sound after every step of signing (own checks; `qpdf --check`)."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from tests.signing.conftest import CHECKED_AT, Pki
from tests.signing.pdfa_stages import stages
from vanthu.renditions.pdfa import pdfa_findings
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.validation import verify_pdf

STAGES = ("typeset", "personal", "filled", "sealed", "annex", "copy")


@pytest.fixture(scope="module")
def life(pki: Pki) -> dict[str, bytes]:
    return stages(pki)


@pytest.mark.parametrize("stage", STAGES)
def test_no_step_breaks_a_rule_of_pdf_a(life: dict[str, bytes], stage: str) -> None:
    assert pdfa_findings(life[stage]) == ()


@pytest.mark.parametrize("stage", STAGES)
def test_every_step_still_claims_pdf_a_2b(life: dict[str, bytes], stage: str) -> None:
    with pikepdf.open(BytesIO(life[stage])) as document, document.open_metadata() as metadata:
        assert metadata.pdfa_status == "2B"


@pytest.mark.parametrize("stage", STAGES)
def test_qpdf_finds_nothing_to_mend(life: dict[str, bytes], stage: str, tmp_path: Path) -> None:
    file = tmp_path / f"{stage}.pdf"
    file.write_bytes(life[stage])
    checked = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "No syntax or stream encoding errors found" in checked.stdout


@pytest.mark.parametrize("stage", ["sealed", "annex", "copy"])
def test_what_the_agency_signed_is_valid(pki: Pki, life: dict[str, bytes], stage: str) -> None:
    verdict = verify_pdf(life[stage], trust=pki.trust, at=CHECKED_AT)
    assert verdict.verdict is Verdict.VALID
    assert verdict.signatures[-1].kind == "agency"
    assert verdict.signatures[-1].coverage == "ENTIRE_FILE"
