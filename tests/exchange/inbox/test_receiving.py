"""Documents that come over the axis."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from tests.cast import CLOSED, Cast
from tests.exchange.inbox.gateway import ScriptedGateway
from tests.exchange.inbox.letters import MINISTRY, an_edoc, message, the_pdf
from tests.proof import audited, demand_true_counters, queues_with
from vanthu.documents.models import Document, DocumentFile, QuarantinedPackage
from vanthu.edxml.message import Organization, Trace
from vanthu.edxml.reading import glance
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import (
    Arrival,
    Inbound,
    InboundState,
    LineCall,
    LineWatch,
    Packet,
    SetAside,
    StatusOut,
)
from vanthu.exchange.operations.inbox import Polled
from vanthu.exchange.rules.inbox import AsideReason
from vanthu.foundation.models import Job
from vanthu.foundation.storage import blobs, sha256_of
from vanthu.kernel.actor import Urgency
from vanthu.organizations.models import Agency, AgencyAlias
from vanthu.queues.rules.catalogue import Queue

Poll = Callable[[], Polled]
OLD = "000.00.77.H26"


def states() -> list[str]:
    return list(Inbound.objects.order_by("id").values_list("state", flat=True))


def answers() -> list[tuple[str, str]]:
    rows = StatusOut.objects.order_by("id")
    return list(rows.values_list("arrival__recipient_code", "code"))


def test_a_document_lies_in_the_clerks_queue_and_the_axis_is_told(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    polled = poll()
    assert (polled.fetched, polled.settled, polled.acknowledged, polled.trouble) == (1, 1, 1, "")
    inbound = Inbound.objects.get()
    assert (inbound.state, inbound.is_acknowledged) == (InboundState.TAKEN, True)
    arrival = Arrival.objects.get()
    document = Document.objects.get(pk=arrival.document_id)
    assert (document.full_number, document.issuer_code, document.type_code) == (
        "125/BTN-VP",
        "G99",
        "cong_van",
    )
    assert (document.issuer_name, document.signer_position) == ("Bộ Thử nghiệm", "Thứ trưởng")
    assert queues_with(document.pk) == {Queue.TO_RECEIVE}
    assert gateway.acknowledgements_of("a1") == ["done"]
    assert answers() == [(cast.b.code, "01")]
    demand_true_counters()


def test_the_bytes_of_the_message_and_of_its_files_are_kept(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    data = message(an_edoc(cast.b.code))
    gateway.hold(data, doc_id="a1", receiver=cast.b.code)
    poll()
    assert blobs().read(Inbound.objects.get().sha256) == data
    assert Document.objects.get(direction="INCOMING", issuer_code="G99").main_sha256 == sha256_of(
        the_pdf()[1]
    )


def test_the_signature_is_checked_as_for_every_arrival(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    poll()
    job = Job.objects.get(kind="registry.verify")
    assert job.args["document_id"] == Arrival.objects.get().document_id


def test_what_the_answer_must_repeat_is_kept_to_the_letter(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    edoc = an_edoc(cast.b.code, notation="BTN-VP ", issued_on_raw="2026/11/19")
    gateway.hold(message(edoc), doc_id="a1", receiver=cast.b.code)
    poll()
    arrival = Arrival.objects.get()
    assert (arrival.sender_code, arrival.their_document_id) == ("G99", edoc.document_id)
    assert arrival.their_issued_on == "2026/11/19"
    assert arrival.their_code.startswith("125/BTN-VP")
    assert arrival.addressed_codes == [cast.b.code]


def test_asking_again_brings_nothing_twice(cast: Cast, gateway: ScriptedGateway, poll: Poll) -> None:
    gateway.forgets = True
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    poll()
    with audited() as log:
        polled = poll()
    assert (polled.fetched, polled.settled) == (0, 0)
    assert not [event for event in log.events if event.verb.startswith("exchange.inbound")]
    assert gateway.calls.count("getEdoc") == 1
    assert gateway.acknowledgements_of("a1") == ["done", "done"]
    assert Arrival.objects.count() == 1


def test_the_same_message_under_another_id_is_a_duplicate_and_acknowledged(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    data = message(an_edoc(cast.b.code))
    gateway.hold(data, doc_id="a1", receiver=cast.b.code)
    gateway.hold(data, doc_id="a2", receiver=cast.b.code)
    poll()
    assert states() == [InboundState.TAKEN, InboundState.DUPLICATE]
    assert gateway.acknowledgements_of("a2") == ["done"]
    assert Arrival.objects.count() == 1
    assert answers() == [(cast.b.code, "01")]


def test_traces_added_on_the_way_make_no_second_document(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, now: datetime
) -> None:
    edoc = an_edoc(cast.b.code)
    centre = Trace("02.29.W00", now.replace(tzinfo=None))
    gateway.hold(message(edoc), doc_id="a1", receiver=cast.b.code)
    gateway.hold(message(replace(edoc, traces=(*edoc.traces, centre))), doc_id="a2", receiver=cast.b.code)
    poll()
    assert states() == [InboundState.TAKEN, InboundState.DUPLICATE]
    assert not SetAside.objects.exists()


def test_a_message_that_was_refused_before_is_taken_when_it_comes_again(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    """Not a duplicate: nobody had it."""
    data = message(an_edoc(OLD))
    gateway.hold(data, doc_id="a1", receiver=OLD)
    poll()
    AgencyAlias.objects.create(alias=OLD, code=cast.b.code, source="OLD")
    gateway.hold(data, doc_id="a2", receiver=OLD)
    poll()
    assert states() == [InboundState.REFUSED, InboundState.TAKEN]


def test_two_names_of_one_agency_are_one_arrival_answered_under_both(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, now: datetime
) -> None:
    AgencyAlias.objects.create(alias=OLD, code=cast.b.code, source="OLD")
    gateway.hold(message(an_edoc(cast.b.code, OLD)), doc_id="a1", receiver=OLD)
    poll()
    arrival = Arrival.objects.get()
    assert arrival.recipient_code == cast.b.code
    assert arrival.addressed_codes == [cast.b.code, OLD]
    exchange.deliver_status(status_id=StatusOut.objects.get().pk, now=now)
    reports = [glance(blobs().read(packet.sha256)).status for packet in Packet.objects.order_by("id")]
    assert [report.sender.code for report in reports if report] == [cast.b.code, OLD]
    assert {report.response_for.organ_code for report in reports if report} == {"G99"}


def test_two_agencies_of_ours_get_a_record_each(cast: Cast, gateway: ScriptedGateway, poll: Poll) -> None:
    data = message(an_edoc(cast.a.code, "K77.1", cast.b.code))
    gateway.hold(data, doc_id="a1", receiver=cast.a.code)
    gateway.hold(data, doc_id="a2", receiver=cast.b.code)
    poll()
    assert set(Arrival.objects.values_list("recipient_code", flat=True)) == {cast.a.code, cast.b.code}
    assert sorted(answers()) == sorted([(cast.a.code, "01"), (cast.b.code, "01")])
    assert states() == [InboundState.TAKEN, InboundState.DUPLICATE]


def test_a_package_for_nobody_of_ours_is_kept_and_refused_with_the_reason(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    gateway.hold(message(an_edoc("K77.1")), doc_id="a1", receiver="K77.1")
    poll()
    inbound = Inbound.objects.get()
    assert (inbound.state, inbound.error_code) == (InboundState.REFUSED, "not-ours")
    assert blobs().has(inbound.sha256)
    ((_, state, reason),) = gateway.told
    assert state == "fail"
    assert "K77.1" in reason
    assert not Arrival.objects.exists()


def test_a_closed_agency_answers_02_and_names_its_successor(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    """Closed since yesterday: the sender's directory does not know yet."""
    gateway.hold(message(an_edoc(CLOSED)), doc_id="a1", receiver=CLOSED)
    poll()
    status = StatusOut.objects.get()
    assert (status.code, status.arrival.recipient_code, status.arrival.document_id) == ("02", CLOSED, None)
    assert cast.ward.row.name in status.description
    assert gateway.acknowledgements_of("a1") == ["fail"]
    poll()
    assert StatusOut.objects.count() == 1


