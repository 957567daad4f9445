"""Records, files, recipients, grants, relations, views and quarantine."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.cast import Cast
from tests.factories.drafting import a_draft
from tests.factories.exchange import an_arrival
from tests.proof import audited, refused
from vanthu.documents import operations as documents
from vanthu.documents import queries
from vanthu.documents.models import Document, DocumentFile, Opening, QuarantinedPackage
from vanthu.documents.operations import RecordOrder, store_file
from vanthu.documents.rules.kinds import Direction, FileRole, FileStage
from vanthu.kernel.actor import system_actor
from vanthu.kernel.errors import NotReady, NotVisible

ORDER = RecordOrder(
    direction=Direction.INCOMING,
    type_code="cong_van",
    subject="trích yếu",
    issuer_code="H26",
    issuer_name="UBND",
)


def test_a_record_is_created_with_its_files(cast: Cast, now: datetime) -> None:
    main = store_file(b"%PDF-1.7 main", name="chinh.pdf", page_count=3)
    other = store_file(b"%PDF-1.7 more", name="phu-luc.pdf", role=FileRole.ATTACHMENT)
    with audited() as log:
        document_id = documents.create_document(
            actor=cast.b.clerk, agency_id=cast.b.id, order=ORDER, files=[main, other], now=now
        )
    row = Document.objects.get(pk=document_id)
    assert (row.main_sha256, row.page_count, row.file_count) == (main.sha256, 3, 2)
    assert [file.name for file in queries.files_of(document_id)] == ["chinh.pdf", "phu-luc.pdf"]
    assert log.verbs == ["documents.document.create"]
    assert not queries.is_visible(cast.b.clerk, document_id)


def test_a_secret_subject_makes_no_record(cast: Cast, now: datetime) -> None:
    from dataclasses import replace

    with refused("documents.secret", kind=NotReady):
        documents.create_document(
            actor=cast.b.clerk, agency_id=cast.b.id, order=replace(ORDER, subject="TỐI MẬT"), now=now
        )


def test_a_new_main_file_takes_the_place_of_the_old_one_and_forgets_its_verdict(
    cast: Cast, now: datetime
) -> None:
    document_id = an_arrival(cast)
    documents.describe(actor=cast.b.clerk, document_id=document_id, now=now, verdict="VALID")
    file = store_file(b"%PDF-1.7 new", name="moi.pdf", stage=FileStage.SEALED)
    documents.add_file(actor=cast.b.clerk, document_id=document_id, file=file, now=now)
    card = queries.record_of(document_id)
    assert (card.main_sha256, card.verdict) == (file.sha256, "")
    assert DocumentFile.objects.filter(document_id=document_id).count() == 2
    assert queries.main_bytes(document_id) == b"%PDF-1.7 new"


def test_describing_says_what_was_and_what_is(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    with audited() as log:
        documents.describe(actor=cast.b.clerk, document_id=document_id, now=now, subject="mới")
    event = log.by("documents.document.describe")
    assert event.detail == {"fields": ["subject"]}
    assert event.before != event.after
    with refused("documents.secret", kind=NotReady):
        documents.describe(actor=cast.b.clerk, document_id=document_id, now=now, subject="(MẬT)")


def test_granting_twice_keeps_the_first_reason(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    for because in ("one", "two"):
        documents.grant_access(
            actor=cast.b.clerk,
            document_id=document_id,
            agency_id=cast.b.id,
            holders=["post:1", "post:1"],
            because=because,
            now=now,
        )
    assert queries.holders_of(document_id).count("post:1") == 1


def test_recipients_are_replaced_in_their_order(cast: Cast, now: datetime) -> None:
    document_id = a_draft(cast)
    named = [(cast.ward.row.code, "Phường"), ("", "Như trên")]
    documents.set_recipients(
        actor=cast.a.officer, document_id=document_id, agency_id=cast.a.id, recipients=named, now=now
    )
    rows = queries.recipients_of(document_id)
    assert [(row.agency_code, row.name) for row in rows] == named


def test_a_view_is_remembered_once_for_the_post_and_each_time_in_the_log(cast: Cast, now: datetime) -> None:
    """D11."""
    document_id = an_arrival(cast)
    with audited() as log:
        for _ in range(2):
            documents.record_view(actor=cast.b.clerk, document_id=document_id, now=now)
    assert log.verbs == ["documents.document.view"] * 2
    assert Opening.objects.filter(document_id=document_id).count() == 1
    assert queries.opened_ids(cast.b.clerk, [document_id]) == {document_id}
    assert queries.opened_ids(cast.b.leader, [document_id]) == frozenset()
    with refused("document.not-found", kind=NotVisible):
        documents.record_view(actor=cast.b.leader, document_id=document_id, now=now)


def test_an_answer_is_related_once(cast: Cast, now: datetime) -> None:
    asked, reply = an_arrival(cast), a_draft(cast, sender=cast.b, to=(cast.a.code,))
    for _ in range(2):
        documents.relate_answer(
            actor=cast.b.clerk, document_id=reply, answers_id=asked, agency_id=cast.b.id, now=now
        )
    assert queries.answered_by(reply) == asked
    assert [card.id for card in queries.replies_to(asked)] == [reply]


def test_a_package_in_quarantine_keeps_digest_sender_and_time_only(cast: Cast, now: datetime) -> None:
    """D44."""
    with audited() as log:
        documents.quarantine(
            actor=system_actor(cast.b.id),
            agency_id=cast.b.id,
            sha256="ab" * 32,
            sender="Sở Nội vụ",
            reason="Văn bản mật",
            now=now,
        )
    row = QuarantinedPackage.objects.get()
    assert (row.sha256, row.sender, row.at) == ("ab" * 32, "Sở Nội vụ", now)
    assert log.verbs == ["documents.package.quarantine"]


@pytest.mark.parametrize("lookup", [queries.record_of])
def test_a_record_that_is_not_there_is_not_found(db: None, lookup: object) -> None:
    with pytest.raises(NotVisible):
        lookup(999_999)  # type: ignore[operator]
