"""Annexes in files of their own: the agency signs each before it seals the document itself.

Norm: NĐ30 Phụ lục I (số, ký hiệu and time at the upper right, no picture), NĐ30 Đ.32.2
"""

from __future__ import annotations

from datetime import datetime

from vanthu.documents import operations as documents
from vanthu.documents.queries import FileRow, current_files, record_of
from vanthu.documents.rules.kinds import FileRole, FileStage
from vanthu.foundation.operation import operation, record, steps
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations import queries as organizations
from vanthu.registry.operations.outgoing_entry import KIND, begin
from vanthu.registry.rules.states import OutgoingMove
from vanthu.signing.events import SignatureArrived
from vanthu.signing.operations import (
    NO_SECRETS,
    KeySecrets,
    SignatureOrder,
    Signed,
    Signer,
    annex_request,
    record_signature,
    sign_or_ask,
)
from vanthu.signing.rules.desk_agent import Method
from vanthu.signing.rules.kinds import SignatureKind, SigningOutcome

PURPOSE = "registry.annex"
PDF = "application/pdf"


@steps("a part of sealing: signs file by file without a transaction, each is recorded in an act of its own")
def sign_annexes(
    *, actor: Actor, document_id: int, typed: KeySecrets = NO_SECRETS, now: datetime
) -> SigningOutcome:
    """Sign every annex that is a PDF and not signed yet; files of other kinds leave as they are.

    WAITING where the agency's device or service has been asked for one of them; sealing again goes on.
    Refuses: as `sign_or_ask`; renditions.page.cannot-be-drawn.
    """
    document = record_of(document_id)
    agency = organizations.agency(document.agency_id)
    for file in _unsigned(document_id):
        pdf = blobs().read(file.sha256)
        signed = sign_or_ask(
            actor=actor,
            signer=Signer(f"agency:{agency.id}", agency.code, agency.name, agency.name),
            order=SignatureOrder(
                document_id,
                agency.id,
                SignatureKind.AGENCY,
                PURPOSE,
                {"file_id": file.id, "agent_method": Method.APPENDIX},
            ),
            pdf=pdf,
            request=annex_request(pdf, agency_name=agency.name, full_number=document.full_number, now=now),
            typed=typed,
            now=now,
        )
        if signed is None:
            return SigningOutcome.WAITING
        _record_annex(actor=actor, document_id=document_id, file=file, before=pdf, signed=signed, now=now)
    return SigningOutcome.SIGNED


def _unsigned(document_id: int) -> list[FileRow]:
    return [
        file
        for file in current_files(document_id)
        if file.role == FileRole.ATTACHMENT and file.media_type == PDF and file.stage != FileStage.SEALED
    ]


@steps("reads the stored bytes; `_record_annex` records them in the transaction of the answer")
def take_annex(*, actor: Actor, arrived: SignatureArrived, now: datetime) -> None:
    """Go on with the signature on an annex that a device or service was asked for.

    Refuses: the annex was replaced meanwhile, and what sealing refuses.
    """
    file = next((row for row in _unsigned(arrived.document_id) if row.sha256 == arrived.sha256_before), None)
    if file is None:
        raise NotReady([Violation("signing.pending.overtaken")])
    _record_annex(
        actor=actor,
        document_id=arrived.document_id,
        file=file,
        before=blobs().read(arrived.sha256_before),
        signed=Signed(blobs().read(arrived.sha256), arrived.serial, arrived.subject),
        now=now,
    )


@operation("registry.outgoing.annex")
def _record_annex(
    *, actor: Actor, document_id: int, file: FileRow, before: bytes, signed: Signed, now: datetime
) -> None:
    """The signed annex stands in the place of the unsigned one, which is kept."""
    entry = begin(actor, document_id, OutgoingMove.SEAL)
    stored = documents.store_file(
        signed.pdf, name=file.name, role=FileRole.ATTACHMENT, stage=FileStage.SEALED, replaces=file.id
    )
    documents.add_file(actor=actor, document_id=document_id, file=stored, now=now)
    record_signature(
        actor=actor,
        document_id=document_id,
        agency_id=entry.agency_id,
        kind=SignatureKind.ANNEX,
        signed=signed,
        responsibility=f"{actor.name}, {actor.title}",
        before=before,
        now=now,
    )
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=entry.agency_id,
        before={"sha256": file.sha256},
        after={"sha256": stored.sha256},
        sha256=stored.sha256,
    )
