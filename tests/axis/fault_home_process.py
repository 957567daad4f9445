"""The desk of an installation in the fault run: it prepares many documents, answers many, and counts.

Signing two thousand documents would take an hour and prove nothing here. One document is written, signed and sealed as
ever; the others are records of the same file, made and planned through the same operations that issuing calls.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from tests.axis.home_process import Answer, Desk, clock, main

NOTATION = "STN-CL"
ENDINGS: tuple[tuple[str, ...], ...] = (
    ("03",),
    ("03", "06"),
    ("03", "04", "05", "06"),
    ("03", "05", "05"),
    ("02",),
    ("03", "02"),
)
"""What a receiver answers beyond 01, in this order; one of these for each document."""
REASON = "Không thuộc thẩm quyền"


def ending_of(seed: int, number: str) -> tuple[str, ...]:
    """Which of the endings a document has: known to both sides of the test, decided by neither."""
    return random.Random(f"{seed}/{number}").choice(ENDINGS)


class FaultDesk(Desk):
    """Orders of the fault run."""

    def do_prepare(self, like: int, count: int, first: int, recipient: str, recipient_name: str) -> Answer:
        """So many issued documents with the file of `like`, each planned for its way to the recipient."""
        from vanthu.documents import operations as documents
        from vanthu.documents.queries import current_files, record_of
        from vanthu.documents.rules.kinds import Direction, FileStage
        from vanthu.exchange.operations import plan_deliveries
        from vanthu.foundation.operation import unit_of_work
        from vanthu.kernel.actor import Urgency, system_actor

        card = record_of(like)
        file = next(row for row in current_files(like) if row.sha256 == card.main_sha256)
        actor, now = system_actor(card.agency_id), clock()
        with unit_of_work():
            for number in range(first, first + count):
                order = documents.RecordOrder(
                    Direction.OUTGOING,
                    "cong_van",
                    f"thử đường truyền, văn bản thứ {number}",
                    card.issuer_code,
                    card.issuer_name,
                    number=number,
                    notation=NOTATION,
                    full_number=f"{number}/{NOTATION}",
                    issued_on=card.issued_on,
                    signer_name=card.signer_name,
                    signer_position=card.signer_position,
                )
                main_file = documents.NewFile(
                    file.name, file.media_type, file.size, file.sha256, file.role, FileStage.SEALED, 1, None
                )
                document_id = documents.create_document(
                    actor=actor, agency_id=card.agency_id, order=order, files=[main_file], now=now
                )
                documents.set_recipients(
                    actor=actor,
                    document_id=document_id,
                    agency_id=card.agency_id,
                    recipients=[(recipient, recipient_name)],
                    now=now,
                )
                plan_deliveries(
                    actor=actor,
                    document_id=document_id,
                    agency_id=card.agency_id,
                    urgency=Urgency.NORMAL,
                    now=now,
                )
        return {}

    def do_answer(self, seed: int, limit: int) -> Answer:
        """Answer what came and was not answered yet, each by its ending."""
        from vanthu.exchange import operations as exchange
        from vanthu.exchange.models import Arrival
        from vanthu.exchange.rules.statuses import StatusCode
        from vanthu.foundation.operation import unit_of_work
        from vanthu.kernel.actor import system_actor

        rows = Arrival.objects.exclude(document=None).exclude(statuses__code__gt=StatusCode.ARRIVED)
        chosen = list(rows.order_by("id")[:limit])
        for arrival in chosen:
            codes = ending_of(seed, arrival.their_code)
            with unit_of_work():
                for place, code in enumerate(codes):
                    # edXML tells the second, so answers are seconds apart.
                    exchange.answer(
                        actor=system_actor(arrival.agency_id),
                        document_id=arrival.document_id,
                        code=StatusCode(code),
                        description=REASON if code == StatusCode.REFUSED else "",
                        now=clock() + timedelta(seconds=place - len(codes)),
                    )
        return {"answered": len(chosen)}

    def do_progress(self) -> Answer:
        """How much is still on its way, in either direction; all zero: nothing is left to do."""
        from vanthu.exchange.models import (
            Arrival,
            Inbound,
            InboundState,
            Packet,
            PacketState,
            StatusIn,
            StatusOut,
        )
        from vanthu.foundation.models import Job, JobState

        settled = (InboundState.TAKEN, InboundState.DUPLICATE)
        jobs = Job.objects.exclude(state__in=[JobState.DONE, JobState.DEAD])
        return {
            "open": {
                "packets": Packet.objects.exclude(state=PacketState.TAKEN).count(),
                "inbound": Inbound.objects.exclude(state__in=settled, is_acknowledged=True).count(),
                "statuses": StatusOut.objects.exclude(state="SENT").count(),
                "jobs": jobs.filter(run_at__lte=clock() + timedelta(minutes=5)).count(),
            },
            "arrivals": Arrival.objects.count(),
            "answers": StatusOut.objects.count(),
            "heard": StatusIn.objects.count(),
        }

    def do_tally(self) -> Answer:
        """Everything that the run is judged by."""
        from vanthu.exchange.models import Arrival, Delivery, Inbound, LineCall, Packet, StatusIn, StatusOut
        from vanthu.foundation.models import Job, JobState

        heard, said = defaultdict(list), defaultdict(list)
        for delivery, code in StatusIn.objects.values_list("delivery", "code"):
            heard[delivery].append(code)
        for arrival, code in StatusOut.objects.values_list("arrival", "code"):
            said[arrival].append(code)
        sent: dict[str, Any] = {
            row.document.full_number: {"state": row.state, "heard": sorted(heard[row.pk])}
            for row in Delivery.objects.select_related("document")
        }
        came: dict[str, list[list[str]]] = defaultdict(list)
        for row in Arrival.objects.all():
            came[row.their_code].append(sorted(said[row.pk]))
        dead = Job.objects.filter(state=JobState.DEAD).values_list("kind", "last_error")
        return {
            "sent": sent,
            "came": came,
            "packets": dict(Counter(Packet.objects.values_list("state", flat=True))),
            "attempts": sum(Packet.objects.values_list("attempts", flat=True)),
            "inbound": dict(Counter(Inbound.objects.values_list("state", flat=True))),
            "dead": [list(row) for row in dead],
            "calls": dict(Counter(LineCall.objects.values_list("diagnosis", flat=True))),
        }


if __name__ == "__main__":
    main(FaultDesk)
