"""Tải chứng cứ: who may see a document takes its proof along; the log says so."""

from __future__ import annotations

from datetime import datetime

from tests.cast import Cast
from tests.evidence.life import a_night
from tests.evidence.proofs import both
from tests.factories.exchange import an_arrival
from tests.web.conftest import SignIn
from tests.web.pages import words_of
from vanthu.audit.models import AuditEvent
from vanthu.evidence.queries.tree import log_keys
from vanthu.evidence.rules.checking import Means


def test_the_history_offers_the_proof_and_it_holds(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    document_id = an_arrival(cast)
    a_night(now=now)
    client = sign_in(cast.b.clerk)
    assert "Tải chứng cứ" in words_of(client.get(f"/van-ban/{document_id}/?mat=lich-su"))
    answer = client.post(f"/van-ban/{document_id}/chung-cu/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="chung-cu-{document_id}.json"'
    assert len(both(answer.content, Means(at=now, pin=log_keys()[0].fingerprint))) == 5
    event = AuditEvent.objects.get(verb="evidence.proof.export")
    assert (event.actor_name, event.subject_id, event.chain) == (
        cast.b.clerk.name,
        str(document_id),
        cast.b.id,
    )


def test_the_history_tells_who_took_a_proof_along(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    document_id = an_arrival(cast)
    a_night(now=now)
    client = sign_in(cast.b.clerk)
    client.post(f"/van-ban/{document_id}/chung-cu/")
    assert "tải chứng cứ" in words_of(client.get(f"/van-ban/{document_id}/?mat=lich-su"))


def test_before_the_first_head_the_page_says_when_there_will_be_one(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast)
    client = sign_in(cast.b.clerk)
    answer = client.post(f"/van-ban/{document_id}/chung-cu/", follow=True)
    assert "Chưa lập được tệp chứng cứ." in words_of(answer)
    assert not AuditEvent.objects.filter(verb="evidence.proof.export").exists()


def test_nobody_else_gets_it_and_a_link_alone_does_not(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    document_id = an_arrival(cast)
    a_night(now=now)
    address = f"/van-ban/{document_id}/chung-cu/"
    assert sign_in(cast.a.clerk).post(address).status_code == 404
    assert sign_in(cast.city_admin).post(address).status_code == 404
    assert sign_in(cast.b.clerk).get(address).status_code == 405
