"""Who holds which post, from when to when."""

from __future__ import annotations

from datetime import date, datetime

from vanthu.foundation.operation import operation, record
from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import allowed_if
from vanthu.kernel.due import local
from vanthu.kernel.errors import NotVisible, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.models import Agency, Post, PostHolding, PostRole
from vanthu.organizations.rules import policy, readiness


def _post(actor: Actor, post_id: int) -> Post:
    post = Post.objects.filter(pk=post_id).first()
    if post is None or not (actor.agency_id == post.agency_id or actor.has(Role.CITY_ADMIN)):
        raise NotVisible("organizations.post.not-found")
    return post


@operation("organizations.post.appoint")
def appoint(*, actor: Actor, post_id: int, person_id: int, held_from: date, now: datetime) -> None:
    """Give a person a post from a day on. Refuses: not the agency's administrator, the person holds it already."""
    post = _post(actor, post_id)
    policy.may_keep_posts(actor, post.agency_id).or_refuse()
    open_holdings = PostHolding.objects.filter(post=post, person_id=person_id, held_to=None)
    refuse_if(readiness.unmet_for_appointing(holds_it=open_holdings.exists()))
    PostHolding.objects.create(post=post, person_id=person_id, held_from=held_from)
    record(
        ObjectRef.of("organizations.post", post_id),
        agency_id=post.agency_id,
        after={"person": person_id, "from": held_from.isoformat()},
        person=person_id,
    )


@operation("organizations.post.end-holding")
def end_holding(*, actor: Actor, post_id: int, person_id: int, held_to: date, now: datetime) -> None:
    """End a holding on a day (exclusive); what was granted to the post stays with the post (decision D7).

    Refuses: not the agency's administrator, the person does not hold it, an end that is not after its start.
    """
    post = _post(actor, post_id)
    policy.may_keep_posts(actor, post.agency_id).or_refuse()
    holding = PostHolding.objects.filter(post=post, person_id=person_id, held_to=None).first()
    if holding is None:
        raise NotVisible("organizations.post.not-held")
    refuse_if(readiness.unmet_for_ending(held_from=holding.held_from, held_to=held_to))
    holding.held_to = held_to
    holding.save(update_fields=["held_to"])
    record(ObjectRef.of("organizations.post", post_id), agency_id=post.agency_id, person=person_id)


@operation("organizations.post.open-administration")
def open_first_administration(*, actor: Actor, agency_code: str, person_id: int, now: datetime) -> None:
    """Give the first administrator of an installation his post; the agency is made when it is not there yet.

    Refuses: not called by the installation itself.
    """
    allowed_if(actor.is_system, "organizations.post.not-administrator").or_refuse()
    agency, _ = Agency.objects.get_or_create(
        code=agency_code,
        defaults={
            "name": agency_code,
            "short_name": agency_code,
            "abbreviation": agency_code,
            "tier": "city",
            "issuer_name": agency_code,
            "place_name": "Hà Nội",
        },
    )
    post, _ = Post.objects.get_or_create(
        agency=agency, key="quantri-hethong", defaults={"title": "Quản trị hệ thống"}
    )
    for role in (Role.CITY_ADMIN, Role.AGENCY_ADMIN):
        PostRole.objects.get_or_create(post=post, role=role)
    PostHolding.objects.create(post=post, person_id=person_id, held_from=local(now).date())
    record(ObjectRef.of("organizations.post", post.pk), agency_id=agency.pk, person=person_id)
