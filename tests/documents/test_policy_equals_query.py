"""The whole cast over a sample register: the policy and the query say the same, and no agency sees another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.cast import Cast
from tests.factories.drafting import a_checked_draft, a_draft
from tests.factories.exchange import an_arrival
from tests.factories.registry import a_registered_document, a_submitted_document, an_issued_document
from tests.factories.routing import a_completed_document, a_directed_document, a_started_document
from tests.proof import refused
from vanthu.documents import operations as documents
from vanthu.documents.models import Document
from vanthu.documents.queries import (
    current_files,
    document_card,
    file_bytes,
    holders_of,
    is_visible,
    visible_to,
)
from vanthu.documents.rules.policy import may_see
from vanthu.foundation import worker
from vanthu.kernel.actor import Actor, Role, holder_of_unit, system_actor
from vanthu.kernel.errors import NotVisible
from vanthu.organizations.operations import appoint, end_holding
from vanthu.organizations.queries import actor_of
from vanthu.registry.operations import ask_consent
from vanthu.signing.rules.verdicts import Verdict


@pytest.fixture
def register(cast: Cast, now: datetime) -> list[int]:
    """Documents of A and B in every part of their lives."""
    issued = an_issued_document(cast)
    worker.run_all(now=lambda: now)
    doubtful = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    ask_consent(actor=cast.b.clerk, document_id=doubtful, question="Xin ý kiến", now=now)
    made = [
        issued,
        doubtful,
        a_draft(cast),
        a_checked_draft(cast, signer_post_id=cast.a.deputy.post_id),
        a_registered_document(cast, receiver=cast.a),
        a_submitted_document(cast),
        a_directed_document(cast, cooperating=True),
        a_started_document(cast, receiver=cast.a),
        a_completed_document(cast),
    ]
    documents.grant_access(
        actor=cast.a.leader,
        document_id=made[2],
        agency_id=cast.a.id,
        holders=[holder_of_unit(cast.a.partner_unit.id)],
        because="test.unit",
        now=now,
    )
    return list(Document.objects.order_by("pk").values_list("pk", flat=True))


def everybody(cast: Cast) -> list[Actor]:
    """The cast, the system accounts, and somebody without any post."""
    systems = [system_actor(cast.a.id), system_actor(cast.b.id), system_actor(None)]
    nobody = replace(cast.outsider, agency_id=None, post_id=None, unit_id=None, roles=frozenset())
    borrowed = replace(cast.b.officer, agency_id=cast.a.id, roles=frozenset({Role.CLERK}))
    return [*cast.everybody, *systems, nobody, borrowed]


def test_policy_and_query_agree_for_every_person_and_every_document(cast: Cast, register: list[int]) -> None:
    seen_at_all = 0
    for actor in everybody(cast):
        by_query = set(visible_to(actor).values_list("pk", flat=True))
        for document in Document.objects.all():
            decision = may_see(actor, document.agency_id, holders_of(document.pk))
            assert bool(decision) == (document.pk in by_query), f"{actor.title}: {document.pk}"
            assert is_visible(actor, document.pk) == bool(decision)
        seen_at_all += len(by_query)
    assert len(register) >= 10
    assert 25 < seen_at_all < len(register) * len(everybody(cast))


def test_no_agency_sees_a_document_of_another(cast: Cast, register: list[int]) -> None:
    for actor in everybody(cast):
        agencies = set(visible_to(actor).values_list("agency_id", flat=True))
        assert agencies <= {actor.agency_id}, actor.title


def test_nobody_is_granted_by_a_title_alone(cast: Cast, register: list[int]) -> None:
    """D14: administrators do not read documents; inspectors and secretaries see what they are given."""
    for actor in (cast.city_admin, cast.a.admin, cast.b.admin, cast.outsider, cast.auditor, cast.a.archivist):
        assert not visible_to(actor).exists(), actor.title


def test_what_is_not_seen_is_not_found_by_any_door(cast: Cast, register: list[int], now: datetime) -> None:
    for document_id in register:
        with refused("document.not-found", kind=NotVisible):
            document_card(actor=cast.outsider, document_id=document_id)
        with refused("document.not-found", kind=NotVisible):
            documents.record_view(actor=cast.outsider, document_id=document_id, now=now)
        with refused("document.not-found", kind=NotVisible):
            file_bytes(actor=cast.outsider, document_id=document_id, file_id=current_files(document_id)[0].id)


def test_a_file_of_another_document_is_not_read_by_way_of_ones_own(cast: Cast, register: list[int]) -> None:
    mine, other = an_arrival(cast), a_draft(cast)
    with refused("document.not-found", kind=NotVisible):
        file_bytes(actor=cast.b.clerk, document_id=mine, file_id=current_files(other)[0].id)
    assert file_bytes(actor=cast.b.clerk, document_id=mine, file_id=current_files(mine)[0].id)[1]


def test_grants_to_a_post_pass_to_its_next_holder(cast: Cast, now: datetime) -> None:
    """D7."""
    document_id = a_started_document(cast)
    officer = cast.b.officer
    end_holding(
        actor=cast.b.admin,
        post_id=officer.post_id or 0,
        person_id=officer.user_id or 0,
        held_to=date(2026, 11, 20),
        now=now,
    )
    appoint(
        actor=cast.b.admin,
        post_id=officer.post_id or 0,
        person_id=cast.b.assistant.user_id or 0,
        held_from=date(2026, 11, 20),
        now=now,
    )
    heir = actor_of(cast.b.assistant.user_id or 0, post_id=officer.post_id, now=now)
    assert heir.user_id != officer.user_id
    assert is_visible(heir, document_id)
    assert not is_visible(cast.b.assistant, document_id)


@pytest.mark.parametrize(
    ("holders", "agency", "seen"),
    [
        (["post:2"], 1, True),
        (["person:1"], 1, True),
        (["unit:3"], 1, True),
        (["office:1"], 1, True),
        (["post:9", "unit:8"], 1, False),
        ([], 1, False),
        (["post:2", "person:1", "unit:3", "office:1"], 7, False),
    ],
    ids=["post", "person", "unit", "office", "others", "nobody", "other-agency"],
)
def test_each_kind_of_grant_counts_inside_its_agency_only(
    holders: list[str], agency: int, seen: bool
) -> None:
    clerk = Actor(user_id=1, name="x", agency_id=1, post_id=2, unit_id=3, roles=frozenset({Role.CLERK}))
    assert bool(may_see(clerk, agency, holders)) == seen


def test_the_office_is_seen_by_clerks_only() -> None:
    officer = Actor(user_id=1, name="x", agency_id=1, post_id=2, roles=frozenset({Role.OFFICER}))
    assert not may_see(officer, 1, ["office:1"])
