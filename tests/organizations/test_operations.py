"""The acts on the directory: load, appoint, end, calendar, ability to receive."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.cast import CLOSED, Cast, plan_of_the_cast
from tests.proof import audited, refused
from vanthu.accounts.models import Person
from vanthu.kernel.actor import Role, system_actor
from vanthu.kernel.errors import NotPermitted, NotReady, NotVisible
from vanthu.organizations import operations, queries
from vanthu.organizations.models import Agency, CalendarDay, Post
from vanthu.organizations.reference import read_calendar_seed
from vanthu.organizations.rules.calendars import seeded_special_days

SEED = seeded_special_days(read_calendar_seed())


def test_the_directory_holds_everybody_of_its_plan(cast: Cast) -> None:
    plan = plan_of_the_cast()
    assert set(Agency.objects.values_list("code", flat=True)) == {row.code for row in plan.agencies}
    assert Person.objects.count() == len(plan.people)
    assert queries.successor_names(Agency.objects.get(code=CLOSED).pk) == (cast.ward.row.name,)
    assert cast.a.clerk.roles == {Role.CLERK}
    assert cast.b.chief.roles >= {Role.OFFICE_CHIEF, Role.UNIT_HEAD, Role.FORM_CHECKER}


def test_an_inconsistent_plan_loads_nothing(cast: Cast, now: datetime) -> None:
    plan = plan_of_the_cast()
    broken = replace(plan, agencies=plan.agencies[1:])
    assert broken.problems()
    codes = ["organizations.directory.inconsistent"] * len(broken.problems())
    with refused(*codes, kind=NotReady):
        operations.load_directory(actor=system_actor(None), plan=broken, password_hash="x", now=now)


def test_loading_the_calendar_again_adds_nothing_and_says_nothing(cast: Cast, now: datetime) -> None:
    assert CalendarDay.objects.filter(agency=None).count() == len(SEED)
    with audited() as log:
        assert operations.load_calendar(actor=system_actor(None), days=SEED, now=now) == 0
    assert log.events == []


def test_a_day_that_somebody_edited_stays_as_it_is(cast: Cast, now: datetime) -> None:
    CalendarDay.objects.filter(day=SEED[0].day).update(name="đã sửa")
    CalendarDay.objects.filter(day=SEED[1].day).delete()
    assert operations.load_calendar(actor=system_actor(None), days=SEED, now=now) == 1
    assert CalendarDay.objects.get(day=SEED[0].day).name == "đã sửa"


def projected() -> date:
    return CalendarDay.objects.filter(projected=True).earliest("day").day


def test_a_projected_day_is_confirmed_once_by_the_citys_administrator(cast: Cast, now: datetime) -> None:
    day = projected()
    words = {"day": day, "source": "Thông báo số 1/TB-BNV", "now": now}
    with refused("organizations.calendar.not-administrator", kind=NotPermitted):
        operations.confirm_calendar_day(actor=cast.a.admin, **words)
    with audited() as log:
        operations.confirm_calendar_day(actor=cast.city_admin, **words)
    row = CalendarDay.objects.get(day=day, agency=None)
    assert (row.projected, row.source) == (False, "Thông báo số 1/TB-BNV")
    assert log.by("organizations.calendar.confirm-day").detail["source"] == "Thông báo số 1/TB-BNV"
    with refused("organizations.calendar.no-such-day", kind=NotVisible):
        operations.confirm_calendar_day(actor=cast.city_admin, **words)


def test_a_day_is_not_confirmed_without_its_announcement(cast: Cast, now: datetime) -> None:
    with refused("organizations.calendar.source-missing", kind=NotReady):
        operations.confirm_calendar_day(actor=cast.city_admin, day=projected(), source=" ", now=now)


def a_free_post(cast: Cast) -> int:
    return int(Post.objects.create(agency_id=cast.a.id, key="moi", title="Chuyên viên").pk)


def test_a_post_is_given_from_a_day_on_and_taken_to_a_day(cast: Cast, now: datetime) -> None:
    post_id, person_id = a_free_post(cast), cast.a.assistant.user_id or 0
    words = {"post_id": post_id, "person_id": person_id, "now": now}
    tomorrow = now.date() + timedelta(days=1)
    with audited() as log:
        operations.appoint(actor=cast.a.admin, held_from=tomorrow, **words)
    assert queries.post_holder(post_id, now=now) is None
    assert queries.post_holder(post_id, now=now + timedelta(days=1)) is not None

    operations.end_holding(actor=cast.a.admin, held_to=tomorrow + timedelta(days=1), **words)
    assert queries.post_holder(post_id, now=now + timedelta(days=1)) is not None
    assert queries.post_holder(post_id, now=now + timedelta(days=2)) is None
    assert log.by("organizations.post.appoint").chain == cast.a.id


def test_posts_are_kept_by_the_administrators_of_the_agency(cast: Cast, now: datetime) -> None:
    words = {"post_id": a_free_post(cast), "person_id": cast.a.assistant.user_id or 0, "now": now}
    with refused("organizations.post.not-administrator", kind=NotPermitted):
        operations.appoint(actor=cast.a.clerk, held_from=now.date(), **words)
    with refused("organizations.post.not-found", kind=NotVisible):
        operations.appoint(actor=cast.b.admin, held_from=now.date(), **words)
    with refused("organizations.post.not-held", kind=NotVisible):
        operations.end_holding(actor=cast.a.admin, held_to=now.date(), **words)
    operations.appoint(actor=cast.city_admin, held_from=now.date(), **words)


def test_a_post_is_not_given_twice_to_one_person_nor_ended_before_it_began(cast: Cast, now: datetime) -> None:
    words = {"post_id": a_free_post(cast), "person_id": cast.a.assistant.user_id or 0, "now": now}
    operations.appoint(actor=cast.a.admin, held_from=now.date(), **words)
    with refused("organizations.post.held-already", kind=NotReady):
        operations.appoint(actor=cast.a.admin, held_from=now.date(), **words)
    with refused("organizations.post.ends-too-early", kind=NotReady):
        operations.end_holding(actor=cast.a.admin, held_to=now.date(), **words)


def test_whoever_holds_no_post_now_acts_as_nobody(cast: Cast, now: datetime) -> None:
    person = Person.objects.create(username="khong-vi-tri", full_name="Không Vị Trí")
    with refused("accounts.no-post", kind=NotPermitted):
        queries.actor_of(person.pk, now=now)
    with refused("accounts.no-post", kind=NotPermitted):
        queries.actor_of(cast.a.clerk.user_id or 0, post_id=cast.a.leader.post_id, now=now)


def test_the_first_administration_is_opened_by_the_installation_only(cast: Cast, now: datetime) -> None:
    person = Person.objects.create(username="quan-tri", full_name="Quản Trị")
    words = {"agency_code": "H26", "person_id": person.pk, "now": now}
    with refused("organizations.post.not-administrator", kind=NotPermitted):
        operations.open_first_administration(actor=cast.city_admin, **words)
    operations.open_first_administration(actor=system_actor(None), **words)
    assert queries.actor_of(person.pk, now=now).roles == {Role.CITY_ADMIN, Role.AGENCY_ADMIN}


def test_the_ability_to_receive_is_the_city_administrators_to_record_with_a_reason(
    cast: Cast, now: datetime
) -> None:
    words = {"agency_id": cast.ward.row.id, "able": False, "now": now}
    with refused("organizations.agency.not-administrator", kind=NotPermitted):
        operations.set_receiving_ability(actor=cast.a.admin, reason="x", **words)
    with refused("organizations.agency.reason-missing", kind=NotReady):
        operations.set_receiving_ability(actor=cast.city_admin, reason=" ", **words)
    with refused("organizations.agency.not-found", kind=NotVisible):
        operations.set_receiving_ability(actor=cast.city_admin, agency_id=0, able=True, now=now)
    operations.set_receiving_ability(
        actor=cast.city_admin, reason="Chưa có đường truyền", since=now.date(), **words
    )
    row = queries.agency(cast.ward.row.id)
    assert (row.can_receive, row.cannot_receive_reason) == (False, "Chưa có đường truyền")
    operations.set_receiving_ability(actor=cast.city_admin, agency_id=row.id, able=True, now=now)
    assert queries.agency(row.id).cannot_receive_reason == ""


@pytest.mark.parametrize("title", ["leader", "deputy"])
def test_signers_are_whoever_the_table_names(cast: Cast, now: datetime, title: str) -> None:
    signers = {row.id for row in queries.signers_of(cast.a.id, now=now)}
    assert getattr(cast.a, title).post_id in signers
    assert cast.a.officer.post_id not in signers
