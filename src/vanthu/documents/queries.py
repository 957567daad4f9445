"""Reads of documents; `visible_to` is the one sentence that decides what anybody may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from vanthu.documents.models import Document, DocumentFile, Grant, Opening, Recipient, Relation
from vanthu.documents.reference import read_document_types
from vanthu.documents.rules.kinds import ENDING, Concern, FileRole, FileStage, RelationKind
from vanthu.documents.rules.types import OTHER, DocumentTypeRow
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor, Urgency
from vanthu.kernel.errors import NotVisible


def visible_to(actor: Actor) -> QuerySet[Document]:
    """The documents of the actor's agency that were granted to one of the capacities he acts in (D7).

    A system account (R15) sees the records of the agency it works for.
    """
    if actor.agency_id is None:
        return Document.objects.none()
    mine = Document.objects.filter(agency_id=actor.agency_id)
    if actor.is_system:
        return mine
    granted = Grant.objects.filter(document=OuterRef("pk"), holder__in=actor.holders)
    return mine.filter(Exists(granted))


def is_visible(actor: Actor, document_id: int) -> bool:
    return visible_to(actor).filter(pk=document_id).exists()


def require_visible(actor: Actor, document_id: int) -> None:
    """Refuses: `NotVisible`, for a document that is not there and for one that was not granted alike."""
    if not is_visible(actor, document_id):
        raise NotVisible


@dataclass(frozen=True, slots=True)
class FileRow:
    id: int
    role: str
    stage: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """One document as a screen shows it."""

    id: int
    agency_id: int
    direction: str
    type_code: str
    subject: str
    full_number: str
    notation: str
    number: int | None
    issued_on: date | None
    issuer_code: str
    issuer_name: str
    signer_name: str
    signer_position: str
    urgency: Urgency
    page_count: int
    verdict: str
    main_sha256: str
    created_at: datetime
    version: int


def card_of(row: Document) -> DocumentCard:
    return DocumentCard(
        row.pk,
        row.agency_id,
        row.direction,
        row.type_code,
        row.subject,
        row.full_number,
        row.notation,
        row.number,
        row.issued_on,
        row.issuer_code,
        row.issuer_name,
        row.signer_name,
        row.signer_position,
        Urgency(row.urgency),
        row.page_count,
        row.verdict,
        row.main_sha256,
        row.created_at,
        row.version,
    )


def document_card(*, actor: Actor, document_id: int) -> DocumentCard:
    """Refuses: `NotVisible`."""
    row = visible_to(actor).filter(pk=document_id).first()
    if row is None:
        raise NotVisible
    return card_of(row)


def search_visible(actor: Actor, text: str, limit: int = 50) -> tuple[DocumentCard, ...]:
    """Visible documents, newest first, in whose subject, number or issuer every word of `text` stands."""
    rows = visible_to(actor)
    for word in text.split():
        rows = rows.filter(
            Q(subject__icontains=word) | Q(full_number__icontains=word) | Q(issuer_name__icontains=word)
        )
    return tuple(card_of(row) for row in rows.order_by("-id")[:limit]) if text.strip() else ()


def record_of(document_id: int) -> DocumentCard:
    """The record for an act that has asked for visibility already. Refuses: `NotVisible` when there is none."""
    row = Document.objects.filter(pk=document_id).first()
    if row is None:
        raise NotVisible
    return card_of(row)


def urgency_of(document_id: int) -> Urgency:
    return Urgency(Document.objects.values_list("urgency", flat=True).get(pk=document_id))


def same_document_ids(card: DocumentCard) -> tuple[int, ...]:
    """Other records of the agency with the same sender, number, notation and date: perhaps the same document twice."""
    twins = Document.objects.filter(
        agency_id=card.agency_id,
        issuer_code=card.issuer_code,
        issuer_name=card.issuer_name,
        full_number=card.full_number,
        issued_on=card.issued_on,
    )
    return tuple(twins.exclude(pk=card.id).values_list("pk", flat=True)) if card.full_number else ()


def files_of(document_id: int) -> tuple[FileRow, ...]:
    """Every file row, oldest first; the newest MAIN row is the current main file."""
    return tuple(_file_row(row) for row in _file_rows(document_id))


def _file_rows(document_id: int) -> QuerySet[DocumentFile]:
    return DocumentFile.objects.filter(document_id=document_id).order_by("id")


def _file_row(row: DocumentFile) -> FileRow:
    return FileRow(row.pk, row.role, row.stage, row.name, row.media_type, row.size, row.sha256)


def current_files(document_id: int) -> tuple[FileRow, ...]:
    """The current main file, then the attachments by their order, each as it is now."""
    rows = list(_file_rows(document_id))
    replaced = {row.replaces_id for row in rows}
    mains = [row for row in rows if row.role == FileRole.MAIN]
    attached = (row for row in rows if row.role == FileRole.ATTACHMENT and row.pk not in replaced)
    return tuple(_file_row(row) for row in (*mains[-1:], *attached))


@dataclass(frozen=True, slots=True)
class Holding:
    """A record that refers to stored bytes: what it is called, not what it says."""

    document_id: int
    agency_id: int
    agency_name: str
    full_number: str
    file_name: str
    size: int | None


def digests_in_use(*, after: str, limit: int) -> list[str]:
    """Up to `limit` digests of files behind `after`, in their order."""
    rows = DocumentFile.objects.filter(sha256__gt=after).order_by("sha256")
    return list(rows.values_list("sha256", flat=True).distinct()[:limit])


def holdings_of(sha256: str, *, limit: int = 20) -> tuple[Holding, ...]:
    """Which records have these bytes; for whoever looks after the store, who does not read documents (D14)."""
    rows = DocumentFile.objects.filter(sha256=sha256).select_related("document__agency").order_by("id")
    return tuple(
        Holding(
            row.document_id,
            row.document.agency_id,
            row.document.agency.name,
            row.document.full_number,
            row.name,
            row.size,
        )
        for row in rows[:limit]
    )


def holdings_of_records(document_ids: Collection[int], *, file_name: str) -> tuple[Holding, ...]:
    """The same for bytes that other contexts keep beside a record."""
    rows = Document.objects.filter(pk__in=document_ids).select_related("agency").order_by("id")
    return tuple(
        Holding(row.pk, row.agency_id, row.agency.name, row.full_number, file_name, None) for row in rows
    )


def final_digests(document_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """SHA-256 of what was issued or has arrived, by document: its sealed or received main file, then attachments."""
    rows = DocumentFile.objects.filter(document_id__in=document_ids).exclude(role=FileRole.ENCLOSURE)
    rows = rows.order_by("id").exclude(pk__in=rows.filter(replaces__isnull=False).values("replaces_id"))
    found: dict[int, dict[str, list[str]]] = {}
    for document_id, role, stage, sha256 in rows.values_list("document_id", "role", "stage", "sha256"):
        files = found.setdefault(document_id, {FileRole.MAIN: [], FileRole.ATTACHMENT: []})
        if role == FileRole.ATTACHMENT or stage in {FileStage.SEALED, FileStage.RECEIVED}:
            files[role].append(sha256)
    return {key: (*files[FileRole.MAIN][-1:], *files[FileRole.ATTACHMENT]) for key, files in found.items()}


def main_bytes(document_id: int) -> bytes:
    """The bytes of the current main file."""
    return blobs().read(Document.objects.values_list("main_sha256", flat=True).get(pk=document_id))


def file_bytes(*, actor: Actor, document_id: int, file_id: int) -> tuple[FileRow, bytes]:
    """One file of a visible document. Refuses: `NotVisible`."""
    require_visible(actor, document_id)
    row = next((row for row in files_of(document_id) if row.id == file_id), None)
    if row is None:
        raise NotVisible
    return row, blobs().read(row.sha256)


@dataclass(frozen=True, slots=True)
class RecipientRow:
    agency_code: str
    name: str


def recipients_of(document_id: int) -> tuple[RecipientRow, ...]:
    rows = Recipient.objects.filter(document_id=document_id).order_by("ordinal")
    return tuple(RecipientRow(row.agency_code, row.name) for row in rows)


def answered_by(document_id: int) -> int | None:
    """The id of the document that `document_id` answers, if any."""
    relation = Relation.objects.filter(document_id=document_id, kind=RelationKind.ANSWERS).first()
    return relation.other_id if relation else None


def concern_of(document_id: int) -> Concern | None:
    """The document that this one revokes or replaces, if any."""
    relation = Relation.objects.filter(document_id=document_id, kind__in=ENDING).first()
    return Concern(RelationKind(relation.kind), relation.other_id) if relation else None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a document's force ends or ends another's: `by` revoke or replace this one (drafts included), `of` is ended."""

    by: tuple[tuple[RelationKind, DocumentCard], ...]
    of: tuple[RelationKind, DocumentCard] | None


