"""Certificates that end soon: the administrator's list, and the hint to the person who signs in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.web.conftest import SignIn
from tests.web.pages import words_of
from vanthu.signing.models import SigningKey
from vanthu.signing.queries import certificates_soon_ending
from vanthu.signing.rules.kinds import CertificateState


def ends_in(owner: str, days: float, now: datetime) -> SigningKey:
    key = SigningKey.objects.get(owner=owner, state=CertificateState.ACTIVE)
    key.valid_to = now + timedelta(days=days)
    key.save()
    return key


def person(cast: Cast) -> str:
    return f"person:{cast.a.leader.user_id}"


@pytest.mark.parametrize(
    ("days", "stage"),
    [(-1, 0), (0.5, 7), (7.5, 7), (8.5, 30), (30.5, 30), (31.5, 60), (60.5, 60), (62, None)],
)
def test_warnings_come_at_sixty_thirty_and_seven_days(
    cast: Cast, now: datetime, days: float, stage: int | None
) -> None:
    ends_in(person(cast), days, now)
    found = [row.stage for row in certificates_soon_ending(now=now) if row.owner == person(cast)]
    assert found == ([] if stage is None else [stage])


def test_a_replaced_certificate_warns_nobody(cast: Cast, now: datetime) -> None:
    key = ends_in(person(cast), 5, now)
    key.state = CertificateState.REPLACED
    key.save()
    assert certificates_soon_ending(now=now) == ()


def test_the_administrator_reads_names_days_and_what_to_do(
    cast: Cast, sign_in: SignIn, now: datetime
) -> None:
    mine, other = ends_in(person(cast), 5.5, now), ends_in(f"agency:{cast.b.id}", 20.5, now)
    text = words_of(sign_in(cast.a.admin).get(reverse("admin-ending")))
    assert mine.subject in text
    assert "còn 5 ngày" in text
    assert "Đăng ký chứng thư mới trong tuần này" in text
    assert other.subject not in text
    city = words_of(sign_in(cast.city_admin).get(reverse("admin-ending")))
    assert mine.subject in city
    assert other.subject in city
    assert "còn 20 ngày" in city
    assert "Bản lưu trữ dài hạn đã có" in city


def test_nobody_else_reads_the_list(cast: Cast, sign_in: SignIn) -> None:
    for actor in (cast.a.clerk, cast.a.leader):
        assert sign_in(actor).get(reverse("admin-ending")).status_code == 403


def test_when_nothing_ends_the_page_says_so(cast: Cast, sign_in: SignIn) -> None:
    text = words_of(sign_in(cast.a.admin).get(reverse("admin-ending")))
    assert "Không có chứng thư nào hết hạn trong 60 ngày tới." in text


def test_who_signs_in_is_reminded_of_his_certificate(cast: Cast, now: datetime, clock: object) -> None:
    ends_in(person(cast), 12.5, now)
    somebody = get_user_model().objects.get(pk=cast.a.leader.user_id)
    somebody.set_password("mot-cau-du-dai-de-nho")
    somebody.save()
    answer = Client().post(
        reverse("account_login"),
        {"login": somebody.get_username(), "password": "mot-cau-du-dai-de-nho"},
        follow=True,
    )
    assert "Chứng thư số của bạn còn 12 ngày là hết hạn." in words_of(answer)
