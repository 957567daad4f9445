"""The agency's signature on the way out: put by the clerk in person, behind a valid personal one."""

from __future__ import annotations

from datetime import datetime, timedelta

from vanthu.documents import operations as documents
from vanthu.documents.queries import DocumentCard, record_of
from vanthu.documents.rules.kinds import FileStage
from vanthu.drafting.queries import DraftCard, draft_card
from vanthu.foundation.operation import operation, steps
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, Violation, refuse_if
from vanthu.organizations import queries as organizations
from vanthu.registry.operations.annexes import sign_annexes
from vanthu.registry.operations.outgoing_entry import begin, file_name, finish, hold_back, look
from vanthu.registry.rules import readiness
from vanthu.registry.rules.states import OutgoingMove
from vanthu.renditions.stamps import seal_appearance
from vanthu.signing.events import SignatureArrived
from vanthu.signing.operations import (
    NO_SECRETS,
    KeySecrets,
    SignatureOrder,
    SignatureRequest,
    Signed,
    Signer,
    check_file,
    record_signature,
    sign_or_ask,
)
from vanthu.signing.queries import in_the_name_of, known_verdict, signatures_of
from vanthu.signing.rules.kinds import SignatureKind, SigningOutcome

FIRST_PAGE_SEAL = "CoQuan_1"
PURPOSE = "registry.seal"


@steps(
    "check, sign with the agency's key, check again, then record: nothing of this belongs into a transaction"
)
def seal_outgoing(
    *,
    actor: Actor,
    document_id: int,
    typed: KeySecrets = NO_SECRETS,
    hold: timedelta | None = None,
    now: datetime,
) -> SigningOutcome:
    """Put the agency's signature, personally by the clerk, only behind a valid personal one. Norm: NĐ30 Đ.32.2 (M6).

    WAITING where the agency's device or service has been asked: `take_seal` goes on with its answer, and then
    lets the document leave after `hold`, when one is given.
    """
    card, document = look(actor, document_id, OutgoingMove.SEAL)
    draft = draft_card(document_id)
    assert draft is not None
    before = blobs().read(document.main_sha256)
    checked = check_file(actor=actor, sha256=document.main_sha256, now=now)
    named = in_the_name_of(checked, document.issuer_code)
    refuse_if(readiness.unmet_for_sealing(named, signer_serial=_signer_serial(document_id)))
    annexes = sign_annexes(actor=actor, document_id=document_id, typed=typed, now=now)
    if annexes is SigningOutcome.WAITING:
        return annexes
    agency = organizations.agency(card.agency_id)
    errand = {} if hold is None else {"hold_seconds": hold.total_seconds()}
    signed = sign_or_ask(
        actor=actor,
        signer=Signer(f"agency:{agency.id}", agency.code, agency.name, agency.name),
        order=SignatureOrder(document_id, agency.id, SignatureKind.AGENCY, PURPOSE, errand),
        pdf=before,
        request=_seal_request(draft, agency, now),
        typed=typed,
        now=now,
    )
    if signed is None:
        return SigningOutcome.WAITING
    file = _sealed_file(document, signed)
    verdict = check_file(actor=actor, sha256=file.sha256, now=now)
    _record_sealed(
        actor=actor,
        document_id=document_id,
        before=before,
        signed=signed,
        file=file,
        verdict=verdict.verdict,
        now=now,
    )
    return SigningOutcome.SIGNED


def _signer_serial(document_id: int) -> str:
    """The certificate of the very person who signed here with authority (M6, NĐ30 Đ.32.2d)."""
    personal = [row.serial for row in signatures_of(document_id) if row.kind == SignatureKind.PERSONAL]
    return personal[-1] if personal else ""


def _sealed_file(document: DocumentCard, signed: Signed) -> documents.NewFile:
    return documents.store_file(
        signed.pdf, name=file_name(document), stage=FileStage.SEALED, page_count=document.page_count
    )


@steps(
    "reads the stored bytes; `_record_sealed` and `_hold` record what follows, in the transaction of the answer"
)
def take_seal(*, actor: Actor, arrived: SignatureArrived, now: datetime) -> None:
    """Go on with the agency's signature that a device or service was asked for: number and date are kept (D10).

    Refuses: the file was replaced or the number voided meanwhile, and what `seal_outgoing` refuses.
    """
    document = record_of(arrived.document_id)
    if document.main_sha256 != arrived.sha256_before:
        raise NotReady([Violation("signing.pending.overtaken")])
    signed = Signed(blobs().read(arrived.sha256), arrived.serial, arrived.subject)
    verdict = known_verdict(arrived.sha256)
    assert verdict is not None  # checked before it was taken
    _record_sealed(
        actor=actor,
        document_id=document.id,
        before=blobs().read(arrived.sha256_before),
        signed=signed,
        file=_sealed_file(document, signed),
        verdict=verdict.verdict,
        now=now,
    )
    hold = arrived.errand.get("hold_seconds")
    if isinstance(hold, int | float):
        hold_back(actor=actor, document_id=document.id, until=now + timedelta(seconds=hold), now=now)


def _seal_request(draft: DraftCard, agency: organizations.AgencyRow, now: datetime) -> SignatureRequest:
    page, x0, y0, x1, y1 = draft.boxes["seal"]
    return SignatureRequest(
        field_name=FIRST_PAGE_SEAL,
        signed_at=now,
        signer_name=agency.name,
        reason="Phát hành văn bản",
        page=int(page),
        box=(x0, y0, x1, y1),
        appearance=seal_appearance(agency.name, agency.seal_diameter_mm),
        lock_fields=True,
    )


@operation("registry.outgoing.seal")
def _record_sealed(
    *,
    actor: Actor,
    document_id: int,
    before: bytes,
    signed: Signed,
    file: documents.NewFile,
    verdict: str,
    now: datetime,
) -> None:
    entry = begin(actor, document_id, OutgoingMove.SEAL)
    documents.add_file(actor=actor, document_id=document_id, file=file, now=now)
    documents.describe(actor=actor, document_id=document_id, now=now, verdict=verdict)
    record_signature(
        actor=actor,
        document_id=document_id,
        agency_id=entry.agency_id,
        kind=SignatureKind.AGENCY,
        signed=signed,
        responsibility=f"{actor.name}, {actor.title}",
        before=before,
        now=now,
    )
    entry.sealed_at = now
    finish(entry, OutgoingMove.SEAL, now, "sealed_at")
