"""The directory of agencies: codes, ability to receive, successors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import CLOSED, Cast
from vanthu.kernel.actor import Actor
from vanthu.organizations.queries import agency, directory

SignIn = Callable[[Actor], Client]


def test_the_list_shows_codes_ability_and_successors(cast: Cast, as_person: SignIn) -> None:
    text = as_person(cast.city_admin).get(reverse("admin-agencies")).content.decode()
    assert cast.a.code in text
    assert "mã trình diễn" in text
    assert CLOSED in text
    assert "kết thúc hoạt động 30/06/2025" in text
    assert f"kế thừa: {cast.ward.row.name}" in text


def test_the_list_is_filtered_by_name_and_code(cast: Cast, as_person: SignIn) -> None:
    client = as_person(cast.city_admin)
    for text in ("Tài chính", cast.b.code):
        answer = client.get(reverse("admin-agencies"), {"q": text}).content.decode()
        assert cast.b.row.name in answer
        assert cast.a.row.name not in answer
    assert (
        "Không có cơ quan nào khớp." in client.get(reverse("admin-agencies"), {"q": "zzz"}).content.decode()
    )


def test_pages_follow_each_other_by_key(
    cast: Cast, as_person: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vanthu.web.admin_desk.pages.PAGE", 2)
    client = as_person(cast.city_admin)
    first = client.get(reverse("admin-agencies")).content.decode()
    shown = directory(limit=3)
    assert "Trang sau" in first
    assert f"sau={shown[1].agency.id}" in first
    second = client.get(reverse("admin-agencies"), {"sau": shown[1].agency.id}).content.decode()
    assert shown[2].agency.name in second
    assert shown[0].agency.code + "<" not in second


def test_an_agency_that_can_not_receive_says_why_and_since_when(cast: Cast, as_person: SignIn) -> None:
    client, where = as_person(cast.city_admin), reverse("admin-agency", args=[cast.b.id])
    data = {"able": "0", "reason": "Đang thay máy chủ", "since": "2026-11-19"}
    assert client.post(where, data).status_code == 302
    assert not agency(cast.b.id).can_receive
    text = client.get(reverse("admin-agencies")).content.decode()
    assert "Đang thay máy chủ" in text
    assert "từ 19/11/2026" in text
    client.post(where, {"able": "1"})
    assert agency(cast.b.id).can_receive


def test_not_able_without_a_reason_comes_back_with_its_code(cast: Cast, as_person: SignIn) -> None:
    answer = as_person(cast.city_admin).post(
        reverse("admin-agency", args=[cast.b.id]), {"able": "0", "reason": ""}
    )
    assert answer.status_code == 422
    assert "VT-ORG-006" in answer.content.decode()
    assert agency(cast.b.id).can_receive


def test_only_the_city_administrator_reads_and_changes(cast: Cast, as_person: SignIn) -> None:
    for actor in (cast.b.admin, cast.b.leader):
        client = as_person(actor)
        assert client.get(reverse("admin-agencies")).status_code == 403
        where = reverse("admin-agency", args=[cast.b.id])
        assert client.get(where).status_code == 403
        assert client.post(where, {"able": "0", "reason": "x"}).status_code == 403
    assert agency(cast.b.id).can_receive


def test_an_unknown_agency_is_not_found(cast: Cast, as_person: SignIn) -> None:
    where = reverse("admin-agency", args=[10**9])
    assert as_person(cast.city_admin).get(where).status_code == 404


def test_a_long_page_asks_as_many_questions_as_a_short_one(cast: Cast, as_person: SignIn) -> None:
    client = as_person(cast.city_admin)

    def questions(text: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("admin-agencies"), {"q": text})
        return len(asked)

    questions("H26")
    assert questions("H26") == questions(CLOSED)
