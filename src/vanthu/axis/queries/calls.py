"""What the calls of the protocol read: agencies, waiting and sent parcels, contents; rows have the protocol's keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from vanthu.axis.models import AxisAgency, AxisSystem, Message, Parcel
from vanthu.axis.rules.codes import level_of
from vanthu.axis.rules.states import MessageKind, ParcelState
from vanthu.axis.rules.wire import written

SERVICE = "eDoc"
BATCH = 300
STATE_WORDS = {
    ParcelState.INITIAL: "Cho nhan",
    ParcelState.PROCESSING: "Dang xu ly",
    ParcelState.DONE: "Da nhan",
    ParcelState.FAIL: "Loi",
}

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A system as the server needs it; the secret is sealed."""

    id: int
    code: str
    sealed_secret: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """Whom a code means. `system_id` None: not served here; `is_open`: it and its system are in use."""

    code: str
    system_id: int | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class StoredContent:
    """Where the bytes of a parcel are: `content`, else the blob store under `sha256`, else nowhere any more."""

    message_id: str
    sha256: str
    size: int
    content: bytes | None
    is_forgotten: bool


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a caller wants of a list. `states` empty: what is open; `first` counts from 0; instants are half-open."""

    kind: MessageKind
    states: tuple[ParcelState, ...] = ()
    to_codes: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    first: int = 0
    count: int = 1000


def directory_number() -> int:
    """How often systems or agencies have changed; asked with almost every call, so without building a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM axis_directorystamp")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def system_row(code: str) -> SystemRow | None:
    found = AxisSystem.objects.filter(code=code).values_list("id", "code", "sealed_secret", "is_active")
    return SystemRow(*row) if (row := found.first()) else None


def agencies_by_code(codes: Sequence[str]) -> dict[str, AgencyRow]:
    """Whom each code means: by its own code first, then by an old one or one of QCVN 102."""
    found: dict[str, AgencyRow] = {}
    for start in range(0, len(codes), BATCH):
        part = [code for code in codes[start : start + BATCH] if code]
        rows = AxisAgency.objects.filter(Q(code__in=part) | Q(old_code__in=part) | Q(code102__in=part))
        names = rows.values_list(
            "code", "old_code", "code102", "system_id", "is_deleted", "system__is_active"
        )
        for code, old_code, code102, system_id, is_deleted, is_active in names:
            row = AgencyRow(code, system_id, not is_deleted and is_active is not False)
            for other in (old_code, code102):
                if other and (other not in found or found[other].code != other):
                    found[other] = row
            found[code] = row
    return found


def codes_served(system_id: int) -> list[str]:
    """The agencies that a system may send for."""
    served = AxisAgency.objects.filter(system_id=system_id, is_deleted=False)
    return list(served.order_by("code").values_list("code", flat=True))


def agency_list(*, level: int = 0, is_qd20: bool = False) -> Iterator[Row]:
    """Agencies in use; `level` n leaves out those above the n-th level."""
    ids = dict(AxisAgency.objects.values_list("code", "id"))
    for row in AxisAgency.objects.filter(is_deleted=False).order_by("code").iterator(chunk_size=2000):
        if level > 1 and level_of(row.code102 or row.code) < level:
            continue
        names: Row = {
            "id": str(row.pk),
            "pid": str(ids.get(row.parent_code, "")),
            "code": row.code,
            "name": row.name,
            "mail": row.mail,
            "oldCode": row.old_code,
        }
        yield names | {"code102": row.code102} if is_qd20 else names


def unit_list() -> Iterator[Row]:
    """Every agency there ever was, with what changed when."""
    ids = dict(AxisAgency.objects.values_list("code", "id"))
    rows = AxisAgency.objects.select_related("system").order_by("code")
    for row in rows.iterator(chunk_size=2000):
        yield {
            "id": str(row.pk),
            "pid": str(ids.get(row.parent_code, "")),
            "code": row.code,
            "name": row.name,
            "mail": row.mail,
            "version": str(row.version),
            "centerCode": row.system.code if row.system else "",
            "deleted": row.is_deleted,
            "modifyDate": written(row.modified_at),
            "isAgency": True,
        }


def received(system_id: int, wanted: ListFilter) -> list[Row]:
    """The parcels of a system: by default what it has not settled, urgent ones first, then the oldest."""
    rows = _asked(_parcels(system_id, wanted), wanted)
    names = rows.values_list(
        "doc_id", "kind", "created_at", "updated_at", "sender_code", "to_code", "state", "description"
    )
    return [
        {
            "docId": doc_id,
            "serviceType": SERVICE,
            "messageType": kind,
            "created_time": written(created),
            "updated_time": written(updated),
            "from": sender,
            "to": to_code,
            "status": state.lower(),
            "status_desc": description,
        }
        for doc_id, kind, created, updated, sender, to_code, state, description in names
    ]


