"""PDF/A stays claimed and structurally sound after every step of signing (own checks; `qpdf --check`)."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from tests.signing.conftest import CHECKED_AT, SIGNED_AT, Pki
from tests.signing.pdfa_stages import stages
from tests.signing.test_levels import Century
from vanthu.renditions.pdfa import pdfa_findings
from vanthu.signing.backends.levels import raise_level, renew
from vanthu.signing.rules.levels import Level
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.validation import verify_pdf

STAGES = ("typeset", "personal", "filled", "sealed", "B_LT", "B_LTA", "renewed", "annex", "copy")
DAY_AFTER = SIGNED_AT + timedelta(days=1)


@pytest.fixture(scope="module")
def life(pki: Pki) -> dict[str, bytes]:
    found, century = stages(pki), Century(pki)
    trust = replace(
        pki.trust,
        crls=(*pki.trust.crls, century.root.crl(DAY_AFTER)),
        tsa_roots=(*pki.trust.tsa_roots, century.root.der),
    )
    for level in (Level.B_LT, Level.B_LTA):
        raised = raise_level(
            found["sealed"], target=level, trust=trust, timestamps=century.source(), now=DAY_AFTER
        )
        found[level.name] = raised.pdf
    again = renew(found["B_LTA"], trust=trust, timestamps=century.source(), now=DAY_AFTER)
    return found | {"renewed": again.pdf}


def test_each_step_is_an_increment_behind_the_one_before(life: dict[str, bytes]) -> None:
    for before, after in pairwise(("typeset", "personal", "filled", "sealed", "B_LTA", "renewed")):
        assert life[after].startswith(life[before])
        assert len(life[after]) > len(life[before])


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
