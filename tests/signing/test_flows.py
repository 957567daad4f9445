"""Who may sign after whom: the flows A, B, C, D, E, G, H of a document with several signatures, each as expected."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from tests.signing.conftest import (
    PERSONAL_BOX,
    SEAL_BOX,
    SIGNED_AT,
    Letter,
    Pki,
    agency_request,
    check,
    personal_request,
    timestamps_of,
)
from vanthu.signing.rules.acceptance import Acceptance, acceptance
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.trust.authority import Pkcs12Bundle
from vanthu.signing.waiting import wait_for

NOTE_BOX = (60, 700, 200, 740)


def signed(pki: Pki, bundle: Pkcs12Bundle, pdf: bytes, field: SigFieldSpec, **metadata: Any) -> bytes:
    """A signature as another program may make it: with what our own backends never do."""
    signer = SimpleSigner.load_pkcs12_data(bundle.data, (), bundle.passphrase.encode())
    assert signer is not None
    writer = PdfSigner(
        PdfSignatureMetadata(
            field_name=field.sig_field_name,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            **metadata,
        ),
        signer,
        timestamper=timestamps_of(pki.authority).stamper_at(SIGNED_AT),
        new_field_spec=field,
    )
    out = BytesIO()
    wait_for(writer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out))
    return out.getvalue()


def with_empty_seal(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec("CoQuan_1", on_page=-1, box=SEAL_BOX))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def leader_field(**options: Any) -> SigFieldSpec:
    return SigFieldSpec("NguoiKy_1", on_page=-1, box=PERSONAL_BOX, **options)  # type: ignore[arg-type]


def seal_field() -> SigFieldSpec:
    return SigFieldSpec("CoQuan_1", on_page=-1, box=SEAL_BOX)


def note_field() -> SigFieldSpec:
    return SigFieldSpec("ButPhe_1", on_page=0, box=NOTE_BOX)


def flow_a(pki: Pki, letter: Letter) -> bytes:
    """The leader approves, the agency adds its visible field: our own way."""
    personal = pki.backend(pki.person).sign(letter.draft, personal_request())
    return pki.backend(pki.agency).sign(personal, agency_request())


def flow_b(pki: Pki, letter: Letter) -> bytes:
    """The leader certifies with form filling allowed, the agency adds a visible field."""
    certified = signed(
        pki, pki.person, letter.draft, leader_field(), certify=True, docmdp_permissions=MDPPerm.FILL_FORMS
    )
    return signed(pki, pki.agency, certified, seal_field())


def flow_c(pki: Pki, letter: Letter) -> bytes:
    """The agency's field is there before the leader certifies."""
    certified = signed(
        pki,
        pki.person,
        with_empty_seal(letter.draft),
        leader_field(),
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    return signed(pki, pki.agency, certified, seal_field())


def flow_e(pki: Pki, letter: Letter) -> bytes:
    """The leader locks every field but the agency's."""
    lock = FieldMDPSpec(FieldMDPAction.EXCLUDE, fields=["CoQuan_1"])
    locked = signed(pki, pki.person, with_empty_seal(letter.draft), leader_field(field_mdp_spec=lock))
    return signed(pki, pki.agency, locked, seal_field())


def flow_h(pki: Pki, letter: Letter) -> bytes:
    """A third visible signature, put by the receiver beside his directive note (bút phê); the seal locks nothing."""
    personal = pki.backend(pki.person).sign(letter.draft, personal_request())
    issued = pki.backend(pki.agency).sign(personal, agency_request(lock_all=False))
    return signed(pki, pki.person, issued, note_field())


@pytest.mark.parametrize(
    ("flow", "kinds"),
    [
        (flow_a, ["personal", "agency"]),
        (flow_b, ["personal", "agency"]),
        (flow_c, ["personal", "agency"]),
        (flow_e, ["personal", "agency"]),
        (flow_h, ["personal", "agency", "personal"]),
    ],
    ids=["A", "B", "C", "E", "H"],
)
def test_a_flow_that_is_allowed_stays_valid_and_acceptable(
    pki: Pki, letter: Letter, flow: Callable[[Pki, Letter], bytes], kinds: list[str]
) -> None:
    verdict = check(pki, flow(pki, letter))
    assert [finding.kind for finding in verdict.signatures] == kinds
    assert [(finding.verdict, finding.reasons) for finding in verdict.signatures] == [
        (Verdict.VALID, ())
    ] * len(kinds)
    assert acceptance(verdict) is Acceptance.OK


def test_flow_d_nothing_is_signed_after_a_certification_that_forbids_every_change(
    pki: Pki, letter: Letter
) -> None:
    final = signed(
        pki, pki.person, letter.draft, leader_field(), certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
    )
    with pytest.raises(SigningError):
        signed(pki, pki.agency, final, seal_field())


def test_flow_g_an_approved_document_is_not_certified_afterwards(pki: Pki, letter: Letter) -> None:
    approved = signed(pki, pki.person, letter.draft, leader_field())
    with pytest.raises(SigningError):
        signed(pki, pki.agency, approved, seal_field(), certify=True)


def test_a_signature_after_our_own_seal_is_shown_to_a_person(pki: Pki, letter: Letter) -> None:
    """Our seal locks every field (FieldMDP ALL): what is signed into the file afterwards is not simply good."""
    verdict = check(pki, signed(pki, pki.person, letter.issued, note_field()))
    assert verdict.verdict is Verdict.MODIFIED_AFTER
    assert acceptance(verdict) is Acceptance.NEEDS_CONSENT
