"""Starting and revising a draft: the file is printed first, then recorded in one short act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vanthu.documents import operations as documents
from vanthu.documents.queries import document_card
from vanthu.documents.rules.kinds import Direction, FileRole, FileStage
from vanthu.drafting.events import DraftMoved
from vanthu.drafting.models import Draft
from vanthu.drafting.operations.move_draft import note_step
from vanthu.drafting.operations.order import DraftOrder
from vanthu.drafting.operations.print_draft import Printed, print_draft
from vanthu.drafting.queries import locked_draft, recipient_facts
from vanthu.drafting.rules import policy, readiness
from vanthu.drafting.rules.states import DRAFT, Move, State
from vanthu.foundation.db import require_version, save_changes
from vanthu.foundation.operation import operation, publish, record, steps
from vanthu.kernel.actor import Actor, Role, holder_of_post
from vanthu.kernel.errors import NotReady, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations import queries as organizations
from vanthu.renditions.operations import admit_upload

KIND = "documents.document"
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class _Reviewers:
    approver_post_id: int
    checker_post_id: int


@steps("typst prints before the transaction opens; `_start` records draft and file in one act")
def start_draft(*, actor: Actor, order: DraftOrder, now: datetime) -> int:
    """Begin a draft with its printed file; the document id.

    Refuses: `drafting.draft.not-officer`, `drafting.draft.*-missing`, `drafting.recipient.*`,
    `drafting.signer.unknown`, `documents.secret`. Norm: NĐ30 Đ.10.2.
    """
    policy.may_start(actor).or_refuse()
    printed = _check_and_print(actor, order, now)
    return _start(actor=actor, order=order, printed=printed, now=now)


@steps("typst prints before the transaction opens; `_revise` records the new file in one act")
def revise_draft(*, actor: Actor, document_id: int, order: DraftOrder, now: datetime) -> None:
    """Change a draft that is with its author; a new printed file becomes current. Refuses: as `start_draft`, stale."""
    printed = _check_and_print(actor, order, now)
    _revise(actor=actor, document_id=document_id, order=order, printed=printed, now=now)


def _check_and_print(actor: Actor, order: DraftOrder, now: datetime) -> Printed:
    documents.refuse_secret(order.subject, *order.paragraphs)
    refuse_if(
        (
            *_unmet_for_concern(actor, order),
            *readiness.unmet_for_content(order.subject, order.paragraphs),
            *readiness.unmet_for_recipients(order.recipients, recipient_facts(order.recipients)),
        )
    )
    return print_draft(actor, order, now)


def _unmet_for_concern(actor: Actor, order: DraftOrder) -> tuple[Violation, ...]:
    """Refuses: `NotVisible`, for a document that the author may not see."""
    if order.concern is None:
        return ()
    other = document_card(actor=actor, document_id=order.concern.document_id)
    return readiness.unmet_for_concern(
        is_outgoing=other.direction == Direction.OUTGOING, has_number=other.number is not None
    )


def _reviewers(actor: Actor, now: datetime) -> _Reviewers:
    """The head of the drafting unit, and the person assigned to check form. Norm: NĐ30 Đ.12."""
    assert actor.agency_id is not None
    heads = organizations.posts_with_role(actor.agency_id, Role.UNIT_HEAD, now=now)
    own = [row for row in heads if row.unit_id == actor.unit_id] or list(heads)
    checkers = organizations.posts_with_role(actor.agency_id, Role.FORM_CHECKER, now=now)
    checkers = checkers or organizations.posts_with_role(actor.agency_id, Role.OFFICE_CHIEF, now=now)
    if not own or not checkers:
        raise NotReady([Violation("drafting.draft.no-reviewers")])
    return _Reviewers(own[0].id, checkers[0].id)


@operation("drafting.draft.start")
def _start(*, actor: Actor, order: DraftOrder, printed: Printed, now: datetime) -> int:
    assert actor.agency_id is not None
    assert actor.post_id is not None
    agency = organizations.agency(actor.agency_id)
    reviewers = _reviewers(actor, now)
    document_id = documents.create_document(
        actor=actor,
        agency_id=agency.id,
        order=documents.RecordOrder(
            direction=Direction.OUTGOING,
            type_code=order.type_code,
            subject=order.subject,
            issuer_code=agency.code,
            issuer_name=agency.name,
            urgency=order.urgency,
            notation=printed.notation,
            signer_name=printed.signer_name,
            signer_position=printed.signer_position,
        ),
        files=[printed.file],
        now=now,
    )
    draft = Draft.objects.create(
        document_id=document_id,
        agency_id=agency.id,
        unit_id=actor.unit_id,
        author_post_id=actor.post_id,
        approver_post_id=reviewers.approver_post_id,
        checker_post_id=reviewers.checker_post_id,
        signer_post_id=order.signer_post_id,
        content=_content(order),
        boxes=printed.boxes,
    )
    _address(actor, document_id, agency.id, order, now)
    documents.grant_access(
        actor=actor,
        document_id=document_id,
        agency_id=agency.id,
        holders=[holder_of_post(actor.post_id)],
        because="drafting.author",
        now=now,
    )
    _note_concern(actor, document_id, agency.id, order, now)
    if order.answers_id is not None:
        documents.relate_answer(
            actor=actor, document_id=document_id, answers_id=order.answers_id, agency_id=agency.id, now=now
        )
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=agency.id,
        after={"state": draft.state, "sha256": printed.file.sha256},
        to=draft.state,
    )
    publish(DraftMoved(document_id, agency.id, State.DRAFT, actor.post_id, order.urgency, now))
    return document_id


def _note_concern(actor: Actor, document_id: int, agency_id: int, order: DraftOrder, now: datetime) -> None:
    documents.set_concern(
        actor=actor, document_id=document_id, agency_id=agency_id, concern=order.concern, now=now
    )


def _content(order: DraftOrder) -> dict[str, object]:
    return {"paragraphs": list(order.paragraphs), "bases": list(order.bases)}


def _address(actor: Actor, document_id: int, agency_id: int, order: DraftOrder, now: datetime) -> None:
    known = organizations.addressees(order.recipients)
    documents.set_recipients(
        actor=actor,
        document_id=document_id,
        agency_id=agency_id,
        recipients=[(code, known[code].name[:LONGEST_NAME]) for code in order.recipients],
        now=now,
    )


@operation("drafting.draft.revise")
def _revise(*, actor: Actor, document_id: int, order: DraftOrder, printed: Printed, now: datetime) -> None:
    draft = locked_draft(actor, document_id)
    DRAFT.after(State(draft.state), Move.REVISE)
    policy.may(actor, Move.REVISE, draft.facts()).or_refuse()
    require_version(draft, order.version)
    before = {"content": draft.content, "signer": draft.signer_post_id}
    documents.describe(
        actor=actor,
        document_id=document_id,
        now=now,
        type_code=order.type_code,
        subject=order.subject,
        urgency=order.urgency,
        notation=printed.notation,
        signer_name=printed.signer_name,
        signer_position=printed.signer_position,
    )
    documents.add_file(actor=actor, document_id=document_id, file=printed.file, now=now)
    _address(actor, document_id, draft.agency_id, order, now)
    _note_concern(actor, document_id, draft.agency_id, order, now)
    draft.content, draft.boxes, draft.signer_post_id = _content(order), printed.boxes, order.signer_post_id
    save_changes(draft, "content", "boxes", "signer_post")
    note_step(draft, actor, Move.REVISE, "", now)
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=draft.agency_id,
        before=before,
        after={"content": draft.content, "signer": draft.signer_post_id},
    )


@steps(
    "the file is looked at in a child process before the transaction opens; `_attach` records it in one act"
)
def attach_file(
    *, actor: Actor, document_id: int, name: str, declared_type: str, data: bytes, now: datetime
) -> None:
    """Attach a file to a draft that is with its author. Refuses: `documents.file.*`, `documents.secret`."""
    file = admit_upload(
        name=name, declared_type=declared_type, data=data, role=FileRole.ATTACHMENT, stage=FileStage.DRAFT
    )
    _attach(actor=actor, document_id=document_id, file=file, now=now)


@operation("drafting.draft.attach")
def _attach(*, actor: Actor, document_id: int, file: documents.NewFile, now: datetime) -> None:
    draft = locked_draft(actor, document_id)
    DRAFT.after(State(draft.state), Move.REVISE)
    policy.may(actor, Move.REVISE, draft.facts()).or_refuse()
    documents.add_file(actor=actor, document_id=document_id, file=file, now=now)
    record(ObjectRef.of(KIND, document_id), agency_id=draft.agency_id, sha256=file.sha256)
