"""The server of the axis in process: limits, what a client in circulation leaves behind, trouble of one's own."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connections

from tests.axis.foreign.letters import Letter, document, status
from vanthu.axis import group_commit
from vanthu.axis.caller import Machinery
from vanthu.axis.models import AxisEvent, AxisSystem, Message, Parcel
from vanthu.axis.operations.directory import import_agencies, register_agency
from vanthu.axis.operations.retention import forget_contents
from vanthu.axis.operations.systems import add_system, close_system
from vanthu.axis.operations.traffic import write_all
from vanthu.axis.rules.listing import AgencyOrder
from vanthu.axis.rules.orders import MessageOrder, Order, Outcome
from vanthu.axis.rules.states import EventKind
from vanthu.axis.server import Axis
from vanthu.edxml.gateway import CALLS, hash_file, signed_headers
from vanthu.foundation.storage import axis_blobs
from vanthu.kernel.actor import system_actor

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = system_actor(None)
SENDER, RECEIVER = "H26.98", "H26.99"


@dataclass
class Client:
    """Calls the application as an HTTP server does."""

    app: Axis
    secrets: dict[str, str]

    def call(
        self,
        system: str,
        name: str,
        values: dict[str, str] | None = None,
        body: bytes = b"",
        *,
        pieces: Sequence[bytes] | None = None,
        leftovers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        call = CALLS[name]
        # Whatever a service object keeps from earlier calls is signed and sent along.
        signing = replace(call, optional=(*call.optional, *(leftovers or {})))
        headers = signed_headers(
            signing,
            system_id=system,
            secret=self.secrets[system],
            now=datetime.now(UTC),
            values={**(values or {}), **(leftovers or {})},
        )
        return asyncio.run(self._exchange(call.method, call.path, headers, pieces or [body]))

    async def _exchange(
        self, method: str, path: str, headers: list[tuple[str, str]], pieces: Sequence[bytes]
    ) -> tuple[int, bytes]:
        waiting = list(pieces)
        answered: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if not waiting:
                await asyncio.Event().wait()
            piece = waiting.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(waiting) or piece == b"..."}

        async def send(event: dict[str, Any]) -> None:
            answered.append(event)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
            "client": ("127.0.0.1", 1),
        }
        await self.app(scope, receive, send)
        return answered[0]["status"], b"".join(event.get("body", b"") for event in answered[1:])

    def said(self, *order: Any, **more: Any) -> dict[str, Any]:
        http_status, body = self.call(*order, **more)
        assert http_status == 200
        answer: dict[str, Any] = json.loads(body)
        return answer

    def send(self, data: bytes, kind: str = "edoc", sender: str = SENDER, **more: str) -> dict[str, Any]:
        values = {"servicetype": "eDoc", "messagetype": kind, "hash-file": hash_file(data), "from": sender}
        return self.said(sender, "sendEdoc", {**values, **more}, data + b"\r\n")

    def waiting(self, system: str = RECEIVER, **more: Any) -> list[dict[str, Any]]:
        values = {"servicetype": "eDoc", "messagetype": "edoc"}
        rows: list[dict[str, Any]] = self.said(system, "getReceivedEdocList", values, **more)["data"]
        return rows

    def write_notes(self) -> None:
        """What nobody waits for is written by now."""
        assert self.app._machinery is not None
        self.app._machinery.writer.close()

    def got(self, doc_id: str) -> dict[str, Any]:
        return self.said(RECEIVER, "getEdoc", {"docId": doc_id, "filePath": "/x"}, b"{}")


@pytest.fixture
def client(now: datetime) -> Iterator[Client]:
    secrets = {}
    for code in (SENDER, RECEIVER):
        secrets[code] = add_system(actor=ACTOR, code=code, name=code, now=now)
        system_id = AxisSystem.objects.get(code=code).pk
        register_agency(actor=ACTOR, system_id=system_id, order=AgencyOrder(code, code), now=now)
    app = Axis()
    app._machinery = Machinery()
    yield Client(app, secrets)
    app._machinery.close()
    connections.close_all()


def letter(number: int = 1, to: tuple[str, ...] = (RECEIVER,), **more: Any) -> bytes:
    return document(Letter(SENDER, to, number=str(number), **more))


def test_what_a_service_object_remembers_of_its_last_report_does_not_empty_the_list(client: Client) -> None:
    """The vendor's client sends every parameter that it ever had: after updateStatus, its list says status=done."""
    client.send(letter(1))
    client.send(letter(2))
    first, second = client.waiting()
    client.said(RECEIVER, "updateStatus", {"docId": first["docId"], "status": "done"}, b"{}")
    kept = {"docId": first["docId"], "status": "done", "filePath": "/x"}
    assert client.waiting(leftovers={"docId": first["docId"], "filePath": "/x", "description": "a"}) == [
        second
    ]
    values = {"servicetype": "eDoc", "messagetype": "edoc", "status": "done"}
    left = client.said(RECEIVER, "getReceivedEdocList", values, leftovers={"docId": kept["docId"]})
    assert left["data"] == [second]
    asked = client.said(RECEIVER, "getReceivedEdocList", values)
    assert [row["docId"] for row in asked["data"]] == [first["docId"]]


