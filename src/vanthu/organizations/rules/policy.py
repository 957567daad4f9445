"""Who may read and keep the directory and the calendar: R10 his agency's people, R11 everything. law.md (a)."""

from __future__ import annotations

from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import Decision, allowed_if


def may_keep_posts(actor: Actor, agency_id: int) -> Decision:
    """Appoint and end in an agency: its own administrator, or the city's."""
    return allowed_if(
        actor.has(Role.CITY_ADMIN) or (actor.has(Role.AGENCY_ADMIN) and actor.agency_id == agency_id),
        "organizations.post.not-administrator",
    )


def may_read_people(actor: Actor, agency_id: int) -> Decision:
    """The administrator's list of people and posts is read by whoever keeps it."""
    return may_keep_posts(actor, agency_id)


def may_keep_calendar(actor: Actor) -> Decision:
    return allowed_if(actor.has(Role.CITY_ADMIN), "organizations.calendar.not-administrator")


def may_read_calendar(actor: Actor) -> Decision:
    """The page that keeps the city's calendar; due times everywhere explain themselves."""
    return may_keep_calendar(actor)


def may_keep_agencies(actor: Actor) -> Decision:
    return allowed_if(actor.has(Role.CITY_ADMIN), "organizations.agency.not-administrator")


def may_read_agencies(actor: Actor) -> Decision:
    return may_keep_agencies(actor)