def _parcels(system_id: int, wanted: ListFilter) -> QuerySet[Parcel]:
    rows = Parcel.objects.filter(system_id=system_id, kind=wanted.kind)
    if wanted.states:
        return rows.filter(state__in=wanted.states).order_by("doc_id")
    # Spelled out, not given as parameters: SQLite knows by the words alone that the index of open parcels will do.
    return rows.extra(where=["state IN ('INITIAL', 'PROCESSING')"]).order_by("-urgency", "doc_id")


def _asked(rows: QuerySet[Parcel], wanted: ListFilter) -> QuerySet[Parcel]:
    if wanted.to_codes:
        rows = rows.filter(to_code__in=wanted.to_codes)
    if wanted.since:
        rows = rows.filter(created_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(created_at__lt=wanted.until)
    return rows[wanted.first : wanted.first + wanted.count]


def waiting_count(system_id: int, kind: MessageKind) -> int:
    """How many parcels a system has not settled."""
    return _parcels(system_id, ListFilter(kind)).order_by().count()


def sent(system_id: int, wanted: ListFilter, doc_id: str = "") -> list[Row]:
    """What a system sent, one row per receiver; the latest first, or one message by its id."""
    messages = Message.objects.filter(system_id=system_id, kind=wanted.kind).order_by(
        "-created_at", "-doc_id"
    )
    if doc_id:
        messages = messages.filter(pk=doc_id)
    if wanted.since:
        messages = messages.filter(created_at__gte=wanted.since)
    if wanted.until:
        messages = messages.filter(created_at__lt=wanted.until)
    chosen = messages.only("doc_id", "kind", "sender_code", "title", "notation", "created_at")
    listed = {row.pk: row for row in chosen[wanted.first : wanted.first + wanted.count]}
    parcels = _parcels_of(list(listed))
    return [_sent_row(message, parcel) for pk, message in listed.items() for parcel in parcels.get(pk, ())]


def _parcels_of(message_ids: Sequence[str]) -> dict[str, list[Parcel]]:
    found: dict[str, list[Parcel]] = {}
    for start in range(0, len(message_ids), BATCH):
        rows = Parcel.objects.filter(message_id__in=message_ids[start : start + BATCH]).order_by("doc_id")
        for row in rows:
            found.setdefault(row.message_id, []).append(row)
    return found


def _sent_row(message: Message, parcel: Parcel) -> Row:
    state = ParcelState(parcel.state)
    return {
        "serviceType": SERVICE,
        "messageType": message.kind,
        "senderDocId": message.pk,
        "receiverDocId": parcel.pk,
        "fromCode": message.sender_code,
        "toCode": parcel.to_code,
        "title": message.title,
        "notation": message.notation,
        "sentTime": written(message.created_at),
        "receivedTime": written(parcel.settled_at),
        "sendStatus": "done",
        "sendStatusDesc": "Truc da nhan",
        "receiveStatus": state.value.lower(),
        "receiveStatusDesc": parcel.description or STATE_WORDS[state],
    }


CONTENT = """
    SELECT m.doc_id, m.sha256, m.size, m.content, m.forgotten_at
    FROM axis_parcel p JOIN axis_message m ON m.doc_id = p.message_id
    WHERE p.doc_id = %s AND p.system_id = %s
"""


def content_of(system_id: int, doc_id: str) -> StoredContent | None:
    """Where the bytes of a parcel of this system are; None where it has no such parcel."""
    with connection.cursor() as cursor:
        cursor.execute(CONTENT, (doc_id, system_id))
        row = cursor.fetchone()
    if row is None:
        return None
    message_id, sha256, size, content, forgotten_at = row
    return StoredContent(
        message_id, sha256, size, None if content is None else bytes(content), forgotten_at is not None
    )


def message_known(system_id: int, sender_code: str, sha256: str) -> str:
    """The id of the same bytes of the same sender, if they were taken in before; else empty."""
    found = Message.objects.filter(system_id=system_id, sender_code=sender_code, sha256=sha256)
    return found.values_list("pk", flat=True).first() or ""


def is_sent_by(system_id: int, doc_id: str) -> bool:
    return Message.objects.filter(pk=doc_id, system_id=system_id).exists()


def blobs_still_named(digests: Iterable[str]) -> set[str]:
    """Which of the digests some message still needs."""
    needed = Message.objects.filter(sha256__in=list(digests), content=None, forgotten_at=None)
    return set(needed.values_list("sha256", flat=True))


def is_reachable() -> bool:
    """Whether the database answers; for the health check."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())
