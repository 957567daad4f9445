"""The administrator of an agency keeps who holds which post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from vanthu.kernel.actor import Actor
from vanthu.organizations.queries import posts_of_agency, posts_of_unit

SignIn = Callable[[Actor], Client]


def an_end(actor: Actor, day: str = "2026-11-25") -> dict[str, object]:
    return {"post_id": actor.post_id, "person_id": actor.user_id, "held_to": day}


def an_appointment(post_of: Actor, person: Actor, day: str = "2026-11-20") -> dict[str, object]:
    return {"post_id": post_of.post_id, "person_id": person.user_id, "held_from": day}


def test_the_list_shows_posts_by_unit_with_holders_and_roles(cast: Cast, as_person: SignIn) -> None:
    text = as_person(cast.b.admin).get(reverse("admin-people")).content.decode()
    assert cast.b.unit.name in text
    assert cast.b.head.name in text
    assert "Lãnh đạo đơn vị" in text
    assert "Bổ nhiệm" in text


def test_only_administrators_read_it(cast: Cast, as_person: SignIn) -> None:
    for actor in (cast.b.leader, cast.b.clerk, cast.b.officer):
        answer = as_person(actor).get(reverse("admin-people"))
        assert answer.status_code == 403
        assert "VT-ORG-007" in answer.content.decode()


def test_an_agencys_administrator_does_not_read_another_agency(cast: Cast, as_person: SignIn) -> None:
    where = reverse("admin-people")
    assert as_person(cast.b.admin).get(where, {"co-quan": cast.a.id}).status_code == 403
    assert as_person(cast.city_admin).get(where, {"co-quan": cast.a.id}).status_code == 200


def test_a_holding_ends_and_another_begins(cast: Cast, as_person: SignIn, now: datetime) -> None:
    client = as_person(cast.b.admin)
    ask = f"{reverse('admin-people')}?ket-thuc={cast.b.officer.post_id}.{cast.b.officer.user_id}"
    assert f"{cast.b.officer.name} thôi giữ vị trí" in client.get(ask).content.decode()
    assert client.post(reverse("admin-end"), an_end(cast.b.officer, "2026-11-20")).status_code == 302
    answer = client.post(reverse("admin-appoint"), an_appointment(cast.b.officer, cast.b.deputy))
    assert answer.status_code == 302
    assert cast.b.unit.id
    holders = {row.person_id for row in posts_of_unit(cast.b.unit.id, now=now)}
    assert cast.b.deputy.user_id in holders
    assert cast.b.officer.user_id not in holders


def test_a_vacant_post_stays_in_the_list(cast: Cast, as_person: SignIn, now: datetime) -> None:
    client = as_person(cast.b.admin)
    client.post(reverse("admin-end"), an_end(cast.b.officer, "2026-11-20"))
    rows = [row for row in posts_of_agency(cast.b.id, now=now) if row.post_id == cast.b.officer.post_id]
    assert [row.person_id for row in rows] == [None]
    assert "Đang trống" in client.get(reverse("admin-people")).content.decode()


def test_an_end_before_the_start_comes_back_with_its_code(cast: Cast, as_person: SignIn) -> None:
    answer = as_person(cast.b.admin).post(reverse("admin-end"), an_end(cast.b.officer, "2020-01-01"))
    assert answer.status_code == 422
    assert "VT-ORG-013" in answer.content.decode()
    assert "thôi giữ vị trí" in answer.content.decode()


def test_the_same_person_is_not_appointed_twice(cast: Cast, as_person: SignIn) -> None:
    data = an_appointment(cast.b.officer, cast.b.officer)
    answer = as_person(cast.b.admin).post(reverse("admin-appoint"), data)
    assert answer.status_code == 422
    assert "VT-ORG-012" in answer.content.decode()


def test_an_appointment_without_a_person_shows_the_form_again(cast: Cast, as_person: SignIn) -> None:
    data = an_appointment(cast.b.officer, cast.b.officer) | {"person_id": ""}
    answer = as_person(cast.b.admin).post(reverse("admin-appoint"), data)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_nobody_else_appoints_or_ends(cast: Cast, as_person: SignIn, now: datetime) -> None:
    client = as_person(cast.b.leader)
    assert client.post(reverse("admin-end"), an_end(cast.b.officer)).status_code == 403
    foreign = as_person(cast.a.admin)
    assert foreign.post(reverse("admin-end"), an_end(cast.b.officer)).status_code == 404
    holders = {row.person_id for row in posts_of_unit(cast.b.unit.id, now=now)}
    assert cast.b.officer.user_id in holders


def test_reading_addresses_do_not_act(cast: Cast, as_person: SignIn) -> None:
    client = as_person(cast.b.admin)
    assert client.get(reverse("admin-appoint")).status_code == 405
    assert client.get(reverse("admin-end")).status_code == 405


def test_a_large_agency_asks_as_many_questions_as_a_small_one(cast: Cast, as_person: SignIn) -> None:
    client = as_person(cast.city_admin)

    def questions(agency_id: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("admin-people"), {"co-quan": agency_id})
        return len(asked)

    questions(cast.a.id)
    assert questions(cast.a.id) == questions(cast.ward.row.id)
