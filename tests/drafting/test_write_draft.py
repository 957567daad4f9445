"""Starting, revising and attaching: the draft's file is printed, recorded and shown to its author."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tests.cast import CLOSED, Cast
from tests.factories.drafting import a_draft, a_draft_order, a_submitted_draft
from tests.factories.signing import Letter
from tests.proof import audited, database_state, demand_true_counters, desks, refused
from vanthu.documents import queries as documents
from vanthu.drafting import operations as drafting
from vanthu.drafting.queries import draft_card, steps_of
from vanthu.drafting.rules.states import Move, State
from vanthu.kernel.actor import Role, Urgency, holder_of_post
from vanthu.kernel.errors import IllegalMove, NotPermitted, NotReady, NotVisible, StaleVersion
from vanthu.organizations.models import PostRole
from vanthu.queues.rules.catalogue import Queue


def test_a_draft_is_printed_recorded_and_lies_with_its_author(cast: Cast, now: datetime) -> None:
    order = a_draft_order(cast.a, to=(cast.b.code,), urgency=Urgency.URGENT)
    with audited() as log:
        document_id = drafting.start_draft(actor=cast.a.officer, order=order, now=now)

    document = documents.document_card(actor=cast.a.officer, document_id=document_id)
    assert (document.direction, document.notation, document.urgency) == (
        "OUTGOING",
        "SNV-TCBC",
        Urgency.URGENT,
    )
    assert (document.signer_name, document.number) == (cast.a.leader.name, None)
    assert documents.main_bytes(document_id).startswith(b"%PDF-")
    assert [row.agency_code for row in documents.recipients_of(document_id)] == [cast.b.code]
    card = draft_card(document_id)
    assert card is not None
    assert card.state is State.DRAFT
    assert card.facts.approver_post_id == cast.a.head.post_id
    assert card.facts.checker_post_id == cast.a.checker.post_id
    assert set(card.boxes) >= {"number", "date", "signature", "seal"}
    assert desks(document_id) == {(holder_of_post(cast.a.officer.post_id or 0), Queue.MY_DRAFTS)}
    assert log.by("drafting.draft.start").detail == {"to": "DRAFT"}
    assert {event.actor_id for event in log.events} == {cast.a.officer.user_id}
    demand_true_counters()


def test_only_its_author_sees_a_new_draft(cast: Cast, now: datetime) -> None:
    document_id = a_draft(cast)
    seeing = [actor for actor in cast.everybody if documents.is_visible(actor, document_id)]
    assert seeing == [cast.a.officer]


def test_a_draft_of_another_type_takes_its_abbreviation(cast: Cast) -> None:
    assert documents.record_of(a_draft(cast, type_code="thong_bao")).notation == "TB-SNV"


def test_a_draft_may_answer_a_document_that_its_author_sees(cast: Cast, now: datetime) -> None:
    from tests.factories.routing import a_started_document

    asked = a_started_document(cast)
    reply = a_draft(cast, sender=cast.b, to=(cast.a.code,), answers_id=asked)
    assert documents.answered_by(reply) == asked


def test_a_draft_cannot_answer_a_document_that_its_author_does_not_see(cast: Cast, now: datetime) -> None:
    unseen = a_draft(cast)
    order = a_draft_order(cast.b, to=(cast.a.code,), answers_id=unseen)
    with refused("document.not-found", kind=NotVisible):
        drafting.start_draft(actor=cast.b.officer, order=order, now=now)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"subject": " "}, ["drafting.draft.subject-missing"]),
        ({"paragraphs": ()}, ["drafting.draft.content-missing"]),
        (
            {"subject": "", "paragraphs": ("",)},
            ["drafting.draft.content-missing", "drafting.draft.subject-missing"],
        ),
        ({"recipients": ("H26.KHONG",)}, ["drafting.recipient.unknown"]),
        ({"recipients": (CLOSED,)}, ["drafting.recipient.closed"]),
        ({"type_code": "thu_tinh"}, ["drafting.type.unknown"]),
        ({"signer_post_id": 0}, ["drafting.signer.unknown"]),
        ({"subject": "Độ mật: Tối mật"}, ["documents.secret"]),
        ({"paragraphs": ("MẬT",)}, ["documents.secret"]),
    ],
    ids=[
        "subject",
        "content",
        "both",
        "unknown",
        "M39-closed",
        "type",
        "signer",
        "M32-subject",
        "M32-content",
    ],
)
def test_a_draft_that_lacks_something_is_refused(
    cast: Cast, now: datetime, changes: dict[str, object], codes: list[str]
) -> None:
    order = replace(a_draft_order(cast.a, to=(cast.b.code,)), **changes)
    with refused(*codes, kind=NotReady):
        drafting.start_draft(actor=cast.a.officer, order=order, now=now)


def test_a_signer_of_another_agency_is_refused(cast: Cast, now: datetime) -> None:
    order = a_draft_order(cast.a, to=(), signer_post_id=cast.b.leader.post_id)
    with refused("drafting.signer.unknown"):
        drafting.start_draft(actor=cast.a.officer, order=order, now=now)


@pytest.mark.parametrize("who", ["clerk", "leader", "archivist", "admin", "assistant"])
def test_whoever_is_no_officer_does_not_begin_a_draft(cast: Cast, now: datetime, who: str) -> None:
    with refused("drafting.draft.not-officer", kind=NotPermitted):
        drafting.start_draft(
            actor=getattr(cast.a, who), order=a_draft_order(cast.a, to=(cast.b.code,)), now=now
        )


def test_an_agency_without_heads_cannot_draft(cast: Cast, now: datetime) -> None:
    PostRole.objects.filter(post__agency_id=cast.a.id, role=Role.UNIT_HEAD).delete()
    with refused("drafting.draft.no-reviewers", kind=NotReady):
        drafting.start_draft(actor=cast.a.officer, order=a_draft_order(cast.a, to=(cast.b.code,)), now=now)


def test_a_revision_prints_a_new_file_and_keeps_the_old_one(cast: Cast, now: datetime) -> None:
    document_id = a_draft(cast)
    before = documents.record_of(document_id)
    order = a_draft_order(
        cast.a, to=(cast.b.code,), subject="nội dung đã sửa", paragraphs=("Đã sửa.",), version=1
    )
    with audited() as log:
        drafting.revise_draft(actor=cast.a.officer, document_id=document_id, order=order, now=now)

    after = documents.record_of(document_id)
    assert after.subject == "nội dung đã sửa"
    assert after.main_sha256 != before.main_sha256
    assert before.main_sha256 in {file.sha256 for file in documents.files_of(document_id)}
    assert [step.move for step in steps_of(document_id)] == [Move.REVISE]
    event = log.by("drafting.draft.revise")
    assert event.before != event.after
    demand_true_counters()


def test_a_revision_is_refused_to_others_later_and_from_a_stale_form(cast: Cast, now: datetime) -> None:
    document_id = a_draft(cast)
    order = a_draft_order(cast.a, to=(cast.b.code,))
    with refused("document.not-found", kind=NotVisible):
        drafting.revise_draft(actor=cast.a.partner, document_id=document_id, order=order, now=now)
    drafting.revise_draft(actor=cast.a.officer, document_id=document_id, order=order, now=now)
    with refused("document.stale", kind=StaleVersion):
        drafting.revise_draft(
            actor=cast.a.officer, document_id=document_id, order=replace(order, version=1), now=now
        )


def test_a_submitted_draft_is_no_longer_revised(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_draft(cast)
    order = a_draft_order(cast.a, to=(cast.b.code,))
    with refused("drafting.draft.illegal-move", kind=IllegalMove):
        drafting.revise_draft(actor=cast.a.officer, document_id=document_id, order=order, now=now)


def test_the_head_of_the_unit_sees_the_draft_but_does_not_revise_it(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_draft(cast)
    drafting.return_draft(actor=cast.a.head, document_id=document_id, reason="Sửa căn cứ", now=now)
    with refused("drafting.draft.not-author", kind=NotPermitted):
        drafting.revise_draft(
            actor=cast.a.head, document_id=document_id, order=a_draft_order(cast.a, to=()), now=now
        )


def test_an_attachment_is_added_beside_the_main_file(cast: Cast, now: datetime, letter: Letter) -> None:
    document_id = a_draft(cast)
    main = documents.record_of(document_id).main_sha256
    with audited() as log:
        drafting.attach_file(
            actor=cast.a.officer,
            document_id=document_id,
            name="phu-luc.pdf",
            declared_type="application/pdf",
            data=letter.draft,
            now=now,
        )

    assert documents.record_of(document_id).main_sha256 == main
    assert [file.name for file in documents.current_files(document_id)] == ["van-ban.pdf", "phu-luc.pdf"]
    assert "drafting.draft.attach" in log.verbs


def test_an_attachment_is_refused_to_others_and_after_submission(
    cast: Cast, now: datetime, letter: Letter
) -> None:
    file = {"name": "phu-luc.pdf", "declared_type": "application/pdf", "data": letter.draft, "now": now}
    document_id = a_submitted_draft(cast)
    with refused("drafting.draft.illegal-move", kind=IllegalMove):
        drafting.attach_file(actor=cast.a.officer, document_id=document_id, **file)  # type: ignore[arg-type]
    with refused("document.not-found", kind=NotVisible):
        drafting.attach_file(actor=cast.b.officer, document_id=document_id, **file)  # type: ignore[arg-type]


def test_a_refused_draft_leaves_no_row_at_all(cast: Cast, now: datetime) -> None:
    before = database_state()
    with pytest.raises(NotReady):
        drafting.start_draft(actor=cast.a.officer, order=a_draft_order(cast.a, to=(CLOSED,)), now=now)
    assert database_state() == before
