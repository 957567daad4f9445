"""What a desk agent may bring back: the file it was given and one signature, nothing more (D23)."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, TextStringObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner

from tests.signing import tampering
from tests.signing.conftest import (
    BODY_BOX,
    CHECKED_AT,
    PERSONAL_BOX,
    SEAL_BOX,
    SIGNED_AT,
    VALUES,
    Letter,
    Pki,
    agency_request,
    personal_request,
    timestamps_of,
)
from vanthu.signing.backends import SignatureRequest
from vanthu.signing.backends.increment import fill_text_fields
from vanthu.signing.rules.desk_agent import Method
from vanthu.signing.rules.kinds import SignatureKind
from vanthu.signing.trust.authority import DemoAuthority, Pkcs12Bundle
from vanthu.signing.validation.uploads import (
    Brought,
    UploadRefused,
    UploadTerms,
    judge_isolated,
    judge_upload,
)

PLACE = (0.0, *PERSONAL_BOX)


def terms_for(
    pki: Pki, served: bytes, method: Method = Method.APPROVED, bundle: Pkcs12Bundle | None = None
) -> UploadTerms:
    registered = bundle or (pki.person if method is Method.APPROVED else pki.agency)
    return UploadTerms(
        method, served, registered.certificate, "người đã đăng ký", PLACE if method is Method.APPROVED else ()
    )


def judged(uploaded: bytes, terms: UploadTerms, pki: Pki) -> Brought:
    return judge_upload(uploaded, terms, trust=pki.trust, at=CHECKED_AT)


def refusal(uploaded: bytes, terms: UploadTerms, pki: Pki) -> str:
    with pytest.raises(UploadRefused) as refused:
        judged(uploaded, terms, pki)
    return refused.value.code.removeprefix("signing.upload.")


def signed_by(pki: Pki, bundle: Pkcs12Bundle, pdf: bytes, request: SignatureRequest) -> bytes:
    return pki.backend(bundle).sign(pdf, request)


def test_one_personal_signature_on_the_draft_is_taken(pki: Pki, letter: Letter) -> None:
    brought = judged(letter.personal, terms_for(pki, letter.draft), pki)
    assert (brought.field, brought.kind) == ("NguoiKy_1", SignatureKind.PERSONAL)
    assert brought.signer == "Nguyễn Văn An"
    assert brought.serial == f"{pki.person.serial:X}"


def test_the_agencys_signature_on_the_filled_file_is_taken(pki: Pki, letter: Letter) -> None:
    brought = judged(letter.issued, terms_for(pki, letter.filled, Method.ISSUED), pki)
    assert brought.kind is SignatureKind.AGENCY


def test_a_third_signature_on_an_arrival_is_taken(pki: Pki, letter: Letter) -> None:
    arrival = signed_by(pki, pki.agency, letter.filled, agency_request(lock_fields=False))
    request = personal_request(field_name="BUTPHE", box=(60, 60, 200, 100))
    signed = signed_by(pki, pki.person, arrival, request)
    assert judged(signed, terms_for(pki, arrival, Method.INCOME, pki.person), pki).field == "BUTPHE"
    seal = signed_by(pki, pki.agency, arrival, replace(request, field_name="DAU_DEN"))
    assert judged(seal, terms_for(pki, arrival, Method.INCOME), pki).kind is SignatureKind.AGENCY


def locked_shut(pki: Pki, pdf: bytes) -> bytes:
    lock = FieldMDPSpec(FieldMDPAction.ALL)
    key = SimpleSigner.load_pkcs12_data(pki.agency.data, [], pki.agency.passphrase.encode())
    signer = PdfSigner(
        PdfSignatureMetadata(field_name="CoQuan_1", md_algorithm="sha256"),
        key,
        new_field_spec=SigFieldSpec("CoQuan_1", on_page=-1, box=SEAL_BOX, field_mdp_spec=lock),
    )
    return signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=32_768).getvalue()


def test_a_seal_that_locks_its_file_is_not_signed_over(pki: Pki, letter: Letter) -> None:
    """Other programs' seals may (FieldMDP ALL); ours leaves room for the receiver's signature."""
    request = personal_request(field_name="BUTPHE", box=(60, 60, 200, 100))
    ours = signed_by(pki, pki.person, letter.issued, request)
    terms = terms_for(pki, letter.issued, Method.INCOME, pki.person)
    assert judged(ours, terms, pki).field == "BUTPHE"
    sealed = locked_shut(pki, letter.filled)
    signed = signed_by(pki, pki.person, sealed, request)
    assert refusal(signed, terms_for(pki, sealed, Method.INCOME, pki.person), pki) == "sealed-shut"


@pytest.mark.parametrize("method", [Method.APPENDIX, Method.COPY])
def test_annexes_and_copies_carry_the_agencys_signature(pki: Pki, letter: Letter, method: Method) -> None:
    request = agency_request(box=(400, 780, 580, 830), lock_fields=False)
    signed = signed_by(pki, pki.agency, letter.draft, request)
    assert judged(signed, terms_for(pki, letter.draft, method), pki).kind is SignatureKind.AGENCY
    personal = signed_by(pki, pki.person, letter.draft, request)
    assert refusal(personal, terms_for(pki, letter.draft, method, pki.person), pki) == "wrong-role"


def test_an_invisible_signature_without_a_time_stamp_is_taken(pki: Pki, letter: Letter) -> None:
    request = personal_request(appearance=None, with_timestamp=False)
    signed = signed_by(pki, pki.person, letter.draft, request)
    assert judged(signed, terms_for(pki, letter.draft), pki).kind is SignatureKind.PERSONAL


def test_a_field_that_was_prepared_empty_may_be_filled(pki: Pki, letter: Letter) -> None:
    prepared = tampering.updated(
        letter.draft, lambda w: append_signature_field(w, SigFieldSpec("NguoiKy_1", box=PERSONAL_BOX))
    )
    signed = signed_by(pki, pki.person, prepared, personal_request())
    assert judged(signed, terms_for(pki, prepared), pki).field == "NguoiKy_1"


def test_the_judgement_is_the_same_in_a_child_process(pki: Pki, letter: Letter) -> None:
    terms = terms_for(pki, letter.draft)
    brought = judge_isolated(letter.personal, terms, trust=pki.trust, at=CHECKED_AT)
    assert brought == judged(letter.personal, terms, pki)
    with pytest.raises(UploadRefused, match=r"signing\.upload\.not-signed"):
        judge_isolated(letter.draft, terms, trust=pki.trust, at=CHECKED_AT)


def test_the_file_as_it_was_given_is_not_signed(pki: Pki, letter: Letter) -> None:
    assert refusal(letter.draft, terms_for(pki, letter.draft), pki) == "not-signed"
    touched = tampering.updated(letter.draft, lambda w: w.update_root())
    assert refusal(touched, terms_for(pki, letter.draft), pki) == "not-signed"


@pytest.mark.parametrize("uploaded", [b"", b"%PDF-1.7", b"khong phai PDF"], ids=["empty", "head", "text"])
def test_what_is_not_the_given_file_is_refused(pki: Pki, letter: Letter, uploaded: bytes) -> None:
    expected = "incomplete" if letter.draft.startswith(uploaded) else "other-file"
    assert refusal(uploaded, terms_for(pki, letter.draft), pki) == expected


def test_a_file_that_was_written_anew_is_refused(pki: Pki, letter: Letter) -> None:
    other = signed_by(pki, pki.person, tampering.flip_byte(letter.draft, 12), personal_request())
    assert refusal(other, terms_for(pki, letter.draft), pki) == "other-file"


@pytest.mark.parametrize("lost", [3, 7, 2_000, 40_000], ids=str)
def test_a_cut_upload_is_refused(pki: Pki, letter: Letter, lost: int) -> None:
    assert refusal(letter.personal[:-lost], terms_for(pki, letter.draft), pki) == "incomplete"
    assert refusal(letter.draft[:-lost], terms_for(pki, letter.draft), pki) == "incomplete"


def test_garbage_after_the_given_bytes_is_unreadable(pki: Pki, letter: Letter) -> None:
    garbage = letter.draft + b"startxref\n99999999\n%%EOF\n"
    assert refusal(garbage, terms_for(pki, letter.draft), pki) in {"unreadable", "not-signed"}


def test_two_new_signatures_are_one_too_many(pki: Pki, letter: Letter) -> None:
    twice = signed_by(
        pki, pki.person, letter.personal, personal_request(field_name="NguoiKy_2", box=SEAL_BOX)
    )
    assert refusal(twice, terms_for(pki, letter.draft), pki) == "several-signatures"


def test_a_document_time_stamp_is_no_signature(pki: Pki, letter: Letter) -> None:
    stamper = timestamps_of(pki.authority).stamper_at(SIGNED_AT)
    out = PdfTimeStamper(stamper).timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(letter.draft)), "sha256", bytes_reserved=16_384
    )
    assert refusal(out.getvalue(), terms_for(pki, letter.draft), pki) == "not-signed"


CHANGES: dict[str, tampering.Change] = {
    "overlay": tampering.overlay_page,
    "rewritten-content": tampering.rewrite_content,
    "annotation": tampering.add_annotation,
    "page": tampering.add_page,
    "script": tampering.add_script,
    "covering-field": tampering.add_covering_field,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_below_the_leaders_signature_is_refused(
    pki: Pki, letter: Letter, change: tampering.Change
) -> None:
    changed = signed_by(pki, pki.person, tampering.updated(letter.draft, change), personal_request())
    assert refusal(changed, terms_for(pki, letter.draft), pki) == "changed"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_below_the_seal_is_refused(pki: Pki, letter: Letter, change: tampering.Change) -> None:
    changed = signed_by(pki, pki.agency, tampering.updated(letter.filled, change), agency_request())
    assert refusal(changed, terms_for(pki, letter.filled, Method.ISSUED), pki) == "changed"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_above_the_signature_is_refused(pki: Pki, letter: Letter, change: tampering.Change) -> None:
    changed = tampering.updated(letter.personal, change)
    assert refusal(changed, terms_for(pki, letter.draft), pki) == "changed"


def test_nothing_follows_the_new_signature(pki: Pki, letter: Letter) -> None:
    followed = tampering.updated(letter.personal, lambda writer: writer.update_root())
    assert refusal(followed, terms_for(pki, letter.draft), pki) == "changed"


def test_no_empty_field_comes_along(pki: Pki, letter: Letter) -> None:
    more = tampering.updated(letter.draft, lambda w: append_signature_field(w, SigFieldSpec("Them")))
    signed = signed_by(pki, pki.person, more, personal_request())
    assert refusal(signed, terms_for(pki, letter.draft), pki) == "changed"


def test_number_and_date_are_ours_to_fill(pki: Pki, letter: Letter) -> None:
    filled = fill_text_fields(letter.draft, VALUES)
    signed = signed_by(pki, pki.person, filled, personal_request())
    assert refusal(signed, terms_for(pki, letter.draft), pki) == "number-changed"


@pytest.mark.parametrize(
    "change",
    [
        tampering.set_value("so_ky_hieu", "Số: 99/QĐ-UBND"),
        tampering.set_value("ngay_ban_hanh", "Hà Nội, ngày 03 tháng 3 năm 2026"),
        tampering.in_filled_appearance(b" Tf 0 g ", b" Tf 1 g "),
        tampering.unlock_number,
        tampering.move_number,
    ],
    ids=["number", "date", "white", "unlocked", "moved"],
)
def test_a_filled_number_stays_as_it_is(pki: Pki, letter: Letter, change: tampering.Change) -> None:
    changed = signed_by(pki, pki.agency, tampering.updated(letter.filled, change), agency_request())
    assert refusal(changed, terms_for(pki, letter.filled, Method.ISSUED), pki) == "number-changed"


def test_an_older_revision_cannot_take_the_place_of_the_filled_one(pki: Pki, letter: Letter) -> None:
    """The update points past our filling: the bytes are all there, the number is gone."""
    sealed = signed_by(pki, pki.agency, letter.personal, agency_request())
    increment = sealed[len(letter.personal) :]
    stitched = letter.filled + increment
    assert refusal(stitched, terms_for(pki, letter.filled, Method.ISSUED), pki) != ""


def test_the_title_of_the_file_is_no_part_of_a_signature(pki: Pki, letter: Letter) -> None:
    def retitle(writer: IncrementalPdfFileWriter) -> None:
        info = DictionaryObject({pdf_name("/Title"): TextStringObject("Tên khác")})
        writer.set_info(writer.add_object(info))

    changed = signed_by(pki, pki.person, tampering.updated(letter.draft, retitle), personal_request())
    assert refusal(changed, terms_for(pki, letter.draft), pki) == "changed"


def test_a_signature_that_runs_a_script_is_refused(pki: Pki, letter: Letter) -> None:
    def prepare(writer: IncrementalPdfFileWriter) -> None:
        append_signature_field(writer, SigFieldSpec("NguoiKy_1", box=PERSONAL_BOX))
        field = tampering.field_of(writer, "NguoiKy_1").get_object()
        field[pdf_name("/A")] = DictionaryObject(
            {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): TextStringObject("app.alert(1)")}
        )

    signed = signed_by(pki, pki.person, tampering.updated(letter.draft, prepare), personal_request())
    assert refusal(signed, terms_for(pki, letter.draft), pki) == "changed"


def test_a_signature_does_not_lie_over_the_text(pki: Pki, letter: Letter) -> None:
    signed = signed_by(pki, pki.person, letter.draft, personal_request(box=BODY_BOX))
    assert refusal(signed, terms_for(pki, letter.draft), pki) == "covers-text"
    sealed = signed_by(pki, pki.agency, letter.filled, agency_request(box=BODY_BOX))
    assert refusal(sealed, terms_for(pki, letter.filled, Method.ISSUED), pki) == "covers-text"


def test_office_and_name_around_the_signature_may_be_touched(pki: Pki, letter: Letter) -> None:
    wide = signed_by(pki, pki.person, letter.draft, personal_request(box=(370, 130, 500, 245)))
    assert judged(wide, terms_for(pki, letter.draft), pki).kind is SignatureKind.PERSONAL
    nowhere = replace(terms_for(pki, letter.draft), place=())
    assert refusal(wide, nowhere, pki) == "covers-text"


@pytest.mark.parametrize("box", [(70, 735, 200, 765), (310, 745, 330, 755)], ids=["number", "date"])
def test_a_signature_does_not_lie_over_number_and_date(
    pki: Pki, letter: Letter, box: tuple[int, ...]
) -> None:
    signed = signed_by(pki, pki.person, letter.draft, personal_request(box=box))
    assert refusal(signed, terms_for(pki, letter.draft), pki) == "number-changed"
    sealed = signed_by(pki, pki.agency, letter.filled, agency_request(box=box))
    assert refusal(sealed, terms_for(pki, letter.filled, Method.ISSUED), pki) == "number-changed"


def test_a_certification_is_refused(pki: Pki, letter: Letter) -> None:
    metadata = PdfSignatureMetadata(
        field_name="NguoiKy_1", certify=True, docmdp_permissions=MDPPerm.FILL_FORMS, md_algorithm="sha256"
    )
    key = SimpleSigner.load_pkcs12_data(pki.person.data, [], pki.person.passphrase.encode())
    signer = PdfSigner(metadata, key)
    out = signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(letter.draft)), bytes_reserved=32_768)
    assert refusal(out.getvalue(), terms_for(pki, letter.draft), pki) == "locks-file"


def test_a_leader_does_not_lock_the_number(pki: Pki, letter: Letter) -> None:
    locked = signed_by(pki, pki.person, letter.draft, personal_request(lock_fields=True))
    assert refusal(locked, terms_for(pki, letter.draft), pki) == "locks-file"


def test_another_persons_certificate_is_refused_by_name(pki: Pki, letter: Letter) -> None:
    signed = signed_by(pki, pki.agency, letter.draft, personal_request())
    with pytest.raises(UploadRefused, match=r"wrong-certificate") as refused:
        judged(signed, terms_for(pki, letter.draft), pki)
    assert refused.value.details == {"signer": "UBND phường Trình Diễn", "owner": "người đã đăng ký"}


def test_an_agencys_certificate_is_not_a_leaders(pki: Pki, letter: Letter) -> None:
    signed = signed_by(pki, pki.agency, letter.draft, personal_request())
    assert refusal(signed, terms_for(pki, letter.draft, Method.APPROVED, pki.agency), pki) == "wrong-role"
    sealed = signed_by(pki, pki.person, letter.filled, agency_request())
    assert refusal(sealed, terms_for(pki, letter.filled, Method.ISSUED, pki.person), pki) == "wrong-role"


@pytest.mark.parametrize("who", ["expired", "revoked"])
def test_a_certificate_that_no_longer_signs_is_refused(pki: Pki, letter: Letter, who: str) -> None:
    bundle: Pkcs12Bundle = getattr(pki, who)
    request = personal_request(signed_at=CHECKED_AT, signer_name="")
    signed = signed_by(pki, bundle, letter.draft, request)
    assert refusal(signed, terms_for(pki, letter.draft, bundle=bundle), pki) == "not-sound"


def test_an_authority_with_our_names_is_not_ours(pki: Pki, letter: Letter, impostor: DemoAuthority) -> None:
    person = impostor.issue_person(code="NV01", name="Nguyễn Văn An", agency="UBND", now=SIGNED_AT)
    signed = signed_by(pki, person, letter.draft, personal_request(with_timestamp=False))
    assert refusal(signed, terms_for(pki, letter.draft), pki) == "wrong-certificate"
    assert refusal(signed, terms_for(pki, letter.draft, bundle=person), pki) == "not-sound"


@pytest.mark.parametrize("damage", [tampering.flip_signature, tampering.zero_contents], ids=["flip", "zeros"])
def test_a_broken_signature_is_refused(pki: Pki, letter: Letter, damage: Callable[[bytes], bytes]) -> None:
    assert refusal(damage(letter.personal), terms_for(pki, letter.draft), pki) in {"not-sound", "unreadable"}


def test_the_signature_of_another_file_is_refused(pki: Pki, letter: Letter) -> None:
    other = signed_by(pki, pki.person, letter.draft, personal_request(reason="Lý do khác"))
    transplanted = tampering.transplant(letter.personal, other)
    assert refusal(transplanted, terms_for(pki, letter.draft), pki) == "not-sound"


def test_a_signed_field_cannot_be_emptied_and_signed_again(pki: Pki, letter: Letter) -> None:
    def move(writer: IncrementalPdfFileWriter) -> None:
        reference = tampering.field_of(writer, "NguoiKy_1")
        box = ArrayObject([NumberObject(value) for value in (60, 60, 90, 90)])
        reference.get_object()[pdf_name("/Rect")] = box
        writer.mark_update(reference)

    sealed = signed_by(pki, pki.agency, tampering.updated(letter.filled, move), agency_request())
    assert refusal(sealed, terms_for(pki, letter.filled, Method.ISSUED), pki) == "changed"