def test_an_id_kept_from_fetching_does_not_empty_the_list_of_what_was_sent(client: Client) -> None:
    doc_id = client.send(letter())["DocId"]
    values = {"servicetype": "eDoc", "messagetype": "edoc", "docId": "a" * 24}
    assert client.said(SENDER, "getSentEdocList", values)["data"] == []
    rows = client.said(SENDER, "getSentEdocList", values, leftovers={"filePath": "/x"})["data"]
    assert [row["senderDocId"] for row in rows] == [doc_id]


def test_a_refused_sending_has_the_key_that_the_client_reads_in_any_case(client: Client) -> None:
    answer = client.send(letter(to=("H26.1",)))
    assert (answer["status"], answer["ErrorCode"], answer["DocId"]) == ("FAIL", "18", "")


def test_a_refused_download_brings_nothing_that_would_be_stored_as_the_document(client: Client) -> None:
    assert client.call(RECEIVER, "downloadEdoc", {"docId": "0" * 24, "filePath": "/x"}) == (404, b"")


def test_a_receiver_closed_meanwhile_does_not_hide_that_the_message_was_taken(
    client: Client, now: datetime
) -> None:
    data = letter()
    doc_id = client.send(data)["DocId"]
    close_system(actor=ACTOR, code=RECEIVER, reason="thử", now=now)
    assert client.send(data)["DocId"] == doc_id
    assert client.send(letter(2))["ErrorCode"] == "23"
    client.write_notes()
    assert AxisEvent.objects.filter(kind=EventKind.REPEATED).count() == 1


def test_two_names_of_one_agency_are_two_parcels(client: Client, now: datetime) -> None:
    renamed = AgencyOrder(RECEIVER, "Tên", old_code="000.00.99.H26", system=RECEIVER)
    import_agencies(actor=ACTOR, orders=[renamed], now=now)
    assert client.send(letter(to=(RECEIVER, "000.00.99.H26")))["ErrorCode"] == "0"
    assert {row["to"] for row in client.waiting()} == {RECEIVER, "000.00.99.H26"}


def test_an_old_name_of_the_sender_is_the_sender(client: Client, now: datetime) -> None:
    import_agencies(
        actor=ACTOR, orders=[AgencyOrder(SENDER, "Tên", old_code="000.00.98.H26", system=SENDER)], now=now
    )
    data = document(Letter("000.00.98.H26", (RECEIVER,)))
    assert client.send(data)["ErrorCode"] == "0"


def test_the_header_to_narrows_the_receivers_and_adds_none(client: Client, now: datetime) -> None:
    register_agency(
        actor=ACTOR,
        system_id=AxisSystem.objects.get(code=RECEIVER).pk,
        order=AgencyOrder("H26.99.1", "Tên"),
        now=now,
    )
    data = letter(to=(RECEIVER, "H26.99.1"))
    assert client.send(letter(2), to='["H26.99.1"]')["ErrorCode"] == "18"
    assert client.send(data, to='["H26.99.1"]')["ErrorCode"] == "0"
    assert [row["to"] for row in client.waiting()] == ["H26.99.1"]


def test_the_header_to_of_an_earlier_document_does_not_misdirect_a_status(client: Client) -> None:
    sent = Letter(SENDER, (RECEIVER,))
    client.send(document(sent))
    report = status(RECEIVER, SENDER, "03", document_id=sent.document_id, number=sent.code)
    assert client.send(report, "status", RECEIVER, to='["H26.77"]')["ErrorCode"] == "0"
    assert Parcel.objects.get(kind="status").to_code == SENDER


def test_a_message_over_the_limit_is_refused_and_one_below_it_lies_in_the_store(
    client: Client, settings: LazySettings
) -> None:
    settings.VANTHU_AXIS_MESSAGE_MB = 1
    small = letter(1, attachments=(("a.pdf", bytes(600_000)),))
    large = letter(2, attachments=(("a.pdf", bytes(900_000)),))
    assert 256 * 1024 < len(small) < 1 << 20 < len(large)
    assert client.send(large)["ErrorCode"] == "10"
    assert client.send(small)["ErrorCode"] == "0"
    row = Message.objects.get()
    assert row.content is None
    assert axis_blobs().read(hashlib.sha256(small).hexdigest()) == small
    (item,) = client.waiting()
    assert base64.b64decode(client.got(item["docId"])["data"]) == small
    assert client.call(RECEIVER, "downloadEdoc", {"docId": item["docId"], "filePath": "/x"}) == (200, small)