def ending_of(document_id: int) -> Ending:
    """Both directions at once, oldest first; one query."""
    concerned = Q(other_id=document_id) | Q(document_id=document_id)
    found = Relation.objects.filter(concerned, kind__in=ENDING).select_related("document", "other")
    rows = list(found.order_by("id"))
    ended = next((row for row in rows if row.document_id == document_id), None)
    return Ending(
        tuple((RelationKind(row.kind), card_of(row.document)) for row in rows if row.other_id == document_id),
        (RelationKind(ended.kind), card_of(ended.other)) if ended else None,
    )


def enclosures_of(document_id: int) -> tuple[FileRow, ...]:
    """What the sender enclosed when it revoked or changed the document: notices, newer contents."""
    rows = _file_rows(document_id).filter(role=FileRole.ENCLOSURE)
    return tuple(_file_row(row) for row in rows)


def replies_to(document_id: int) -> tuple[DocumentCard, ...]:
    rows = Document.objects.filter(relations__other_id=document_id, relations__kind=RelationKind.ANSWERS)
    return tuple(card_of(row) for row in rows.order_by("id"))


def holders_of(document_id: int) -> tuple[str, ...]:
    return tuple(
        Grant.objects.filter(document_id=document_id).order_by("id").values_list("holder", flat=True)
    )


def opened_ids(actor: Actor, document_ids: list[int]) -> frozenset[int]:
    """Which of the documents somebody in this capacity has opened before."""
    if actor.post_id is None:
        return frozenset()
    rows = Opening.objects.filter(document_id__in=document_ids, holder=f"post:{actor.post_id}")
    return frozenset(rows.values_list("document_id", flat=True))


@lru_cache(maxsize=1)
def document_types() -> tuple[DocumentTypeRow, ...]:
    """The types of document, in the order of the law. Norm: NĐ30 Đ.7."""
    return read_document_types()


def document_type(code: str) -> DocumentTypeRow | None:
    """A type by its code, also "Khác", which only what arrives may have."""
    return next((row for row in (*document_types(), OTHER) if row.code == code), None)
