"""Who keeps people, calendar and agencies, and what their acts must say."""

from __future__ import annotations

from datetime import date

import pytest

from vanthu.kernel.actor import Actor, Role
from vanthu.organizations.rules import policy, readiness


def an_actor(*roles: Role, agency_id: int = 1) -> Actor:
    return Actor(user_id=1, name="Người thử", agency_id=agency_id, post_id=1, roles=frozenset(roles))


@pytest.mark.parametrize(
    ("roles", "agency_id", "allowed"),
    [
        ((Role.AGENCY_ADMIN,), 1, True),
        ((Role.AGENCY_ADMIN,), 2, False),
        ((Role.CITY_ADMIN,), 2, True),
        ((Role.LEADER, Role.CLERK), 1, False),
    ],
)
def test_people_are_kept_by_their_agencys_administrator_or_the_citys(
    roles: tuple[Role, ...], agency_id: int, allowed: bool
) -> None:
    actor = an_actor(*roles)
    assert bool(policy.may_keep_posts(actor, agency_id)) is allowed
    assert bool(policy.may_read_people(actor, agency_id)) is allowed


@pytest.mark.parametrize("role", [Role.AGENCY_ADMIN, Role.LEADER, Role.CLERK])
def test_calendar_and_agencies_belong_to_the_city_administrator_alone(role: Role) -> None:
    questions = (
        policy.may_keep_calendar,
        policy.may_read_calendar,
        policy.may_keep_agencies,
        policy.may_read_agencies,
    )
    assert all(question(an_actor(Role.CITY_ADMIN)) for question in questions)
    assert not any(question(an_actor(role)) for question in questions)


def test_a_day_is_confirmed_only_by_a_named_announcement() -> None:
    assert readiness.unmet_for_confirming(source="Thông báo số 1") == ()
    assert [row.code for row in readiness.unmet_for_confirming(source=" ")] == [
        "organizations.calendar.source-missing"
    ]


def test_nobody_is_given_a_post_that_he_holds() -> None:
    assert readiness.unmet_for_appointing(holds_it=False) == ()
    assert readiness.unmet_for_appointing(holds_it=True)[0].code == "organizations.post.held-already"


def test_a_holding_ends_after_the_day_it_began() -> None:
    start = date(2026, 11, 20)
    assert readiness.unmet_for_ending(held_from=start, held_to=date(2026, 11, 21)) == ()
    found = readiness.unmet_for_ending(held_from=start, held_to=start)
    assert dict(found[0].details) == {"start": "20/11/2026"}
