"""Messages on the axis as the server would have written them, and the operator at the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.axis.foreign.letters import Letter, document, status
from tests.cast import Cast
from tests.web.admin_desk.conftest import as_person, moment
from vanthu.axis.models import AxisAgency, AxisSystem
from vanthu.axis.operations import systems
from vanthu.axis.operations.traffic import write_all
from vanthu.axis.queries.calls import directory_number
from vanthu.axis.rules.orders import MessageOrder, Note, Order, ParcelOrder, ReportOrder
from vanthu.axis.rules.states import EventKind, MessageKind, ParcelState, Route
from vanthu.foundation.storage import sha256_of
from vanthu.kernel.actor import Actor, system_actor

__all__ = ["as_person", "moment"]


@dataclass
class Traffic:
    """What passes through the axis in these tests; ids are counted."""

    now: datetime
    count: int = 0

    def system(self, code: str, name: str, *agencies: str) -> None:
        systems.add_system(actor=system_actor(None), code=code, name=name, now=self.now - timedelta(days=2))
        row = AxisSystem.objects.get(code=code)
        AxisAgency.objects.bulk_create(
            [
                AxisAgency(code=agency, name=f"Đơn vị {agency}", system=row, modified_at=self.now)
                for agency in agencies
            ]
        )

    def seen(self, code: str, ago: timedelta) -> None:
        AxisSystem.objects.filter(code=code).update(seen_at=self.now - ago)

    def new_id(self) -> str:
        self.count += 1
        return f"{self.count:024x}"

    def letter(self, letter: Letter, *, ago: timedelta = timedelta(minutes=5), urgency: int = 0) -> str:
        """A document taken in; the DocId."""
        data = document(letter)
        return self._take(
            MessageKind.EDOC,
            data,
            letter.sender,
            letter.receivers,
            ago,
            edxml_document_id=letter.document_id,
            notation=letter.code,
            title=letter.subject,
            business=letter.business,
            urgency=urgency,
        )

    def report(
        self, letter: Letter, receiver: str, code: str, *, ago: timedelta = timedelta(minutes=2)
    ) -> str:
        data = status(receiver, letter.sender, code, document_id=letter.document_id, number=letter.code)
        return self._take(
            MessageKind.STATUS,
            data,
            receiver,
            (letter.sender,),
            ago,
            edxml_document_id=letter.document_id,
            notation=letter.code,
            status_code=code,
        )

    def _take(
        self,
        kind: MessageKind,
        data: bytes,
        sender: str,
        receivers: tuple[str, ...],
        ago: timedelta,
        *,
        edxml_document_id: str,
        notation: str,
        title: str = "",
        status_code: str = "",
        business: int = 0,
        urgency: int = 0,
    ) -> str:
        system = AxisSystem.objects.get(agencies__code=sender)
        order = MessageOrder(
            doc_id=self.new_id(),
            kind=kind,
            system_id=system.pk,
            system_code=system.code,
            sender_code=sender,
            sha256=sha256_of(data),
            size=len(data),
            parcels=tuple(self._parcel(code) for code in receivers),
            at=self.now - ago,
            directory=directory_number(),
            content=data,
            edxml_document_id=edxml_document_id,
            notation=notation,
            title=title,
            status_code=status_code,
            business=business,
            urgency=urgency,
            remote="10.1.2.3",
        )
        write_all([order])
        return order.doc_id

    def _parcel(self, code: str) -> ParcelOrder:
        system = AxisSystem.objects.filter(agencies__code=code).first()
        route = Route.LOCAL if system else Route.FORWARD
        return ParcelOrder(self.new_id(), code, system.pk if system else None, route)

    def fetched(self, parcel_id: str, message_id: str, system: str, ago: timedelta) -> None:
        self.write(
            Note(
                EventKind.FETCHED,
                self.now - ago,
                message_id,
                parcel_id,
                system,
                "getEdoc",
                "0",
                remote="10.1.2.4",
            )
        )

    def settled(self, parcel_id: str, system: str, state: ParcelState, words: str = "") -> None:
        row = AxisSystem.objects.get(code=system)
        self.write(
            ReportOrder(
                parcel_id,
                row.pk,
                system,
                state,
                words,
                self.now - timedelta(minutes=1),
                directory_number(),
                "10.1.2.4",
            )
        )

    def refused(self, system: str, code: str, words: str) -> None:
        self.write(
            Note(
                EventKind.REFUSED,
                self.now,
                system_code=system,
                call="sendEdoc",
                outcome=code,
                detail=words,
                remote="10.9.9.9",
            )
        )

    def write(self, order: Order) -> None:
        write_all([order])


@pytest.fixture
def traffic(cast: Cast, now: datetime) -> Traffic:
    """Three systems: two that call, one that is away."""
    traffic = Traffic(now)
    traffic.system("H26.01", "Trung tâm Sở Thử nghiệm", "H26.01.1", "H26.01.2")
    traffic.system("H26.02", "Phần mềm phường Đối Chiếu", "H26.02.1")
    traffic.system("H26.DN.1", "Công ty cổ phần Thử", "0201234567")
    traffic.seen("H26.01", timedelta(minutes=1))
    traffic.seen("H26.02", timedelta(hours=5))
    return traffic


@pytest.fixture
def operator(cast: Cast, as_person: Callable[[Actor], Client]) -> Client:
    return as_person(cast.city_admin)
