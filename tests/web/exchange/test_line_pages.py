"""Gói tin để riêng, the facts that a message brought, and the state of the line, as people see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from tests.cast import Cast
from tests.exchange.inbox.gateway import ScriptedGateway, playing
from tests.exchange.inbox.letters import an_edoc, message
from tests.web.conftest import SignIn
from tests.web.pages import words_of
from vanthu.edxml.message import Business, BusinessInfo
from vanthu.exchange.channels.vxp.wire import close_connections
from vanthu.exchange.models import Arrival, LineWatch, SetAside
from vanthu.exchange.operations import poll_line

ASIDES = "/van-ban-den/de-rieng/"
LINE = "/quan-tri/lien-thong/"


@pytest.fixture
def gateway(settings: LazySettings) -> Iterator[ScriptedGateway]:
    with playing() as played:
        settings.VANTHU_LINE_URL = played.url
        settings.VANTHU_LINE_SYSTEM = "00.26.TEST"
        settings.VANTHU_LINE_SECRET = "dummy-secret-for-loopback"
        yield played
        close_connections()


@pytest.fixture
def brings(gateway: ScriptedGateway, cast: Cast, now: datetime) -> Callable[..., None]:
    def bring(**changes: object) -> None:
        edoc = an_edoc(cast.b.code, **changes)
        gateway.hold(message(edoc), doc_id="a1", receiver=cast.b.code)
        poll_line(now=now, ignore_schedule=True)

    return bring


QUESTION = {"business": BusinessInfo(Business.REVOKE, reason="Văn bản điện tử mới")}


def test_the_facts_say_what_the_message_said(
    cast: Cast, sign_in: SignIn, brings: Callable[..., None]
) -> None:
    brings(type_name="Văn bản điện tử mới", due_on_raw="")
    document_id = Arrival.objects.get().document_id
    assert document_id is not None
    words = words_of(sign_in(cast.b.clerk).get(f"/van-ban/{document_id}/?mat=thong-tin"))
    assert "Trục liên thông" in words
    assert "G99,2026/11/19,125/BTN-VP" in words
    assert "Tên loại văn bản lạ" in words
    assert "Khác" in words


def test_the_clerk_takes_what_was_set_aside(cast: Cast, sign_in: SignIn, brings: Callable[..., None]) -> None:
    brings(**QUESTION)
    client = sign_in(cast.b.clerk)
    page = words_of(client.get(ASIDES))
    assert "Gói ghi là thu hồi" in page
    assert "125/BTN-VP" in page
    answer = client.post(f"{ASIDES}{SetAside.objects.get().pk}/nhan/", follow=True)
    assert "Đã nhận" in words_of(answer)
    assert Arrival.objects.count() == 1


def test_a_return_without_a_reason_is_refused_in_words(
    cast: Cast, sign_in: SignIn, brings: Callable[..., None]
) -> None:
    brings(**QUESTION)
    client = sign_in(cast.b.clerk)
    place = f"{ASIDES}{SetAside.objects.get().pk}/tra-lai/"
    refused = client.post(place, {"text": "  "})
    assert refused.status_code == 422
    assert "Chưa nhập lý do trả lại." in words_of(refused)
    assert "Sai nghiệp vụ" in words_of(client.post(place, {"text": "Sai nghiệp vụ"}, follow=True))


def test_what_is_set_aside_is_the_clerks_of_that_agency(
    cast: Cast, sign_in: SignIn, brings: Callable[..., None]
) -> None:
    brings(**QUESTION)
    assert sign_in(cast.b.officer).get(ASIDES).status_code == 403
    other = sign_in(cast.a.clerk)
    assert "Không có gói tin nào để riêng" in words_of(other.get(ASIDES))
    assert other.post(f"{ASIDES}{SetAside.objects.get().pk}/nhan/").status_code == 404


def test_the_rail_counts_what_waits_for_the_clerk(
    cast: Cast, sign_in: SignIn, brings: Callable[..., None]
) -> None:
    brings(**QUESTION)
    page = sign_in(cast.b.clerk).get(ASIDES).content.decode()
    assert ASIDES in page.split("<main")[0]


def test_the_administrator_sees_since_when_the_line_is_down_and_what_to_do(
    cast: Cast, sign_in: SignIn, gateway: ScriptedGateway, now: datetime
) -> None:
    gateway.instead["getReceivedEdocList"] = [(401, "text/plain", b"Unauthorized")]
    poll_line(now=now, ignore_schedule=True)
    LineWatch.objects.update(down_since=now - timedelta(hours=1))
    words = words_of(sign_in(cast.city_admin).get(LINE))
    assert "Không hỏi được trục liên thông từ" in words
    assert "khóa bí mật" in words
    assert sign_in(cast.b.clerk).get(LINE).status_code == 403


def test_a_package_for_nobody_of_ours_is_told_to_the_administrator(
    cast: Cast, sign_in: SignIn, gateway: ScriptedGateway, now: datetime
) -> None:
    gateway.hold(message(an_edoc("K77.1")), doc_id="a1", receiver="K77.1")
    poll_line(now=now, ignore_schedule=True)
    words = words_of(sign_in(cast.city_admin).get(LINE))
    assert "Không có cơ quan nhận nào thuộc hệ thống này" in words


def test_without_a_line_the_page_says_how_to_get_one(cast: Cast, sign_in: SignIn) -> None:
    assert "VANTHU_LINE_URL" in words_of(sign_in(cast.city_admin).get(LINE))
