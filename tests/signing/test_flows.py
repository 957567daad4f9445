"""Who may sign after whom: the flows A, B, C, D, E, G, H of a document with several signatures, each as expected."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import DictionaryObject, TextStringObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
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
    BODY_BOX,
    PERSONAL_BOX,
    SEAL_BOX,
    SIGNED_AT,
    VALUES,
    Letter,
    Pki,
    agency_request,
    check,
    personal_request,
    timestamps_of,
)
from tests.signing.tampering import updated
from vanthu.signing.backends.increment import fill_text_fields
from vanthu.signing.field_text import FIELD_NAMES
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
    """A third visible signature on an issued document, put by the receiver beside his directive note (bút phê)."""
    return signed(pki, pki.person, letter.issued, note_field())


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


def with_text_field(pdf: bytes, name: str) -> bytes:
    def add(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]
        entries = {"/FT": pdf_name("/Tx"), "/T": TextStringObject(name), "/V": TextStringObject("99")}
        form["/Fields"].append(
            writer.add_object(DictionaryObject({pdf_name(k): v for k, v in entries.items()}))
        )
        writer.update_container(form["/Fields"])

    return updated(pdf, add)


def with_value(pdf: bytes, name: str) -> bytes:
    def fill(writer: IncrementalPdfFileWriter) -> None:
        fields = [item.get_object() for item in writer.root["/AcroForm"]["/Fields"]]
        field = next(item for item in fields if item["/T"] == name)
        field["/V"] = TextStringObject("Số: 13/QĐ-UBND")
        writer.update_container(field)

    return updated(pdf, fill)


def verdict_on_the_seal(pki: Pki, pdf: bytes) -> Verdict:
    return next(item.verdict for item in check(pki, pdf).signatures if item.field == "CoQuan_1")


def test_our_seal_locks_every_field_that_there_is_and_no_other(letter: Letter) -> None:
    seal = PdfFileReader(BytesIO(letter.issued), strict=False).embedded_regular_signatures[-1]
    assert seal.fieldmdp is not None
    assert all(seal.fieldmdp.is_locked(name) for name in (*FIELD_NAMES, "NguoiKy_1", "CoQuan_1"))
    assert not seal.fieldmdp.is_locked("Den_1")


def test_number_and_date_can_not_be_filled_once_the_seal_is_there(pki: Pki, letter: Letter) -> None:
    """The permission of decision D22 ends with the seal: whoever seals empty fields has locked them."""
    unfilled = pki.backend(pki.agency).sign(letter.personal, agency_request())
    assert verdict_on_the_seal(pki, unfilled) is Verdict.VALID
    assert verdict_on_the_seal(pki, fill_text_fields(unfilled, VALUES)) is Verdict.MODIFIED_AFTER


@pytest.mark.parametrize("name", FIELD_NAMES)
def test_number_and_date_can_not_be_exchanged_after_the_seal(pki: Pki, letter: Letter, name: str) -> None:
    assert verdict_on_the_seal(pki, with_value(letter.issued, name)) is Verdict.MODIFIED_AFTER


def test_a_new_text_field_after_the_seal_is_shown_to_a_person(pki: Pki, letter: Letter) -> None:
    assert verdict_on_the_seal(pki, with_text_field(letter.issued, "so_ky_hieu_2")) is Verdict.MODIFIED_AFTER


def test_a_later_signature_that_covers_the_text_is_shown_to_a_person(pki: Pki, letter: Letter) -> None:
    over = personal_request(field_name="Den_1", box=BODY_BOX)
    verdict = check(pki, pki.backend(pki.person).sign(letter.issued, over))
    assert verdict.verdict is Verdict.MODIFIED_AFTER
    assert "modification.covers-text" in verdict.reasons


def test_a_signature_after_a_seal_that_locks_everything_is_shown_to_a_person(
    pki: Pki, letter: Letter
) -> None:
    """Files that were sealed before, and other programs' (FieldMDP ALL)."""
    personal = pki.backend(pki.person).sign(letter.draft, personal_request())
    field = SigFieldSpec(
        "CoQuan_1", on_page=-1, box=SEAL_BOX, field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL)
    )
    sealed = signed(pki, pki.agency, personal, field)
    verdict = check(pki, signed(pki, pki.person, sealed, note_field()))
    assert verdict.verdict is Verdict.MODIFIED_AFTER
    assert acceptance(verdict) is Acceptance.NEEDS_CONSENT
