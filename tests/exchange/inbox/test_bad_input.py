"""What is wrong, hostile or odd: kept, refused with a reason or put before a person; never in the way of the rest."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest

from tests.cast import Cast
from tests.exchange.inbox.gateway import JSON, Answer, ScriptedGateway
from tests.exchange.inbox.letters import an_edoc, message, the_pdf
from tests.proof import refused
from vanthu.documents.models import Document
from vanthu.edxml.message import Business, BusinessInfo
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import Arrival, Inbound, InboundState, LineWatch, SetAside, StatusOut
from vanthu.exchange.operations.inbox import Polled
from vanthu.exchange.rules.inbox import AsideReason, AsideState
from vanthu.foundation.storage import blobs
from vanthu.kernel.errors import NotPermitted, NotReady, NotVisible

Poll = Callable[[], Polled]
PAGE = b"<html><body><h1>504 Gateway Time-out</h1></body></html>"


def fetched(data: bytes) -> bytes:
    body = {"status": "OK", "ErrorCode": "0", "ErrorDesc": "", "data": base64.b64encode(data).decode()}
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("call", "answer", "diagnosis"),
    [
        ("getReceivedEdocList", (200, "text/html", PAGE), "html-page"),
        ("getReceivedEdocList", (401, "text/plain", b"Unauthorized"), "unauthorized"),
        ("getReceivedEdocList", (200, JSON, b'{"status":"OK","data":[{"docId":"a'), "truncated"),
        ("getEdoc", (200, "text/html", PAGE), "html-page"),
        ("getEdoc", (200, JSON, fetched(b"x" * 4000)[:900]), "truncated"),
        ("updateStatus", (502, "text/html", PAGE), "html-page"),
    ],
)
def test_a_bad_answer_is_remembered_and_the_next_poll_brings_the_packet(
    cast: Cast,
    gateway: ScriptedGateway,
    poll: Poll,
    call: str,
    answer: Answer,
    diagnosis: str,
) -> None:
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    gateway.instead[call] = [answer]
    assert poll().trouble == diagnosis
    poll()
    assert Inbound.objects.get().state == InboundState.TAKEN
    assert Inbound.objects.get().is_acknowledged
    assert Arrival.objects.count() == 1
    assert StatusOut.objects.count() == 1


def test_a_clock_that_is_three_hours_off_is_named_as_the_cause(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, now: datetime
) -> None:
    gateway.clock = now + timedelta(hours=3)
    gateway.instead["getReceivedEdocList"] = [(401, "text/plain", b"Unauthorized")]
    assert poll().trouble == "clock"
    assert LineWatch.objects.get().diagnosis == "clock"


def test_the_line_is_known_to_be_down_since_its_first_failure(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, now: datetime
) -> None:
    gateway.instead["getReceivedEdocList"] = [(503, "text/html", PAGE)]
    poll()
    watch = LineWatch.objects.get()
    assert (watch.down_since is not None, watch.diagnosis) == (True, "html-page")
    poll()
    watch.refresh_from_db()
    assert (watch.down_since, watch.diagnosis) == (None, "")


def test_one_packet_that_cannot_be_fetched_does_not_hold_up_the_others(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    gateway.hold(message(an_edoc(cast.b.code, number="126")), doc_id="a2", receiver=cast.b.code)
    gateway.instead["getEdoc"] = [(200, "text/html", PAGE)]
    poll()
    assert [row.axis_id for row in Inbound.objects.all()] == ["a2"]


def test_packets_that_can_never_be_fetched_starve_nobody(
    cast: Cast, gateway: ScriptedGateway, now: datetime
) -> None:
    """Three of them end a poll; the next polls begin elsewhere in the list."""
    for number in range(3):
        gateway.hold(b"x", doc_id=f"bad{number}", receiver=cast.b.code)
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="good", receiver=cast.b.code)
    honest = gateway.answer

    def answer(call: str, headers: dict[str, str]) -> Answer:
        if call == "getEdoc" and headers["xroadvnpt-docid"].startswith("bad"):
            return 200, "text/html", PAGE
        return honest(call, headers)

    gateway.answer = answer  # type: ignore[method-assign]
    for second in range(5):
        exchange.poll_line(now=now + timedelta(seconds=second), ignore_schedule=True)
    assert [row.axis_id for row in Inbound.objects.all()] == ["good"]
    assert LineWatch.objects.get().detail == "html-page" or LineWatch.objects.get().down_since


def test_a_gateway_that_hangs_is_given_up_after_its_time(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, settings: object
) -> None:
    import threading

    settings.VANTHU_LINE_TIMEOUT_SECONDS = 0.3  # type: ignore[attr-defined]
    over = threading.Event()
    gateway.before = lambda _call: over.wait(5) and None
    assert poll().trouble == "timeout"
    over.set()


def test_bytes_that_arrived_broken_are_fetched_again_before_they_are_believed(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    data = message(an_edoc(cast.b.code))
    gateway.hold(data, doc_id="a1", receiver=cast.b.code)
    gateway.instead["getEdoc"] = [(200, JSON, fetched(data[:300]))]
    poll()
    assert Inbound.objects.get().state == InboundState.TAKEN


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"1212<?xml version='1.0'?><edXML/>", "unreadable-"),
        (b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>", "unreadable-doctype"),
        (b"", "unreadable-"),
        (b"\x00\x01\x02", "unreadable-"),
        (PAGE, "unreadable-"),
    ],
)
def test_what_cannot_be_read_is_kept_and_refused_with_the_reason(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, data: bytes, code: str
) -> None:
    gateway.hold(data, doc_id="a1", receiver=cast.b.code)
    poll()
    inbound = Inbound.objects.get()
    assert inbound.state == InboundState.REFUSED
    assert inbound.error_code.startswith(code)
    assert blobs().read(inbound.sha256) == data
    ((_, state, reason),) = gateway.told
    assert state == "fail"
    assert reason.startswith("Khong doc duoc goi tin")
    assert not StatusOut.objects.exists()


def test_a_foreign_namespace_is_refused_and_its_sender_told_02(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    data = message(an_edoc(cast.b.code)).replace(
        b"http://www.mic.gov.vn/TBT/QCVN_102_2016", b"http://www.go.vn/eDoc"
    )
    gateway.hold(data, doc_id="a1", receiver=cast.b.code)
    poll()
    status = StatusOut.objects.get()
    assert (status.code, status.arrival.their_code) == ("02", "125/BTN-VP")
    assert status.arrival.their_document_id == "G99,2026/11/19,125/BTN-VP"
    assert "edXML" in status.description
    poll()
    assert StatusOut.objects.count() == 1


def test_a_hundred_thousand_receivers_are_refused_quickly(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    to = b"<edXML:To><edXML:OrganId>K1</edXML:OrganId></edXML:To>"
    data = message(an_edoc(cast.b.code)).replace(b"<edXML:To>", to * 100_000 + b"<edXML:To>", 1)
    gateway.hold(data, doc_id="a1", receiver=cast.b.code)
    poll()
    assert Inbound.objects.get().error_code == "unreadable-too-many"
    assert not Document.objects.filter(issuer_code="G99").exists()


def test_an_attachment_that_would_leave_its_folder_is_refused(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("../../etc/cron.d/x", "x")
    inner = base64.b64encode(out.getvalue())
    honest = base64.b64encode(the_pdf()[1])
    data = message(an_edoc(cast.b.code)).replace(honest, inner)
    gateway.hold(data, doc_id="a1", receiver=cast.b.code)
    poll()
    inbound = Inbound.objects.get()
    assert inbound.state == InboundState.REFUSED
    assert inbound.error_code.startswith("unreadable-")
    assert not Arrival.objects.filter(document__isnull=False).exists()


def test_trouble_of_our_own_keeps_the_packet_for_the_next_poll(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    gateway.hold(message(an_edoc(cast.b.code, number="126")), doc_id="a2", receiver=cast.b.code)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("vanthu.exchange.operations.inbox.take_package", broken)
        poll()
    rows = list(Inbound.objects.order_by("id"))
    assert [(row.state, row.error_code, row.is_acknowledged) for row in rows] == [
        (InboundState.STORED, "RuntimeError", False)
    ] * 2
    assert gateway.told == []
    poll()
    assert Arrival.objects.count() == 2
    assert [told[1] for told in gateway.told] == ["done", "done"]


# Set aside ---------------------------------------------------------------------------------------


def an_aside(cast: Cast, gateway: ScriptedGateway, poll: Poll) -> SetAside:
    """A revocation that looks like a new document (edxml.md §6.3)."""
    business = BusinessInfo(Business.REVOKE, reason="Văn bản điện tử mới")
    gateway.hold(message(an_edoc(cast.b.code, business=business)), doc_id="a1", receiver=cast.b.code)
    poll()
    return SetAside.objects.get()


def test_a_revocation_that_looks_new_is_a_question_for_the_clerk(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, now: datetime
) -> None:
    aside = an_aside(cast, gateway, poll)
    assert aside.reason == AsideReason.LOOKS_NEW
    exchange.take_aside(actor=cast.b.clerk, aside_id=aside.pk, now=now)
    aside.refresh_from_db()
    assert (aside.state, Inbound.objects.get().state) == (AsideState.TAKEN, InboundState.TAKEN)
    assert Document.objects.get(pk=Arrival.objects.get().document_id).full_number == "125/BTN-VP"
    assert [row.code for row in StatusOut.objects.all()] == ["01"]
    with refused("exchange.aside.decided", kind=NotReady):
        exchange.take_aside(actor=cast.b.clerk, aside_id=aside.pk, now=now)


def test_the_clerk_returns_a_packet_with_a_reason_that_the_sender_reads(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, now: datetime
) -> None:
    aside = an_aside(cast, gateway, poll)
    with refused("exchange.aside.no-reason", kind=NotReady):
        exchange.return_aside(actor=cast.b.clerk, aside_id=aside.pk, text=" ", now=now)
    exchange.return_aside(actor=cast.b.clerk, aside_id=aside.pk, text="Sai nghiệp vụ", now=now)
    status = StatusOut.objects.get()
    assert (status.code, status.description) == ("02", "Sai nghiệp vụ")
    aside.refresh_from_db()
    assert (aside.state, aside.decision) == (AsideState.RETURNED, "Sai nghiệp vụ")
    assert not Document.objects.filter(issuer_code="G99").exists()


def test_only_the_clerk_of_the_agency_decides(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, now: datetime
) -> None:
    aside = an_aside(cast, gateway, poll)
    with refused("exchange.aside.not-found", kind=NotVisible):
        exchange.take_aside(actor=cast.a.clerk, aside_id=aside.pk, now=now)
    with refused("registry.not-clerk", kind=NotPermitted):
        exchange.take_aside(actor=cast.b.officer, aside_id=aside.pk, now=now)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([], AsideReason.NO_FILE),
        ([("van-ban.docx", b"PK\x03\x04 not even a package")], AsideReason.MAIN_UNFIT),
        ([("van-ban.pdf", b"%PDF-1.4\n\xef\xbf\xbd mangled")], AsideReason.MAIN_UNFIT),
    ],
)
def test_a_packet_without_a_document_that_can_be_shown_can_only_be_returned(
    cast: Cast,
    gateway: ScriptedGateway,
    poll: Poll,
    now: datetime,
    files: list[tuple[str, bytes]],
    reason: AsideReason,
) -> None:
    gateway.hold(message(an_edoc(cast.b.code), files), doc_id="a1", receiver=cast.b.code)
    poll()
    aside = SetAside.objects.get()
    assert aside.reason == reason
    with pytest.raises(NotReady) as refusal:
        exchange.take_aside(actor=cast.b.clerk, aside_id=aside.pk, now=now)
    assert refusal.value.violations[0].code == "exchange.aside.no-main"
    exchange.return_aside(actor=cast.b.clerk, aside_id=aside.pk, text="Không có tệp", now=now)
    assert [row.code for row in StatusOut.objects.all()] == ["02"]


def test_an_annex_nobody_knows_is_shown_to_the_clerk_first(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, now: datetime
) -> None:
    files = [the_pdf(), ("phu-luc.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old office file")]
    gateway.hold(message(an_edoc(cast.b.code), files), doc_id="a1", receiver=cast.b.code)
    poll()
    aside = SetAside.objects.get()
    assert aside.reason == AsideReason.ANNEX_UNFIT
    assert "phu-luc.doc" in aside.detail
    exchange.take_aside(actor=cast.b.clerk, aside_id=aside.pk, now=now)
    assert Document.objects.get(pk=Arrival.objects.get().document_id).file_count == 2


def test_a_revocation_of_something_unknown_waits_and_is_no_question(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    edoc = an_edoc(cast.b.code)
    business = BusinessInfo(Business.REVOKE, reason="Thu hồi do sai nội dung", document_id=edoc.document_id)
    gateway.hold(message(replace(edoc, business=business), []), doc_id="a1", receiver=cast.b.code)
    poll()
    assert Inbound.objects.get().state == InboundState.TAKEN
    assert not SetAside.objects.exists()
    assert not Document.objects.filter(issuer_code="G99").exists()
