"""Bad input of every kind: a clear refusal with its code and remedy in Vietnamese, and nothing half done."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.conf import LazySettings
from django.utils import translation

from tests.cast import CLOSED, Cast
from tests.factories.drafting import a_draft, a_draft_order, a_signed_document
from tests.factories.exchange import an_arrival
from tests.factories.registry import a_numbered_document, an_accepted_document, an_issued_document
from tests.factories.signing import Letter
from tests.proof import audited, database_state, refused
from tests.signing.tampering import add_annotation, add_page, flip_content, overlay_page, updated
from vanthu.documents.queries import record_of
from vanthu.documents.rules.kinds import FileRole
from vanthu.drafting import operations as drafting
from vanthu.exchange.operations import send_deliveries
from vanthu.exchange.queries import answers_sent, deliveries_of
from vanthu.foundation import worker
from vanthu.foundation.refusals import spoken
from vanthu.kernel.errors import DomainError, IllegalMove, NotReady, NotVisible, StaleVersion
from vanthu.registry import operations as registry
from vanthu.registry.operations import RegistrationOrder
from vanthu.registry.queries import outgoing_card
from vanthu.registry.rules.states import RefusalReason
from vanthu.renditions.operations import admit_upload
from vanthu.signing.rules.verdicts import Verdict

WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a document of an old word processor"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def encrypted(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="chu", user="khach"))
    return out.getvalue()


def too_large(pdf: bytes) -> bytes:
    return pdf + b"\0" * (60 * 1024 * 1024 - len(pdf))


FILES: dict[str, tuple[Callable[[bytes], bytes], str, str, str]] = {
    "not a PDF": (lambda _: WORD, "van-ban.pdf", "application/pdf", "not-a-pdf"),
    "a picture": (lambda _: PICTURE, "van-ban.png", "image/png", "not-a-pdf"),
    "a name that lies": (lambda pdf: pdf, "van-ban.docx", "application/pdf", "type-lies"),
    "a type that lies": (lambda pdf: pdf, "van-ban.pdf", "image/png", "type-lies"),
    "encrypted": (encrypted, "van-ban.pdf", "application/pdf", "encrypted"),
    "empty": (lambda _: b"", "van-ban.pdf", "application/pdf", "empty"),
    "60 MB": (too_large, "van-ban.pdf", "application/pdf", "too-large"),
    "cut off": (lambda pdf: pdf[:300], "van-ban.pdf", "application/pdf", "unreadable"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_not_what_it_should_be_never_enters(
    cast: Cast, letter: Letter, kind: str, settings: LazySettings
) -> None:
    make, name, declared, code = FILES[kind]
    assert settings.VANTHU_UPLOAD_LIMIT == 50 * 1024 * 1024
    with refused(f"documents.file.{code}", kind=NotReady):
        admit_upload(name=name, declared_type=declared, data=make(letter.draft))


@pytest.mark.parametrize(
    ("data", "declared", "code"),
    [(WORD, "application/msword", "unknown-type"), (PICTURE, "image/jpeg", "type-lies"), (b"", "", "empty")],
)
def test_an_attachment_that_lies_is_not_attached(
    cast: Cast, now: datetime, data: bytes, declared: str, code: str
) -> None:
    document_id = a_draft(cast)
    with refused(f"documents.file.{code}", kind=NotReady):
        drafting.attach_file(
            actor=cast.a.officer,
            document_id=document_id,
            name="phu-luc",
            declared_type=declared,
            data=data,
            now=now,
        )


def test_a_scan_that_is_marked_secret_never_enters(cast: Cast) -> None:
    """M32: the mark on the page counts, not only the subject."""
    import typst

    page = '#set page(width: 400pt, height: 300pt)\n#set text(lang: "vi")\nTỐI MẬT\n\nKẾ HOẠCH'.encode()
    with refused("documents.secret", kind=NotReady):
        admit_upload(name="mat.pdf", declared_type="application/pdf", data=typst.compile(page))


TAMPERED: dict[str, Callable[[bytes], bytes]] = {
    "one bit of the page": flip_content,
    "a white box over the text": lambda data: updated(data, overlay_page),
    "a note on the page": lambda data: updated(data, add_annotation),
    "a page more": lambda data: updated(data, add_page),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_an_issued_document_that_was_tampered_with_is_not_taken_in(
    cast: Cast, now: datetime, letter: Letter, kind: str
) -> None:
    """D40: broken integrity must be returned; a later change is at best doubtful and never simply accepted."""
    document_id = an_arrival(cast, verdict=None, data=TAMPERED[kind](letter.issued))
    worker.run_all(now=lambda: now)
    verdict = record_of(document_id).verdict
    assert verdict in {Verdict.INVALID_INTEGRITY, Verdict.MODIFIED_AFTER}
    code = "must-refuse" if verdict == Verdict.INVALID_INTEGRITY else "consent-missing"
    for as_reference in (False, True):
        with refused(f"registry.incoming.{code}", kind=NotReady):
            registry.accept_arrival(
                actor=cast.b.clerk,
                document_id=document_id,
                as_reference=as_reference,
                registration=RegistrationOrder(),
                now=now,
            )
    registry.refuse_arrival(
        actor=cast.b.clerk,
        document_id=document_id,
        reason=RefusalReason.NOT_INTACT,
        text="Chữ ký số không xác thực được nội dung",
        now=now,
    )
    assert [row.code for row in answers_sent(document_id)] == ["02"]


def test_the_tampered_bit_is_what_makes_the_difference(cast: Cast, now: datetime, letter: Letter) -> None:
    document_id = an_arrival(cast, verdict=None, data=letter.issued)
    worker.run_all(now=lambda: now)
    assert record_of(document_id).verdict == Verdict.VALID
    registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now)


def test_a_second_click_on_issue_sends_nothing_twice(cast: Cast, now: datetime) -> None:
    document_id = a_signed_document(cast)
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, version=1, now=now)
    worker.run_all(now=lambda: now)
    with refused("document.stale", kind=StaleVersion):
        registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, version=1, now=now)
    with refused("registry.outgoing.illegal-move", kind=IllegalMove):
        registry.issue_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    with audited() as log:
        send_deliveries(delivery_ids=[row.id for row in deliveries_of(document_id)], now=now)
    assert log.events == []


def test_a_form_that_somebody_else_overtook_changes_nothing(cast: Cast, now: datetime) -> None:
    document_id = a_draft(cast)
    order = a_draft_order(cast.a, to=(cast.b.code,), version=1)
    drafting.revise_draft(actor=cast.a.officer, document_id=document_id, order=order, now=now)
    with refused("document.stale", kind=StaleVersion):
        drafting.revise_draft(actor=cast.a.officer, document_id=document_id, order=order, now=now)
    with refused("document.stale", kind=StaleVersion):
        drafting.submit_draft(actor=cast.a.officer, document_id=document_id, version=1, now=now)


ACTS_OF_THE_OTHER_AGENCY: dict[str, tuple[Callable[..., int], Callable[..., Any], dict[str, Any]]] = {
    "submit": (a_draft, drafting.submit_draft, {}),
    "number": (a_signed_document, registry.give_number, {}),
    "issue": (a_signed_document, registry.issue_in_one_act, {}),
    "void": (a_numbered_document, registry.void_number, {"reason": "Nhầm"}),
}


@pytest.mark.parametrize("name", ACTS_OF_THE_OTHER_AGENCY)
def test_the_other_agency_finds_nothing_and_changes_nothing(cast: Cast, now: datetime, name: str) -> None:
    given, act, words = ACTS_OF_THE_OTHER_AGENCY[name]
    document_id = given(cast)
    for actor in cast.b.people:
        with refused("document.not-found", kind=NotVisible):
            act(actor=actor, document_id=document_id, now=now, **words)


def test_a_closed_agency_is_no_recipient_and_its_successor_is_named(cast: Cast, now: datetime) -> None:
    order = a_draft_order(cast.a, to=(cast.b.code, CLOSED))
    with refused("drafting.recipient.closed", kind=NotReady):
        drafting.start_draft(actor=cast.a.officer, order=order, now=now)
    with pytest.raises(NotReady) as refusal, translation.override("vi"):
        drafting.start_draft(actor=cast.a.officer, order=order, now=now)
    words = spoken(refusal.value.violations[0])
    assert words.why == "Ủy ban nhân dân quận Trình Diễn đã giải thể, kết thúc hoạt động từ 30/06/2025."
    assert words.remedy == f"Gửi cơ quan kế thừa: {cast.ward.row.name}."
    assert words.reference == "VT-DRA-017"


@pytest.mark.parametrize("subject", ["MẬT", "Kế hoạch (Tuyệt mật)", "Độ mật: Tối mật", "[TỐI MẬT] Báo cáo"])
def test_a_document_marked_secret_is_neither_written_nor_registered(
    cast: Cast, now: datetime, subject: str
) -> None:
    """M32, D44."""
    order = a_draft_order(cast.a, to=(cast.b.code,), subject=subject)
    with refused("documents.secret", kind=NotReady):
        drafting.start_draft(actor=cast.a.officer, order=order, now=now)
    document_id = an_accepted_document(cast)
    with refused("documents.secret", kind=NotReady):
        registry.register_arrival(
            actor=cast.b.clerk, document_id=document_id, order=RegistrationOrder(subject=subject), now=now
        )


def test_every_refusal_of_this_page_names_a_remedy_in_vietnamese(cast: Cast, letter: Letter) -> None:
    for make, name, declared, code in FILES.values():
        with pytest.raises(DomainError) as refusal, translation.override("vi"):
            admit_upload(name=name, declared_type=declared, data=make(letter.draft))
        words = spoken(refusal.value.violations[0])
        assert words.code == f"documents.file.{code}"
        assert name in words.what
        assert words.remedy.endswith(".")
        assert words.reference.startswith("VT-FIL-")


SAME_NUMBER = """
import django, sys
django.setup()
from tests.cast import Cast
from tests.conftest import FIXED_NOW
from vanthu.kernel.errors import DomainError
from vanthu.registry.operations import give_number
cast = Cast.read(now=FIXED_NOW)
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
try:
    print(give_number(actor=cast.a.clerk, document_id=int(sys.argv[1]), now=FIXED_NOW))
