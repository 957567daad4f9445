"""The axis' list of agencies: taken in each night, nobody deleted, ours never outside; and ours registered there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.exchange.outbox.gateway import ScriptedGateway
from tests.factories.registry import an_issued_document
from tests.proof import audited, refused
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import Delivery, LineCall, Packet
from vanthu.exchange.queries import deliveries_of
from vanthu.exchange.queries.packets import last_listing, packet_counts, packets
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation import worker
from vanthu.foundation.models import Job
from vanthu.kernel.actor import system_actor
from vanthu.kernel.errors import NotReady
from vanthu.organizations.models import AgencyAlias, OutsideAgency
from vanthu.organizations.queries import (
    addressees,
    aliases_of,
    canonical_code,
    find_outside,
    outside_by_code,
    outside_state,
)
from vanthu.schedule import tick


def entry(number: int, code: str, name: str, **more: str) -> dict[str, str]:
    return {"id": str(number), "pid": "", "code": code, "name": name, "mail": "", "oldCode": "", **more}


@pytest.fixture
def listed(line: ScriptedGateway, cast: Cast) -> ScriptedGateway:
    line.agencies = [
        entry(1, "G99", "Bộ  Thử nghiệm", oldCode="000.00.00.G99", code102="G99.102"),
        entry(2, "G99.01", "Cục Một", pid="1"),
        entry(3, "H99", "UBND tỉnh Thử nghiệm", mail="vanthu@example.gov.vn"),
        entry(4, cast.a.code, cast.a.row.name, oldCode="000.00.77.H26"),
        entry(5, "không phải mã", "Rác"),
    ]
    return line


def test_the_list_is_taken_in_with_parents_and_other_codes(
    cast: Cast, now: datetime, listed: ScriptedGateway
) -> None:
    report = exchange.sync_agencies(now=now)
    assert report is not None
    assert (report.listed, report.added, report.closed, report.aliases, report.unfit) == (4, 3, 0, 3, 1)
    rows = outside_by_code(["G99", "G99.01", "H99", cast.a.code])
    assert set(rows) == {"G99", "G99.01", "H99"}
    assert (rows["G99"].name, rows["G99.01"].parent_code) == ("Bộ Thử nghiệm", "G99")
    assert aliases_of("G99") == ("000.00.00.G99", "G99.102")
    assert canonical_code("000.00.00.G99") == "G99"
    assert canonical_code("000.00.77.H26") == cast.a.code
    assert "000.00.77.H26" in aliases_of(cast.a.code)
    assert last_listing() is not None


def test_the_same_list_again_changes_nothing(cast: Cast, now: datetime, listed: ScriptedGateway) -> None:
    exchange.sync_agencies(now=now)
    with audited() as log:
        report = exchange.sync_agencies(now=now + timedelta(days=1))
    assert log.events == []
    assert report is not None
    assert (report.added, report.altered, report.closed, report.aliases) == (0, 0, 0, 0)
    assert outside_state().seen_at == now + timedelta(days=1)


def test_who_is_no_longer_listed_is_closed_with_the_day_and_comes_back(
    cast: Cast, now: datetime, listed: ScriptedGateway
) -> None:
    exchange.sync_agencies(now=now)
    whole = list(listed.agencies)
    listed.agencies = [row for row in whole if row["code"] != "H99"]
    exchange.sync_agencies(now=now + timedelta(days=1))
    gone = outside_by_code(["H99"])["H99"]
    assert (gone.is_active, gone.closed_on) == (False, (now + timedelta(days=1)).date())
    assert find_outside("tinh thu nghiem") == ()
    assert find_outside("tinh thu nghiem", with_closed=True)[0].code == "H99"

    listed.agencies = whole
    exchange.sync_agencies(now=now + timedelta(days=2))
    back = outside_by_code(["H99"])["H99"]
    assert (back.is_active, back.closed_on) == (True, None)


def test_a_list_that_is_half_empty_closes_nobody(cast: Cast, now: datetime, listed: ScriptedGateway) -> None:
    exchange.sync_agencies(now=now)
    listed.agencies = listed.agencies[:1]
    with refused("organizations.outside.list-too-short", kind=NotReady, but=("exchange.LineCall",)):
        exchange.sync_agencies(now=now + timedelta(days=1))
    assert outside_state().active == 3


def test_an_agency_that_becomes_ours_is_outside_no_longer(
    cast: Cast, now: datetime, listed: ScriptedGateway
) -> None:
    OutsideAgency.objects.create(code=cast.b.code, name="Cũ", folded_name="cu", seen_at=now)
    exchange.sync_agencies(now=now)
    assert outside_by_code([cast.b.code])[cast.b.code].is_active is False
    assert addressees([cast.b.code])[cast.b.code].is_ours


def test_an_alias_that_an_administrator_wrote_stays(
    cast: Cast, now: datetime, listed: ScriptedGateway
) -> None:
    AgencyAlias.objects.create(alias="000.00.00.G99", code="H99", source="MANUAL")
    exchange.sync_agencies(now=now)
    assert canonical_code("000.00.00.G99") == "H99"


def test_two_codes_of_one_agency_are_one_recipient(
    cast: Cast, now: datetime, listed: ScriptedGateway
) -> None:
    exchange.sync_agencies(now=now)
    document_id = an_issued_document(cast, to=("000.00.00.G99", "G99", "H99"))
    assert sorted(row.recipient_code for row in deliveries_of(document_id)) == ["G99", "H99"]
    worker.run_all(now=lambda: now)
    assert sorted(listed.sent("edoc")[0].header("To/OrganId")) == ["G99", "H99"]


def test_who_is_closed_on_the_axis_gets_paper_and_the_list_says_since_when(
    cast: Cast, now: datetime, listed: ScriptedGateway
) -> None:
    exchange.sync_agencies(now=now - timedelta(days=3))
    listed.agencies = [row for row in listed.agencies if row["code"] != "H99"]
    exchange.sync_agencies(now=now - timedelta(days=1))
    document_id = an_issued_document(cast, to=("G99", "H99"))
    rows = {row.recipient_code: row for row in deliveries_of(document_id)}
    assert rows["H99"].state is DeliveryState.PAPER
    assert rows["H99"].last_error == "Không còn trong danh sách của trục liên thông (từ 19/11/2026)"
    assert rows["H99"].channel == "paper"
    assert rows["G99"].state is DeliveryState.TO_SEND


def test_without_a_line_everybody_outside_gets_paper(cast: Cast, now: datetime, outside: None) -> None:
    document_id = an_issued_document(cast, to=("G99",))
    (row,) = deliveries_of(document_id)
    assert (row.state, row.last_error) == (DeliveryState.PAPER, "Hệ thống chưa nối trục liên thông")
    assert exchange.sync_agencies(now=now) is None


def test_a_line_that_is_taken_away_keeps_packets_waiting(
    cast: Cast, now: datetime, line: ScriptedGateway, outside: None, settings: Any
) -> None:
    document_id = an_issued_document(cast, to=("G99",))
    url, settings.VANTHU_LINE_URL = line.url, ""
    worker.run_all(now=lambda: now)
    assert "Hệ thống chưa nối" in deliveries_of(document_id)[0].last_error
    settings.VANTHU_LINE_URL = url
    worker.run_all(now=lambda: now + timedelta(minutes=11))
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_the_timetable_asks_for_the_list_once_a_night(
    cast: Cast, now: datetime, listed: ScriptedGateway
) -> None:
    assert "sync-agencies" in tick(now=now)
    assert "sync-agencies" not in tick(now=now + timedelta(hours=1))
    assert Job.objects.filter(kind="exchange.sync-agencies").count() == 1


def test_ours_are_registered_on_the_axis(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    done = exchange.register_agencies(actor=system_actor(None), codes=[cast.a.code], now=now)
    assert done == (cast.a.code,)
    (order,) = line.registered
    assert (order["code"], order["pcode"], order["name"]) == (cast.a.code, "00.26.TEST", cast.a.row.name)
    everybody = exchange.register_agencies(actor=system_actor(None), codes=[], now=now)
    assert cast.b.code in everybody
    assert "H26.TD90" not in everybody
    assert LineCall.objects.filter(call="registerAgency").count() == 1 + len(everybody)


def test_a_hint_of_the_axis_stands_beside_the_receiver(
    cast: Cast, now: datetime, line: ScriptedGateway, outside: None, settings: Any
) -> None:
    settings.VANTHU_LINE_WATCH_MINUTES = 10
    document_id = an_issued_document(cast, to=("G99", "H99"))
    line.receive_status["H99"] = ("FAIL", "File edXML loi")
    worker.run_all(now=lambda: now)
    worker.run_all(now=lambda: now + timedelta(minutes=11))
    rows = {row.recipient_code: row for row in deliveries_of(document_id)}
    assert "File edXML loi" in rows["H99"].last_error
    assert rows["H99"].state is DeliveryState.SENT
    assert rows["G99"].last_error == ""


def test_packets_that_wait_or_failed_are_listed(
    cast: Cast, now: datetime, line: ScriptedGateway, outside: None
) -> None:
    line.script = ["fail:18:Khong co don vi"]
    an_issued_document(cast, to=("G99",))
    worker.run_all(now=lambda: now)
    (row,) = packets()
    assert (row.state, row.error_code, row.receivers) == ("FAILED", "receiver-unknown", 1)
    assert packet_counts() == {"FAILED": 1}
    assert packets(state="TAKEN") == ()
    exchange.resend_packet(actor=system_actor(None), packet_id=row.id, now=now)
    worker.run_all(now=lambda: now)
    assert packets() == ()
    with refused("exchange.packet.not-failed", kind=NotReady):
        exchange.resend_packet(actor=system_actor(None), packet_id=Packet.objects.get().pk, now=now)
