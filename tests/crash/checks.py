"""What must hold after every crash, and the picture that two lives must agree on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from vanthu.audit.models import AuditEvent
from vanthu.audit.queries import verify_chains
from vanthu.documents.models import Document, DocumentFile
from vanthu.documents.rules.kinds import Direction
from vanthu.drafting.models import Draft
from vanthu.drafting.rules.states import State as DraftState
from vanthu.exchange.models import Arrival, Delivery, StatusIn, StatusOut
from vanthu.foundation.models import Job, JobState
from vanthu.foundation.storage import blobs
from vanthu.queues.models import QueueCounter, QueueItem
from vanthu.registry.models import IncomingEntry, OutgoingEntry, SeriesYear
from vanthu.routing.models import Assignment, Handling
from vanthu.signing.models import FileCheck, KeptRendition, SignatureMade

Log = list[tuple[int, int, str]]


def inspect(reported: Log) -> dict[str, Any]:
    """The faults found, the number of checks made, the documents there, and the picture of the end."""
    faults: list[str] = []
    checked = 0
    for check in (
        lost_acts(reported),
        broken_chains(),
        open_jobs(),
        overdone_timetable(),
        doubled_arrivals(),
        doubled_statuses(),
        wrong_numbers(),
        half_written(),
        wrong_counters(),
        unreadable_files(),
    ):
        for fault in check:
            checked += 1
            if fault:
                faults.append(fault)
    return {
        "faults": faults,
        "checked": checked,
        "documents": Document.objects.count(),
        "picture": picture(),
    }


def lost_acts(reported: Log) -> Iterator[str]:
    """Every entry that stood in the log when an act was reported done stands there now, unchanged."""
    for chain, seq, digest in reported:
        there = seq == 0 or AuditEvent.objects.filter(chain=chain, seq=seq, digest=digest).exists()
        yield "" if there else f"lost: event {seq} of chain {chain} had been reported"


def broken_chains() -> Iterator[str]:
    for report in verify_chains():
        yield "" if report.broken is None else f"log broken: {report.broken}"


def open_jobs() -> Iterator[str]:
    for job in Job.objects.all():
        yield "" if job.state == JobState.DONE else f"job {job} {job.last_error}"


def overdone_timetable() -> Iterator[str]:
    """However often the server died: at most one job for each slot of the timetable."""
    for kind, name in OF_THE_TIMETABLE.items():
        asked = Job.objects.filter(kind=kind).count()
        slots = Job.objects.filter(kind=f"slot:{name}").count()
        yield "" if asked <= slots else f"{kind}: {asked} jobs in {slots} slots"


def doubled_arrivals() -> Iterator[str]:
    """One arrival per message and recipient, one delivery per document and recipient, one record per arrival."""
    arrivals = Counter(Arrival.objects.values_list("message_id", "recipient_code"))
    sent = Counter(Delivery.objects.values_list("message_id", "recipient_code"))
    yield "" if arrivals == sent else f"deliveries {dict(sent)} but arrivals {dict(arrivals)}"
    twice = [key for key, count in (*arrivals.items(), *sent.items()) if count != 1]
    yield f"twice: {twice}" if twice else ""
    records = Document.objects.filter(direction=Direction.INCOMING)
    scans = IncomingEntry.objects.filter(is_scan=True).count()
    yield (
        ""
        if records.count() == len(arrivals) + scans
        else f"{records.count()} records of {len(arrivals)} arrivals"
    )


def doubled_statuses() -> Iterator[str]:
    """What the receiver answered is what the sender took in, each status once, and nothing is owed any more."""
    for arrival in Arrival.objects.all():
        answered = sorted(arrival.statuses.values_list("code", flat=True))
        delivery = Delivery.objects.get(message_id=arrival.message_id, recipient_code=arrival.recipient_code)
        heard = sorted(delivery.statuses.values_list("code", flat=True))
        once = len(set(heard)) == len(heard)
        yield "" if once and heard == ["01", *answered] else f"answered {answered}, heard {heard}"
    owed = StatusOut.objects.exclude(state="SENT").count()
    yield f"{owed} statuses still owed" if owed else ""


def wrong_numbers() -> Iterator[str]:
    """In every series of every year: 1, 2, 3 … up to the counter, each once."""
    for counter in SeriesYear.objects.all():
        of_counter = Q(series=counter.series, year=counter.year)
        given = [
            *OutgoingEntry.objects.filter(of_counter).values_list("number", flat=True),
            *IncomingEntry.objects.filter(of_counter).values_list("arrival_number", flat=True),
        ]
        fits = sorted(given) == list(range(1, counter.last + 1))
        yield "" if fits else f"series {counter}: numbers {sorted(given)}"


def half_written() -> Iterator[str]:
    """No document stands between two rooms, and each step left exactly its own file and signature."""
    signed = set(Draft.objects.filter(state=DraftState.SIGNED).values_list("document_id", flat=True))
    entered = set(OutgoingEntry.objects.values_list("document_id", flat=True))
    yield "" if signed == entered else f"signed {signed}, at the records office {entered}"
    taken = set(IncomingEntry.objects.values_list("document_id", flat=True))
    arrived = set(Document.objects.filter(direction=Direction.INCOMING).values_list("pk", flat=True))
    yield "" if taken == arrived else f"records {arrived}, taken in {taken}"
    for document_id in entered:
        stages = sorted(DocumentFile.objects.filter(document_id=document_id).values_list("stage", flat=True))
        yield (
            "" if stages == ["DRAFT", "NUMBERED", "SEALED", "SIGNED"] else f"files of {document_id}: {stages}"
        )
        kinds = sorted(SignatureMade.objects.filter(document_id=document_id).values_list("kind", flat=True))
        yield "" if kinds == ["agency", "personal"] else f"signatures of {document_id}: {kinds}"


def wrong_counters() -> Iterator[str]:
    """Each counter says how many rows wait in its queue, and no queue is without one."""
    counted = {
        (row["holder"], row["queue"]): row["waiting"]
        for row in QueueItem.objects.values("holder", "queue").annotate(
            waiting=Count("id", filter=Q(is_done=False))
        )
    }
    told = {(row.holder, row.queue): row.count for row in QueueCounter.objects.all()}
    for place in counted.keys() | told.keys():
        same = counted.get(place, 0) == told.get(place, 0)
        yield "" if same else f"{place}: counter {told.get(place)}, rows {counted.get(place)}"


def unreadable_files() -> Iterator[str]:
    """Every file that a row names can be read back whole; `read` compares its digest."""
    for digest in set(DocumentFile.objects.values_list("sha256", flat=True)):
        try:
            blobs().read(digest)
        except (LookupError, RuntimeError) as damage:
            yield f"file {digest}: {damage!r}"
        else:
            yield ""


def picture() -> dict[str, dict[str, int]]:
    """Every table as counts of rows that mean the same: no ids, times or digests, which differ between lives."""
    return {
        "documents": _counts(
            Document, "agency__code", "direction", "subject", "full_number", "verdict", "file_count"
        ),
        "files": _counts(DocumentFile, "document__agency__code", "document__subject", "role", "stage"),
        "drafts": _counts(Draft, "document__subject", "state", "version"),
        "outgoing": _counts(OutgoingEntry, "document__subject", "state", "number"),
        "incoming": _counts(
            IncomingEntry, "agency__code", "document__subject", "state", "arrival_number", "version"
        ),
        "handlings": _counts(Handling, "document__subject", "state", "version"),
        "tasks": _counts(Assignment, "handling__document__subject", "part", "state", "version"),
        "deliveries": _counts(
            Delivery, "document__subject", "recipient_code", "state", "is_acknowledged", "last_error"
        ),
        "statuses": _counts(StatusIn, "delivery__document__subject", "delivery__recipient_code", "code"),
        "answers": _counts(StatusOut, "arrival__recipient_code", "code", "state", "description"),
        "signatures": _counts(SignatureMade, "document__subject", "kind", "signer_name"),
        "checks": _checks_of_files(),
        "queues": _counts(QueueItem, "holder", "queue", "is_done", "document__subject"),
        "jobs": _counts(
            Job.objects.exclude(Q(kind__in=NOT_OF_THE_LIFE) | Q(kind__startswith="slot:")), "kind", "state"
        ),
        "renditions": _counts(KeptRendition, "document__subject", "level", "reached"),
        "log": _counts(
            AuditEvent.objects.exclude(_about_verdicts() | Q(verb=LOOK) | Q(verb__startswith="evidence.")),
            "chain",
            "verb",
        ),
    }


CHECK = "signing.file.check"
ASK_FOR_CHECK = "registry.verify"
"""Whether an arrival asks for a check depends on whether another arrival's check was quicker, with or without
crashes. What counts stands in the other tables: the verdict of every record, and no job left open."""

OF_THE_TIMETABLE = {
    "evidence.grow": "grow-tree",
    "evidence.stamp": "stamp-evidence",
    "evidence.fixity": "read-stored-bytes",
    "evidence.leftovers": "sweep-leftovers",
    "signing.refresh-lists": "refresh-revocation-lists",
}
"""What the timetable asks for, by slot. A life that sees the hour turn has one more of each than another life."""
NOT_OF_THE_LIFE = (ASK_FOR_CHECK, "signing.keep", *OF_THE_TIMETABLE)
"""`signing.keep` is asked for by the issue and by the hourly reminder; what it leaves stands under renditions."""

LOOK = "documents.document.view"
"""How often people look is theirs, and the timetable's slots are the calendar's: neither is an act of the life."""


def _about_verdicts() -> Q:
    noted = Q(verb="documents.document.describe", detail__fields=["verdict"])
    return noted | Q(verb__in=[CHECK, "registry.incoming.note-verdict"])


def _checks_of_files() -> dict[str, int]:
    """Checks of files that some record names. A crash before the sealing act leaves a check of bytes that nobody
    will ever name: sealing again makes other bytes."""
    named = list(DocumentFile.objects.values_list("sha256", flat=True).distinct())
    return {
        **_counts(FileCheck.objects.filter(sha256__in=named), "verdict"),
        **_counts(AuditEvent.objects.filter(verb=CHECK, subject_id__in=named), "verb"),
    }


def _counts(rows: type[Model] | QuerySet[Any], *fields: str) -> dict[str, int]:
    chosen = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    values: Iterable[tuple[object, ...]] = chosen.values_list(*fields)
    return dict(Counter(" | ".join(map(str, row)) for row in values))


def differences(expected: dict[str, dict[str, int]], found: dict[str, dict[str, int]]) -> list[str]:
    """How two pictures differ, table by table."""
    return [
        f"{table}: {row}: expected {expected[table].get(row, 0)}, found {found[table].get(row, 0)}"
        for table in expected
        for row in sorted(expected[table].keys() | found[table].keys())
        if expected[table].get(row, 0) != found[table].get(row, 0)
    ]
