"""Writes to records and their files. Visibility is granted here, by the contexts above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from vanthu.documents.models import (
    Document,
    DocumentFile,
    Grant,
    Opening,
    QuarantinedPackage,
    Recipient,
    Relation,
)
from vanthu.documents.queries import require_visible
from vanthu.documents.rules.intake import secrecy_marks_in
from vanthu.documents.rules.kinds import ENDING, Concern, Direction, FileRole, FileStage, RelationKind
from vanthu.foundation.db import insert, insert_many
from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor, Urgency
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef

KIND = "documents.document"


@dataclass(frozen=True, slots=True)
class NewFile:
    """Bytes that are already in the store, and the name they go by."""

    name: str
    media_type: str
    size: int
    sha256: str
    role: FileRole = FileRole.MAIN
    stage: FileStage = FileStage.DRAFT
    page_count: int = 0
    replaces: int | None = None
    """The file row of which this is the next stage; only for attachments, a document has one main file."""


def store_file(
    data: bytes,
    *,
    name: str,
    media_type: str = "application/pdf",
    role: FileRole = FileRole.MAIN,
    stage: FileStage = FileStage.DRAFT,
    page_count: int = 0,
    replaces: int | None = None,
) -> NewFile:
    """Freeze bytes in the store before the act that refers to them; unused ones are swept later."""
    return NewFile(name, media_type, len(data), blobs().put(data), role, stage, page_count, replaces)


@dataclass(frozen=True, slots=True)
class RecordOrder:
    """The descriptive fields of a new record."""

    direction: Direction
    type_code: str
    subject: str
    issuer_code: str
    issuer_name: str
    urgency: Urgency = Urgency.NORMAL
    number: int | None = None
    notation: str = ""
    full_number: str = ""
    issued_on: date | None = None
    signer_name: str = ""
    signer_position: str = ""
    verdict: str = ""


def refuse_secret(*texts: str) -> None:
    """State secrets never enter. Refuses: `documents.secret`. Norm: Luật 117/2025/QH15; rule M32, decision D44."""
    marks = [mark for text in texts for mark in secrecy_marks_in(text)]
    if marks:
        raise NotReady([Violation("documents.secret", (("mark", marks[0]),))])


@operation("documents.document.create")
def create_document(
    *, actor: Actor, agency_id: int, order: RecordOrder, files: Iterable[NewFile] = (), now: datetime
) -> int:
    """Create a record with its first files. Refuses: `documents.secret`."""
    refuse_secret(order.subject)
    document = Document(
        agency_id=agency_id,
        direction=order.direction,
        type_code=order.type_code,
        subject=order.subject,
        number=order.number,
        notation=order.notation,
        full_number=order.full_number,
        issued_on=order.issued_on,
        issuer_code=order.issuer_code,
        issuer_name=order.issuer_name,
        signer_name=order.signer_name,
        signer_position=order.signer_position,
        urgency=order.urgency,
        verdict=order.verdict,
        created_at=now,
    )
    chosen = list(files)
    _take_over(document, chosen)
    insert(document)
    _insert_files(document, chosen, now)
    record(
        ObjectRef.of(KIND, document.pk),
        agency_id=agency_id,
        after={"sha256": document.main_sha256, "subject": document.subject},
    )
    return int(document.pk)


def _take_over(document: Document, files: list[NewFile]) -> None:
    for file in files:
        if file.role == FileRole.MAIN:
            document.main_sha256, document.page_count = file.sha256, file.page_count or document.page_count
    attachments = sum(file.role == FileRole.ATTACHMENT and file.replaces is None for file in files)
    document.file_count = max(document.file_count, 1 if document.main_sha256 else 0) + attachments


def _insert_files(document: Document, files: list[NewFile], now: datetime) -> None:
    insert_many(
        [
            DocumentFile(
                document=document,
                role=file.role,
                stage=file.stage,
                ordinal=ordinal,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                added_at=now,
                replaces_id=file.replaces,
            )
            for ordinal, file in enumerate(files)
        ]
    )


@operation("documents.file.add")
def add_file(*, actor: Actor, document_id: int, file: NewFile, now: datetime) -> None:
    """Add a file row; a MAIN one becomes the current main file. Bytes once stored are never changed (rule M18)."""
    document = Document.objects.get(pk=document_id)
    before = {"sha256": document.main_sha256}
    _take_over(document, [file])
    document.verdict = "" if file.role == FileRole.MAIN else document.verdict
    document.version += 1
    document.save(update_fields=["main_sha256", "page_count", "file_count", "verdict", "version"])
    _insert_files(document, [file], now)
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=document.agency_id,
        before=before,
        after={"sha256": document.main_sha256},
        stage=file.stage,
        sha256=file.sha256,
    )


@operation("documents.document.describe")
def describe(*, actor: Actor, document_id: int, now: datetime, **fields: object) -> None:
    """Set descriptive fields (subject, number, signer, …) on behalf of the context that owns the step."""
    document = Document.objects.get(pk=document_id)
    before = {name: str(getattr(document, name)) for name in fields}
    for name, value in fields.items():
        setattr(document, name, value)
    if "subject" in fields:
        refuse_secret(document.subject)
    document.version += 1
    document.save(update_fields=[*fields, "version"])
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=document.agency_id,
        before=before,
        after={name: str(value) for name, value in fields.items()},
        fields=sorted(fields),
    )


@operation("documents.recipients.set")
def set_recipients(
    *, actor: Actor, document_id: int, agency_id: int, recipients: Iterable[tuple[str, str]], now: datetime
) -> None:
    """Replace the list of recipients: (agency code or "", name) in the order of "Nơi nhận"."""
    Recipient.objects.filter(document_id=document_id).delete()
    rows = [
        Recipient(document_id=document_id, ordinal=ordinal, agency_code=code, name=name)
        for ordinal, (code, name) in enumerate(recipients)
    ]
    Recipient.objects.bulk_create(rows, batch_size=500)
    record(ObjectRef.of(KIND, document_id), agency_id=agency_id, recipients=len(rows))


@operation("documents.access.grant")
def grant_access(
    *, actor: Actor, document_id: int, agency_id: int, holders: Iterable[str], because: str, now: datetime
) -> None:
    """Let the holders see the document; who sees it already keeps seeing it. Norm: NĐ30 PL VI (rule M38)."""
    chosen = sorted(set(holders))
    insert_many(
        [
            Grant(
                document_id=document_id, agency_id=agency_id, holder=holder, because=because, granted_at=now
            )
            for holder in chosen
        ],
        ignore_conflicts=True,
    )
    record(ObjectRef.of(KIND, document_id), agency_id=agency_id, holders=chosen, because=because)


@operation("documents.relation.add")
def relate_answer(*, actor: Actor, document_id: int, answers_id: int, agency_id: int, now: datetime) -> None:
    """Say that a document answers another one of the same agency. Refuses: `NotVisible`."""
    require_visible(actor, answers_id)
    Relation.objects.bulk_create(
        [Relation(document_id=document_id, other_id=answers_id, kind=RelationKind.ANSWERS)],
        ignore_conflicts=True,
    )
    record(ObjectRef.of(KIND, document_id), agency_id=agency_id, answers=answers_id)


@operation("documents.relation.concern")
def set_concern(
    *, actor: Actor, document_id: int, agency_id: int, concern: Concern | None, now: datetime
) -> None:
    """Say which document this one revokes or replaces; None: neither any more. Refuses: `NotVisible`."""
    before = Relation.objects.filter(document_id=document_id, kind__in=ENDING)
    known = [(row.kind, row.other_id) for row in before]
    wanted = [] if concern is None else [(concern.kind, concern.document_id)]
    if known == wanted:
        nothing_changed()
        return
    before.delete()
    if concern is not None:
        require_visible(actor, concern.document_id)
        Relation.objects.create(document_id=document_id, other_id=concern.document_id, kind=concern.kind)
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=agency_id,
        concerns=None if concern is None else concern.document_id,
        kind="" if concern is None else concern.kind,
    )


@operation("documents.relation.add-concern")
def add_concern(*, actor: Actor, document_id: int, agency_id: int, concern: Concern, now: datetime) -> None:
    """Say that a received document replaces another received one. Refuses: `NotVisible`."""
    require_visible(actor, concern.document_id)
    Relation.objects.bulk_create(
        [Relation(document_id=document_id, other_id=concern.document_id, kind=concern.kind)],
        ignore_conflicts=True,
    )
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=agency_id,
        concerns=concern.document_id,
        kind=concern.kind,
    )


@operation("documents.document.view")
def record_view(*, actor: Actor, document_id: int, now: datetime) -> None:
    """Remember that somebody opened the document; the only writer a GET may call (D11). Refuses: `NotVisible`."""
    require_visible(actor, document_id)
    holder = f"post:{actor.post_id}" if actor.post_id else f"person:{actor.user_id}"
    Opening.objects.bulk_create(
        [Opening(document_id=document_id, holder=holder, opened_at=now)], ignore_conflicts=True
    )
    record(ObjectRef.of(KIND, document_id), agency_id=actor.agency_id)


@operation("documents.package.quarantine")
def quarantine(*, actor: Actor, agency_id: int, sha256: str, sender: str, reason: str, now: datetime) -> None:
    """Keep digest, sender and time of something marked secret; its content is never opened (decision D44)."""
    row = QuarantinedPackage.objects.create(
        agency_id=agency_id, sha256=sha256, sender=sender[:200], reason=reason, at=now
    )
    record(ObjectRef.of("documents.quarantine", row.pk), agency_id=agency_id, sha256=sha256, sender=sender)