def test_a_message_larger_than_what_is_kept_in_memory_passes(client: Client) -> None:
    data = letter(attachments=(("a.pdf", bytes(range(256)) * 12_000),))
    values = {"servicetype": "eDoc", "messagetype": "edoc", "hash-file": hash_file(data), "from": SENDER}
    pieces = [data[start : start + 60_000] for start in range(0, len(data), 60_000)]
    assert client.said(SENDER, "sendEdoc", values, pieces=[*pieces, b"\r\n"])["ErrorCode"] == "0"
    (item,) = client.waiting()
    assert base64.b64decode(client.got(item["docId"])["data"]) == data


def test_a_client_that_falls_silent_is_let_go(client: Client, settings: LazySettings) -> None:
    settings.VANTHU_AXIS_IDLE_SECONDS = 0.01
    data = letter()
    values = {"servicetype": "eDoc", "messagetype": "edoc", "hash-file": hash_file(data), "from": SENDER}
    http_status, body = client.call(SENDER, "sendEdoc", values, pieces=[data, b"..."])
    assert (http_status, json.loads(body)["ErrorCode"]) == (400, "10")
    assert Message.objects.count() == 0


def test_what_is_forgotten_is_said_to_be_forgotten(client: Client, now: datetime) -> None:
    client.send(letter())
    (item,) = client.waiting()
    client.said(RECEIVER, "updateStatus", {"docId": item["docId"], "status": "done"}, b"{}")
    later = datetime.now(UTC) + timedelta(days=1)
    assert forget_contents(actor=ACTOR, before=later, now=later) == 1
    answer = client.got(item["docId"])
    assert answer["ErrorCode"] == "21"
    assert "het han luu" in answer["ErrorDesc"]


def test_one_order_that_cannot_be_written_does_no_harm_to_those_that_come_with_it(client: Client) -> None:
    """A transaction that fails is played again order by order."""

    def write(orders: Sequence[Order]) -> list[Outcome]:
        if any(isinstance(order, MessageOrder) and order.notation.startswith("13/") for order in orders):
            raise OperationalError("disk I/O error")
        return write_all(orders)

    assert client.app._machinery is not None
    client.app._machinery.writer = group_commit.GroupCommit(write)
    codes = [client.send(letter(number))["ErrorCode"] for number in (12, 13, 14)]
    assert codes == ["0", "20", "0"]

    orders = [_order(number) for number in (12, 13, 14, 15)]

    async def together() -> list[Outcome | BaseException]:
        return await asyncio.gather(*(writer.write(order) for order in orders), return_exceptions=True)

    writer = group_commit.GroupCommit(write)
    outcomes = asyncio.run(together())
    writer.close()
    assert [isinstance(outcome, OperationalError) for outcome in outcomes] == [False, True, False, False]
    assert Message.objects.count() == 5


def _order(number: int) -> MessageOrder:
    from vanthu.axis.queries import calls
    from vanthu.axis.rules.states import MessageKind

    return MessageOrder(
        doc_id=f"{number:024x}",
        kind=MessageKind.EDOC,
        system_id=AxisSystem.objects.get(code=SENDER).pk,
        system_code=SENDER,
        sender_code=SENDER,
        sha256=f"{number:064x}",
        size=1,
        parcels=(),
        at=datetime.now(UTC),
        directory=calls.directory_number(),
        content=b"x",
        notation=f"{number}/A",
    )


def test_trouble_of_the_axis_is_said_in_the_protocol_and_tells_nothing_of_its_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("vanthu.axis.queries.calls.received", broken)
    values = {"servicetype": "eDoc", "messagetype": "edoc"}
    answer = client.said(RECEIVER, "getReceivedEdocList", values)
    assert (answer["status"], answer["ErrorCode"]) == ("FAIL", "20")
    assert "secret" not in answer["ErrorDesc"]
    assert "a secret of the house" in caplog.text


def test_refusals_are_told_to_the_flight_recorder_without_contents(client: Client) -> None:
    client.send(letter(to=("H26.1",)))
    client.write_notes()
    event = AxisEvent.objects.get(kind=EventKind.REFUSED)
    assert (event.system_code, event.call, event.outcome) == (SENDER, "sendEdoc", "18")
    assert "H26.1" in event.detail
