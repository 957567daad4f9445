"""Nhật ký và chứng cứ: what the administrator sees of the log's heads."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.cast import Cast
from tests.evidence.life import SYSTEM, a_night, an_hour
from tests.factories.exchange import an_arrival
from tests.web.conftest import SignIn
from tests.web.pages import words_of
from vanthu.evidence.operations import end_alarm, raise_alarm
from vanthu.evidence.queries.tree import log_keys, newest_head

PAGE = "/quan-tri/chung-cu/"


def test_before_the_first_head_the_page_says_what_will_bring_it(cast: Cast, sign_in: SignIn) -> None:
    text = words_of(sign_in(cast.city_admin).get(PAGE))
    assert "Chưa có đầu cây nào." in text
    assert "vanthu tick" in text


def test_heads_stand_with_time_size_root_and_stamp(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    an_arrival(cast)
    stamped = a_night(now=now)
    an_arrival(cast)
    an_hour(now=now + timedelta(hours=1))
    newest = newest_head()
    assert newest is not None
    text = words_of(sign_in(cast.city_admin).get(PAGE))
    for words in (newest.root[:16], stamped.root[:16], log_keys()[0].fingerprint, "vanthu audit witness"):
        assert words in text
    assert text.index(newest.root[:16]) < text.index(stamped.root[:16])
    assert "có, lúc" in text


def test_a_rewritten_log_stands_above_everything_until_it_is_settled(
    cast: Cast, sign_in: SignIn, now: datetime
) -> None:
    an_hour(now=now)
    detail = {"why": "chuỗi 2 ngắn hơn khi vào cây"}
    raise_alarm(actor=SYSTEM, code="evidence.log.rewritten", subject="nhật ký", detail=detail, now=now)
    client = sign_in(cast.city_admin)
    text = words_of(client.get(PAGE))
    assert "Nhật ký không nối tiếp đầu cây đã ký." in text
    assert "chuỗi 2 ngắn hơn khi vào cây" in text
    end_alarm(actor=SYSTEM, code="evidence.log.rewritten", subject="nhật ký", now=now)
    assert "không nối tiếp" not in words_of(client.get(PAGE)).split("Nhân chứng")[0]


def test_only_administrator_and_inspector_look_at_heads(cast: Cast, sign_in: SignIn) -> None:
    assert "Nhật ký và chứng cứ" in words_of(sign_in(cast.auditor).get(PAGE))
    assert sign_in(cast.b.clerk).get(PAGE).status_code == 403
    assert sign_in(cast.b.admin).get(PAGE).status_code == 403
