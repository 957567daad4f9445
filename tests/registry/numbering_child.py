"""One of many processes that register at once: `python -m tests.registry.numbering_child SEED COUNT DIES`.

Prints one JSON object with the numbers whose transaction was committed. It stumbles inside transactions as its seed
says; where DIES is 1 it ends by dying inside an open one.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import datetime

import django

django.setup()

from tests.cast import Cast  # noqa: E402 - Django first
from tests.conftest import FIXED_NOW  # noqa: E402
from vanthu.documents import operations as documents  # noqa: E402
from vanthu.documents.rules.kinds import Direction  # noqa: E402
from vanthu.foundation.operation import unit_of_work  # noqa: E402
from vanthu.kernel.actor import holder_of_office, system_actor  # noqa: E402
from vanthu.registry import operations as registry  # noqa: E402
from vanthu.registry.operations import RegistrationOrder  # noqa: E402

STUMBLES = 0.25


class Stumble(Exception):
    """Something went wrong after the number was taken."""


def register_one(cast: Cast, name: str, *, now: datetime) -> int:
    """Take a scan in and register it, in one transaction."""
    order = RegistrationOrder(subject="đăng ký đồng thời", full_number=name, issuer_name="Nơi gửi trình diễn")
    file = documents.NewFile("scan.pdf", "application/pdf", 1, "0" * 64)
    document_id = registry.intake_scan(actor=cast.b.clerk, order=order, file=file, now=now)
    return registry.register_arrival(
        actor=cast.b.clerk, document_id=document_id, order=RegistrationOrder(), now=now
    )


def number_one(cast: Cast, name: str, *, now: datetime) -> int:
    """Give a signed document its number, in one transaction."""
    agency_id, system = cast.a.id, system_actor(cast.a.id)
    order = documents.RecordOrder(
        direction=Direction.OUTGOING,
        type_code="cong_van",
        subject=name,
        issuer_code=cast.a.code,
        issuer_name=cast.a.row.name,
        notation="SNV-VP",
    )
    document_id = documents.create_document(actor=system, agency_id=agency_id, order=order, now=now)
    documents.grant_access(
        actor=system,
        document_id=document_id,
        agency_id=agency_id,
        holders=[holder_of_office(agency_id)],
        because="test",
        now=now,
    )
    registry.open_outgoing(
        actor=system, document_id=document_id, agency_id=agency_id, signed_at=now, urgency=0, now=now
    )
    return int(registry.give_number(actor=cast.a.clerk, document_id=document_id, now=now).split("/")[0])


def stumble(dice: random.Random) -> None:
    if dice.random() < STUMBLES:
        raise Stumble


def main(seed: int, count: int, *, dies: bool) -> None:
    dice = random.Random(seed)
    cast = Cast.read(now=FIXED_NOW)
    kept: dict[str, list[int]] = {"in": [], "out": []}
    for attempt in range(count):
        for way, act in (("in", register_one), ("out", number_one)):
            try:
                with unit_of_work():
                    number = act(cast, f"{seed}-{attempt}", now=FIXED_NOW)
                    stumble(dice)
            except Stumble:
                continue
            kept[way].append(number)
    sys.stdout.write(json.dumps(kept))
    sys.stdout.flush()
    if dies:
        with unit_of_work():
            register_one(cast, f"{seed}-dies", now=FIXED_NOW)
            os._exit(9)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), dies=sys.argv[3] == "1")
