"""The personal signature: the key works between two short acts, and what it signed is exactly what was approved."""

from __future__ import annotations

from datetime import datetime

from vanthu.documents import operations as documents
from vanthu.documents.queries import DocumentCard, document_card, record_of
from vanthu.documents.rules.kinds import FileStage
from vanthu.drafting.events import DraftSigned
from vanthu.drafting.models import Draft
from vanthu.drafting.operations.move_draft import note_step
from vanthu.drafting.queries import DraftCard, draft_card, locked_draft
from vanthu.drafting.rules import policy, readiness
from vanthu.drafting.rules.states import DRAFT, Move, State
from vanthu.foundation.db import require_version, save_changes
from vanthu.foundation.operation import operation, publish, record, steps
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor, holder_of_office
from vanthu.kernel.due import local
from vanthu.kernel.errors import NotReady, NotVisible, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations import queries as organizations
from vanthu.organizations.rules.authority import AuthorityFacts, authority_for
from vanthu.renditions.stamps import signature_appearance
from vanthu.signing.events import SignatureArrived
from vanthu.signing.operations import (
    NO_SECRETS,
    KeySecrets,
    SignatureOrder,
    SignatureRequest,
    Signed,
    Signer,
    record_signature,
    sign_or_ask,
)
from vanthu.signing.rules.kinds import SignatureKind, SigningOutcome

KIND = "documents.document"
PURPOSE = "drafting.sign"


@steps("the key may be a slow device: read and check, sign without a transaction, record under lock")
def sign_draft(
    *,
    actor: Actor,
    document_id: int,
    version: int | None = None,
    typed: KeySecrets = NO_SECRETS,
    now: datetime,
) -> SigningOutcome:
    """Sign as the competent person; the records office finds it in "Chờ cấp số".

    WAITING where the signer's device or service has been asked: `take_signature` goes on with its answer.
    Refuses: not the signer, no authority (M8), changed after approval (M9), no key. Norm: NĐ30 Đ.13.
    """
    document = document_card(actor=actor, document_id=document_id)
    card = draft_card(document_id)
    if card is None:
        raise NotVisible
    _check(actor, card, document, now)
    require_version(card, version)
    pdf = blobs().read(card.approved_sha256)
    signed = sign_or_ask(
        actor=actor,
        signer=_signer(actor),
        order=SignatureOrder(document_id, card.facts.agency_id, SignatureKind.PERSONAL, PURPOSE),
        pdf=pdf,
        request=SignatureRequest(
            field_name="NguoiKy_1",
            signed_at=now,
            signer_name=actor.name,
            reason="Ký ban hành",
            page=int(card.boxes["signature"][0]),
            box=tuple(card.boxes["signature"][1:]),  # type: ignore[arg-type]
            appearance=signature_appearance(actor.name),
        ),
        typed=typed,
        now=now,
    )
    if signed is None:
        return SigningOutcome.WAITING
    _record(actor=actor, document_id=document_id, version=version, before=pdf, signed=signed, now=now)
    return SigningOutcome.SIGNED


@steps("reads the stored bytes; `_record` records them in one act")
def take_signature(*, actor: Actor, arrived: SignatureArrived, now: datetime) -> None:
    """Go on with the signature that a device or service was asked for.

    Refuses: the draft was changed, returned or signed meanwhile, and what `sign_draft` refuses (M8, M9).
    """
    card = draft_card(arrived.document_id)
    if card is None:
        raise NotVisible
    if card.approved_sha256 != arrived.sha256_before:
        raise NotReady([Violation("signing.pending.overtaken")])
    _record(
        actor=actor,
        document_id=arrived.document_id,
        version=None,
        before=blobs().read(arrived.sha256_before),
        signed=Signed(blobs().read(arrived.sha256), arrived.serial, arrived.subject),
        now=now,
    )


def _signer(actor: Actor) -> Signer:
    assert actor.agency_id is not None
    agency = organizations.agency(actor.agency_id)
    return Signer(f"person:{actor.user_id}", str(actor.user_id), actor.name, agency.name)


def _authority(actor: Actor, document: DocumentCard, now: datetime) -> AuthorityFacts | None:
    assert actor.post_id is not None
    rows = organizations.authorities_of_post(actor.post_id)
    return authority_for(rows, doc_type=document.type_code, on=local(now).date())


def _check(actor: Actor, card: DraftCard, document: DocumentCard, now: datetime) -> AuthorityFacts:
    DRAFT.after(card.state, Move.SIGN)
    policy.may(actor, Move.SIGN, card.facts).or_refuse()
    authority = _authority(actor, document, now)
    refuse_if(
        readiness.unmet_for_signing(
            has_authority=authority is not None,
            file_sha256=document.main_sha256,
            approved_sha256=card.approved_sha256,
        )
    )
    assert authority is not None
    return authority


@operation("drafting.draft.sign")
def _record(
    *, actor: Actor, document_id: int, version: int | None, before: bytes, signed: Signed, now: datetime
) -> None:
    draft = locked_draft(actor, document_id)
    document = record_of(document_id)
    card = draft_card(document_id)
    assert card is not None
    authority = _check(actor, card, document, now)
    require_version(draft, version)
    file = documents.store_file(
        signed.pdf, name="van-ban.pdf", stage=FileStage.SIGNED, page_count=document.page_count
    )
    documents.add_file(actor=actor, document_id=document_id, file=file, now=now)
    record_signature(
        actor=actor,
        document_id=document_id,
        agency_id=draft.agency_id,
        kind=SignatureKind.PERSONAL,
        signed=signed,
        responsibility=" ".join(authority.title_lines) + f" ({authority.basis})",
        before=before,
        now=now,
    )
    _finish(draft, actor, document, file.sha256, now)


def _finish(draft: Draft, actor: Actor, document: DocumentCard, sha256: str, now: datetime) -> None:
    draft.state, draft.signed_at = DRAFT.after(State(draft.state), Move.SIGN), now
    save_changes(draft, "state", "signed_at")
    note_step(draft, actor, Move.SIGN, "", now)
    documents.grant_access(
        actor=actor,
        document_id=document.id,
        agency_id=draft.agency_id,
        holders=[holder_of_office(draft.agency_id)],
        because="registry.outgoing",
        now=now,
    )
    record(
        ObjectRef.of(KIND, document.id),
        agency_id=draft.agency_id,
        before={"state": State.AWAITING_SIGNATURE},
        after={"state": draft.state, "sha256": sha256},
        to=draft.state,
    )
    publish(
        DraftSigned(
            document.id, draft.agency_id, document.type_code, document.notation, document.urgency, now, now
        )
    )