def test_an_agency_that_cannot_receive_yet_answers_02_and_why(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    Agency.objects.filter(pk=cast.b.id).update(
        can_receive=False, cannot_receive_reason="Chưa có chữ ký số của cơ quan"
    )
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    poll()
    status = StatusOut.objects.get()
    assert (status.code, status.arrival.document_id) == ("02", None)
    assert "Chưa có chữ ký số của cơ quan" in status.description
    assert "bản giấy" in status.description


def test_a_sender_nobody_knows_is_taken_by_the_name_it_gives_itself(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    edoc = an_edoc(cast.b.code, sender=Organization("Z98.1", "Viện Chưa Từng Nghe"))
    gateway.hold(message(edoc), doc_id="a1", receiver=cast.b.code)
    poll()
    document = Document.objects.get(issuer_code="Z98.1")
    assert document.issuer_name == "Viện Chưa Từng Nghe"


def test_a_sender_known_by_an_old_code_is_recorded_by_the_one_in_force(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    AgencyAlias.objects.create(alias="000.00.00.G99", code="G99", source="OLD")
    edoc = an_edoc(cast.b.code, sender=replace(MINISTRY, code="000.00.00.G99"))
    gateway.hold(message(edoc), doc_id="a1", receiver=cast.b.code)
    poll()
    arrival = Arrival.objects.get()
    assert arrival.sender_code == "000.00.00.G99"
    assert Document.objects.get(pk=arrival.document_id).issuer_code == "G99"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type_name": "Văn bản điện tử mới"}, {"type_code": "khac"}),
        ({"type_name": "quyết  định"}, {"type_code": "quyet_dinh"}),
        ({"urgency": 4}, {"urgency": Urgency.EXPRESS}),
        ({"number": "74a"}, {"number": None, "full_number": "74a/BTN-VP"}),
        ({"subject": "V/v\u202e thử\tnghiệm"}, {"subject": "V/v thử nghiệm"}),
    ],
)
def test_what_is_unusual_is_read_as_records_hold_it(
    cast: Cast,
    gateway: ScriptedGateway,
    poll: Poll,
    changes: dict[str, object],
    expected: dict[str, object],
) -> None:
    gateway.hold(message(an_edoc(cast.b.code, **changes)), doc_id="a1", receiver=cast.b.code)
    poll()
    document = Document.objects.get(pk=Arrival.objects.get().document_id)
    assert {name: getattr(document, name) for name in expected} == expected


def test_a_date_nobody_can_read_is_left_out_with_a_warning(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    data = message(an_edoc(cast.b.code)).replace(
        b"<edXML:PromulgationDate>2026/11/19", b"<edXML:PromulgationDate>hom qua"
    )
    gateway.hold(data, doc_id="a1", receiver=cast.b.code)
    poll()
    inbound, arrival = Inbound.objects.get(), Arrival.objects.get()
    assert ["date-unreadable", "hom qua"] in [[kind, raw] for kind, _, raw in inbound.warnings]
    assert arrival.their_issued_on == "hom qua"
    assert Document.objects.get(pk=arrival.document_id).issued_on is None


def test_what_is_marked_secret_goes_into_quarantine_and_is_not_copied(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    pdf = b"%PDF-1.4 nobody opens this"
    edoc = an_edoc(cast.b.code, subject="Kế hoạch (TỐI MẬT)")
    gateway.hold(message(edoc, [("mat.pdf", pdf)]), doc_id="a1", receiver=cast.b.code)
    poll()
    package = QuarantinedPackage.objects.get()
    assert package.sha256 == sha256_of(pdf)
    assert not blobs().has(package.sha256)
    assert answers() == [(cast.b.code, "02")]
    assert not Document.objects.filter(issuer_code="G99").exists()


def test_an_office_file_beside_the_document_comes_unzipped_with_its_name(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    table = a_workbook()
    files = [("phu-luc.xlsx", table), the_pdf()]
    gateway.hold(message(an_edoc(cast.b.code), files), doc_id="a1", receiver=cast.b.code)
    poll()
    rows = DocumentFile.objects.filter(document_id=Arrival.objects.get().document_id).order_by("ordinal")
    assert [(row.role, row.name) for row in rows] == [
        ("MAIN", "van-ban.pdf"),
        ("ATTACHMENT", "phu-luc.xlsx"),
    ]
    assert rows[1].sha256 == sha256_of(table)


def a_workbook() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def test_every_call_leaves_a_row_beside_its_packet(cast: Cast, gateway: ScriptedGateway, poll: Poll) -> None:
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    poll()
    inbound = Inbound.objects.get()
    assert [row.call for row in inbound.calls.order_by("id")] == ["getEdoc", "updateStatus"]
    assert LineCall.objects.filter(inbound=None, call="getReceivedEdocList").count() == 2
    everything = str(list(LineCall.objects.values()))
    assert "dummy-secret" not in everything
    assert "hash-header" not in everything.lower()


def test_one_poller_at_a_time_and_not_before_its_time(
    cast: Cast, gateway: ScriptedGateway, now: datetime
) -> None:
    assert exchange.poll_line(now=now) is not None
    assert exchange.poll_line(now=now + timedelta(seconds=30)) is None
    LineWatch.objects.update(lease="another", leased_until=now + timedelta(minutes=2))
    assert exchange.poll_line(now=now + timedelta(seconds=90)) is None
    assert exchange.poll_line(now=now + timedelta(seconds=130)) is not None


def test_without_a_line_nobody_asks(cast: Cast, now: datetime) -> None:
    assert exchange.poll_line(now=now) is None
    assert not LineWatch.objects.exists()


def test_the_job_of_the_timetable_asks_too(cast: Cast, gateway: ScriptedGateway) -> None:
    from vanthu.foundation import worker
    from vanthu.schedule import SWEEPS

    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    at = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    next(sweep for sweep in SWEEPS if sweep.name == "poll-line").run(at)
    worker.run_due(now=lambda: at, limit=50)
    assert Arrival.objects.count() == 1


def test_other_bytes_under_the_same_id_are_a_question_for_the_clerk(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    poll()
    other = an_edoc(cast.b.code, subject="V/v một việc khác hẳn")
    gateway.hold(message(other), doc_id="a2", receiver=cast.b.code)
    poll()
    aside = SetAside.objects.get()
    assert (aside.reason, aside.agency_id, aside.sender_code) == (
        AsideReason.OTHER_BYTES,
        cast.b.id,
        "G99",
    )
    assert Inbound.objects.get(axis_id="a2").state == InboundState.SET_ASIDE
    assert gateway.acknowledgements_of("a2") == ["done"]
    assert Arrival.objects.count() == 1
