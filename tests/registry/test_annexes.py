"""Annexes in files of their own are signed by the agency before the document is sealed. Norm: NĐ30 Phụ lục I."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from tests.cast import Cast
from tests.factories.drafting import a_draft
from tests.factories.keys import a_seal_token_of
from tests.factories.signing import the_letter
from tests.proof import audited, demand_true_counters, refused
from tests.signing.pdfa_stages import an_annex
from tests.signing.test_pending import answer_of, entry_state, question
from vanthu.documents.queries import FileRow, current_files, files_of, record_of
from vanthu.documents.rules.kinds import FileRole, FileStage
from vanthu.drafting import operations as drafting
from vanthu.exchange.operations.send import envelope_of
from vanthu.foundation.storage import blobs
from vanthu.kernel.errors import DomainError, NotPermitted
from vanthu.registry import operations as registry
from vanthu.registry.rules.states import OutgoingState
from vanthu.renditions.pdfa import pdfa_findings
from vanthu.renditions.rules.stamp_lines import CopyForm
from vanthu.signing import operations as signing
from vanthu.signing.operations import Signer, check_file
from vanthu.signing.queries import signatures_of
from vanthu.signing.rules.kinds import SignatureKind, SigningOutcome
from vanthu.signing.rules.verdicts import Verdict


def a_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


PICTURE = a_picture()


def with_annexes(cast: Cast, now: datetime, *annexes: tuple[str, str, bytes]) -> int:
    """A document signed by its leader, with files attached."""
    document_id = a_draft(cast, now=now)
    for name, kind, data in annexes:
        drafting.attach_file(
            actor=cast.a.officer, document_id=document_id, name=name, declared_type=kind, data=data, now=now
        )
    drafting.submit_draft(actor=cast.a.officer, document_id=document_id, summary="Trình", now=now)
    drafting.approve_content(actor=cast.a.head, document_id=document_id, now=now)
    drafting.pass_form(actor=cast.a.checker, document_id=document_id, now=now)
    drafting.sign_draft(actor=cast.a.leader, document_id=document_id, now=now)
    return document_id


def annexes_of(document_id: int) -> list[FileRow]:
    return [file for file in current_files(document_id) if file.role == FileRole.ATTACHMENT]


@pytest.fixture
def document_id(cast: Cast, now: datetime) -> int:
    return with_annexes(
        cast,
        now,
        ("phu-luc-1.pdf", "application/pdf", an_annex()),
        ("phu-luc-2.pdf", "application/pdf", an_annex(width="420mm", height="297mm")),
        ("so-do.png", "image/png", PICTURE),
    )


def test_every_pdf_annex_is_signed_by_the_agency_at_issue(
    cast: Cast, now: datetime, document_id: int
) -> None:
    before = {file.name: file.sha256 for file in annexes_of(document_id)}
    with audited() as log:
        registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, now=now)

    first, second, table = sorted(annexes_of(document_id), key=lambda file: file.name)
    assert [file.stage for file in (first, second, table)] == [
        FileStage.SEALED,
        FileStage.SEALED,
        FileStage.DRAFT,
    ]
    for file in (first, second):
        signed = blobs().read(file.sha256)
        assert signed.startswith(blobs().read(before[file.name])), "an increment behind the annex"
        verdict = check_file(actor=cast.a.clerk, sha256=file.sha256, now=now)
        assert verdict.verdict is Verdict.VALID
        assert [found.kind for found in verdict.signatures] == ["agency"]
        assert pdfa_findings(signed) == ()
    assert blobs().read(table.sha256) == PICTURE
    assert entry_state(document_id) is OutgoingState.ISSUED
    assert [row.kind for row in signatures_of(document_id)] == ["personal", "annex", "annex", "agency"]
    assert log.verbs.count("registry.outgoing.annex") == 2
    demand_true_counters()


def test_the_signature_on_an_annex_shows_number_and_time_in_its_upper_right_corner(
    cast: Cast, now: datetime, document_id: int
) -> None:
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, now=now)
    for file, width_mm in zip(
        sorted(annexes_of(document_id), key=lambda f: f.name), (210, 420), strict=False
    ):
        with pikepdf.open(BytesIO(blobs().read(file.sha256))) as pdf:
            (field,) = pdf.Root.AcroForm.Fields
            _, _, x1, y1 = (float(edge) / 72 * 25.4 for edge in field.Rect)
            assert x1 == pytest.approx(width_mm - 15, abs=0.1)
            assert y1 == pytest.approx(297 - 6, abs=0.1)
            assert field.P.objgen == pdf.pages[0].obj.objgen
            words = "".join(words_of(field.AP.N))
        assert record_of(document_id).full_number in words
        assert "20/11/2026 09:00:00 +07:00" in words


def words_of(form: pikepdf.Object) -> list[str]:
    """The text that an appearance shows, read through its fonts' own tables."""
    found: list[str] = []
    characters: dict[bytes, str] = {}
    for step in pikepdf.parse_content_stream(form):
        if str(step.operator) == "Tf":
            characters = table_of(form.Resources.Font[str(step.operands[0])])
        for operand in step.operands if str(step.operator) in {"Tj", "TJ"} else ():
            parts = operand if isinstance(operand, pikepdf.Array) else [operand]
            for part in parts:
                if isinstance(part, pikepdf.String):
                    codes = bytes(part)
                    found += [characters[codes[at : at + 2]] for at in range(0, len(codes), 2)]
    for name in form.Resources.get("/XObject", {}):
        found += words_of(form.Resources.XObject[name])
    return found