except DomainError as refusal:
    print(refusal.code)
"""


@pytest.mark.django_db(transaction=True)
def test_a_number_asked_for_twice_at_once_is_given_once(cast: Cast) -> None:
    """Two processes, one document: one gets the number, the other a refusal; no number is lost."""
    from tests.registry.test_numbers_under_load import ROOT, surroundings

    document_id = a_signed_document(cast)
    children = [
        subprocess.Popen(
            [sys.executable, "-c", SAME_NUMBER, str(document_id)],
            cwd=ROOT,
            env=surroundings(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    said = sorted(child.communicate(timeout=60)[0].strip() for child in children)
    assert said == ["01/SNV-TCBC", "registry.outgoing.illegal-move"]
    card = outgoing_card(document_id)
    assert card is not None
    assert card.number == 1


def test_bad_input_leaves_the_database_as_it_was(cast: Cast, now: datetime) -> None:
    """One more look at the whole database after a row of refusals."""
    document_id = an_issued_document(cast)
    before = database_state()
    for act in (
        registry.give_number,
        registry.fill_outgoing,
        registry.seal_outgoing,
        registry.issue_outgoing,
    ):
        with pytest.raises(DomainError):
            act(actor=cast.a.clerk, document_id=document_id, now=now)
    with pytest.raises(DomainError):
        admit_upload(name="x.pdf", declared_type="", data=b"", role=FileRole.ATTACHMENT)
    assert database_state() == before
