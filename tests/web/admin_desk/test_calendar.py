"""The city's administrator reads the calendar, confirms projected days and tries a due time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from vanthu.kernel.actor import Actor
from vanthu.organizations.queries import city_days

SignIn = Callable[[Actor], Client]
SOURCE = "Thông báo 9999/TB-BNV ngày 20/11/2026 (hư cấu)"


def a_projected_day() -> date:
    return next(row.day for row in city_days(2027) if row.projected)


def is_projected(day: date) -> bool:
    return next(row.projected for row in city_days(day.year) if row.day == day)


def test_each_special_day_stands_with_kind_and_source(cast: Cast, as_person: SignIn) -> None:
    text = as_person(cast.city_admin).get(reverse("admin-calendar"), {"nam": 2026}).content.decode()
    assert "10/01/2026" in text
    assert "Làm bù" in text
    assert "Nghỉ hoán đổi" in text
    assert "Bộ luật Lao động 2019" in text


def test_a_projected_day_is_confirmed_with_its_announcement(cast: Cast, as_person: SignIn) -> None:
    day, client = a_projected_day(), as_person(cast.city_admin)
    assert "dự kiến" in client.get(reverse("admin-calendar"), {"nam": 2027}).content.decode()
    answer = client.post(
        f"{reverse('admin-confirm-day')}?nam=2027", {"day": day.isoformat(), "source": SOURCE}
    )
    assert answer.headers["Location"] == f"{reverse('admin-calendar')}?nam=2027"
    assert not is_projected(day)
    assert SOURCE in client.get(reverse("admin-calendar"), {"nam": 2027}).content.decode()


def test_a_day_is_not_confirmed_without_an_announcement(cast: Cast, as_person: SignIn) -> None:
    day = a_projected_day()
    answer = as_person(cast.city_admin).post(
        f"{reverse('admin-confirm-day')}?nam=2027", {"day": day.isoformat(), "source": "  "}
    )
    assert answer.status_code == 422
    assert "Chưa ghi số, ngày của thông báo." in answer.content.decode()
    assert "VT-ORG-010" in answer.content.decode()
    assert is_projected(day)


def test_only_the_city_administrator_reads_and_confirms(cast: Cast, as_person: SignIn) -> None:
    day = a_projected_day()
    for actor in (cast.b.admin, cast.b.leader):
        client = as_person(actor)
        assert client.get(reverse("admin-calendar")).status_code == 403
        answer = client.post(reverse("admin-confirm-day"), {"day": day.isoformat(), "source": SOURCE})
        assert answer.status_code == 403
    assert is_projected(day)


def test_a_due_time_is_tried_with_its_trace(cast: Cast, as_person: SignIn) -> None:
    query = {"nam": 2026, "tu": "2026-11-20T09:00", "so": 5, "tinh": "ngay"}
    text = as_person(cast.city_admin).get(reverse("admin-calendar"), query).content.decode()
    assert "17:00 27/11/2026" in text
    assert "Không tính thứ Bảy 21/11/2026: nghỉ hằng tuần." in text
    hours = as_person(cast.city_admin).get(reverse("admin-calendar"), query | {"so": 2, "tinh": "gio"})
    assert "11:00 20/11/2026" in hours.content.decode()


def test_a_year_that_is_not_seeded_is_named(cast: Cast, as_person: SignIn) -> None:
    query = {"tu": "2031-11-20T09:00", "so": 5, "tinh": "ngay"}
    answer = as_person(cast.city_admin).get(reverse("admin-calendar"), query)
    assert answer.status_code == 200
    assert "VT-ORG-001" in answer.content.decode()


def test_confirming_needs_a_post(cast: Cast, as_person: SignIn) -> None:
    assert as_person(cast.city_admin).get(reverse("admin-confirm-day")).status_code == 405