def table_of(font: pikepdf.Object) -> dict[bytes, str]:
    from vanthu.signing.field_text import _characters

    return {code.to_bytes(2, "big"): text for code, text in _characters(font.ToUnicode.read_bytes()).items()}


def test_the_unsigned_annex_is_kept_but_no_longer_counted(
    cast: Cast, now: datetime, document_id: int
) -> None:
    before = annexes_of(document_id)
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, now=now)
    assert {file.id for file in before} <= {file.id for file in files_of(document_id)}
    assert len(annexes_of(document_id)) == len(before) == 3
    assert len(current_files(document_id)) == 4


def test_the_receiver_gets_the_signed_annexes(cast: Cast, now: datetime, document_id: int) -> None:
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, now=now)
    sent = {file.name: file.sha256 for file in envelope_of(document_id).files}
    assert len(sent) == 4
    assert {file.name: file.sha256 for file in annexes_of(document_id)}.items() <= sent.items()


def test_an_annex_waits_for_the_seals_device_one_by_one_and_the_issue_goes_on(
    cast: Cast, now: datetime
) -> None:
    """D10: number and date are kept while the clerk's token signs file after file."""
    document_id = with_annexes(cast, now, ("phu-luc.pdf", "application/pdf", an_annex()))
    token = a_seal_token_of(cast.a, now=now)
    hold = timedelta(seconds=60)
    issue = {"actor": cast.a.clerk, "document_id": document_id, "hold": hold, "now": now}
    assert registry.issue_in_one_act(**issue) is SigningOutcome.WAITING
    number = record_of(document_id).full_number

    asked = question(document_id, SignatureKind.AGENCY)
    signing.deliver_signature(
        actor=cast.a.clerk,
        pending_id=asked.id,
        signature=answer_of(token, cast.a.clerk, asked.id),
        now=now,
    )
    assert entry_state(document_id) is OutgoingState.FILLED
    assert [file.stage for file in annexes_of(document_id)] == [FileStage.SEALED]

    assert registry.issue_in_one_act(**issue) is SigningOutcome.WAITING
    asked = question(document_id, SignatureKind.AGENCY)
    signing.deliver_signature(
        actor=cast.a.clerk,
        pending_id=asked.id,
        signature=answer_of(token, cast.a.clerk, asked.id),
        now=now,
    )
    assert entry_state(document_id) is OutgoingState.SEALED
    assert record_of(document_id).full_number == number
    assert [row.kind for row in signatures_of(document_id)] == ["personal", "annex", "agency"]


def test_a_failure_at_the_second_annex_keeps_the_first_and_the_number(
    cast: Cast, now: datetime, document_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vanthu.registry.operations import annexes

    signing_once, times = annexes.sign_or_ask, []

    def fails_the_second_time(**arguments: object) -> object:
        times.append(1)
        if len(times) == 2:
            raise DomainError("signing.token.failed")
        return signing_once(**arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(annexes, "sign_or_ask", fails_the_second_time)
    with pytest.raises(DomainError):
        registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, now=now)
    assert entry_state(document_id) is OutgoingState.FILLED
    number = record_of(document_id).full_number
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, now=now)
    assert record_of(document_id).full_number == number
    assert [row.kind for row in signatures_of(document_id)].count("annex") == 2


def test_nobody_but_the_clerk_lets_annexes_be_signed(cast: Cast, now: datetime, document_id: int) -> None:
    """M6: Văn thư personally."""
    registry.give_number(actor=cast.a.clerk, document_id=document_id, now=now)
    registry.fill_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    with refused("registry.not-clerk", kind=NotPermitted):
        registry.seal_outgoing(actor=cast.a.leader, document_id=document_id, now=now)
    assert all(file.stage == FileStage.DRAFT for file in annexes_of(document_id))


@pytest.mark.parametrize("form", list(CopyForm))
def test_a_digitised_copy_is_signed_in_the_agencys_name(cast: Cast, now: datetime, form: CopyForm) -> None:
    """NĐ30 Đ.25, Phụ lục I."""
    scan = the_letter().draft
    signer = Signer(f"agency:{cast.a.id}", cast.a.code, cast.a.row.name, cast.a.row.name)
    signed = signing.sign_copy(signer=signer, pdf=scan, form=form, now=now)
    with pikepdf.open(BytesIO(signed.pdf)) as pdf:
        field = pdf.Root.AcroForm.Fields[-1]
        words = "".join(words_of(field.AP.N))
    assert words.startswith(form.value)
    assert cast.a.row.name.replace(" ", "") in words.replace(" ", "")
    assert words.endswith("20/11/2026 09:00:00 +07:00")
    digest = blobs().put(signed.pdf)
    assert check_file(actor=cast.a.clerk, sha256=digest, now=now).verdict is Verdict.VALID
