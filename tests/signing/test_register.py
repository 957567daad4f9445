"""The register of certificates: who registers whose, what is refused, what stays. Norm: TT41/2017 Đ.9 (M30)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import LazySettings

from tests.cast import Cast
from tests.factories.exchange import an_arrival, an_envelope
from tests.factories.signing import the_letter
from tests.proof import audited, refused
from tests.signing.trust_server import YEAR, Authority, name
from vanthu.documents.queries import record_of
from vanthu.exchange.models import Arrival
from vanthu.exchange.operations import receive_envelope
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.errors import NotPermitted, NotReady, NotVisible
from vanthu.signing.models import SigningKey
from vanthu.signing.operations import (
    CertificateOrder,
    SignatureRequest,
    Signer,
    import_anchors,
    pin_anchor,
    register_certificate,
    retire_lapsed,
    revoke_certificate,
    sign,
)
from vanthu.signing.queries import certificates_of, ending_certificates
from vanthu.signing.rules.kinds import CertificateState, KeyPlace
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.trust.pins import fingerprint

pytestmark = pytest.mark.django_db
ADMIN = system_actor(None)
CCCD = "CCCD:001099000001"


@pytest.fixture
def root(cast: Cast, settings: LazySettings, tmp_path: Path, now: datetime) -> Iterator[Authority]:
    settings.VANTHU_TRUST = tmp_path / "trust"
    root = Authority.root("Gốc", now - timedelta(days=30))
    pin_anchor(actor=ADMIN, sha256=fingerprint(root.certificate), name="Gốc", source="Thử nghiệm", now=now)
    import_anchors(actor=ADMIN, contents={"root": root.der}, now=now)
    return root


def an_order(actor: Actor, leaf: Authority | bytes, **changes: object) -> CertificateOrder:
    content = leaf if isinstance(leaf, bytes) else leaf.certificate.public_bytes(Encoding.PEM)
    order = CertificateOrder(f"person:{actor.user_id}", actor.name, content)
    return replace(order, **changes)  # type: ignore[arg-type]


def register(by: Actor, order: CertificateOrder, now: datetime) -> int:
    assert by.agency_id is not None
    return register_certificate(actor=by, order=order, agency_id=by.agency_id, now=now)


def states_of(actor: Actor, now: datetime) -> list[CertificateState]:
    return [row.state for row in certificates_of([f"person:{actor.user_id}"], now=now)]


def test_a_person_registers_the_public_part_of_his_certificate(
    cast: Cast, root: Authority, now: datetime
) -> None:
    me = cast.a.officer
    leaf = root.leaf(name(me.name, uids=(CCCD,)), now)
    with audited() as log:
        key_id = register(me, an_order(me, leaf), now)
    row = next(row for row in certificates_of([f"person:{me.user_id}"], now=now) if row.id == key_id)
    assert (row.state, row.place) == (CertificateState.ACTIVE, KeyPlace.BROWSER_TOKEN)
    assert row.identifiers == (CCCD,)
    assert row.days_left(now) == 365
    assert (row.registered_by, row.issuer) == (me.name, "Gốc")
    assert log.by("signing.certificate.register").detail["fingerprint"] == fingerprint(leaf.certificate)


def test_a_renewed_certificate_keeps_the_old_one_for_old_signatures(
    cast: Cast, root: Authority, now: datetime
) -> None:
    me = cast.a.officer
    for _ in range(2):
        register(me, an_order(me, root.leaf(name(me.name, uids=(CCCD,)), now)), now)
    assert states_of(me, now) == [CertificateState.ACTIVE, CertificateState.REPLACED]


def test_registering_the_same_certificate_again_changes_nothing_but_its_place(
    cast: Cast, root: Authority, now: datetime
) -> None:
    me = cast.a.officer
    order = an_order(me, root.leaf(name(me.name), now))
    first = register(me, order, now)
    with audited() as log:
        assert register(me, order, now) == first
    assert log.verbs == []
    register(me, replace(order, place=KeyPlace.DESK_AGENT), now)
    assert SigningKey.objects.get(pk=first).place == KeyPlace.DESK_AGENT


def test_what_is_no_signing_certificate_of_the_person_is_refused(
    cast: Cast, root: Authority, now: datetime
) -> None:
    me = cast.a.officer
    subject = name(me.name, uids=(CCCD,))
    stranger = Authority.root("Gốc khác", now)
    refusals = {
        "signing.certificate.unreadable": b"%PDF-1.7",
        "signing.certificate.private-key": root.leaf(subject, now, is_rsa=True).bundle(b"x"),
        "signing.certificate.is-authority": root.der,
        "signing.certificate.lapsed": root.leaf(subject, now, life=timedelta(hours=-1)),
        "signing.certificate.not-for-signing": root.leaf(subject, now, usage="key_encipherment"),
        "signing.certificate.not-trusted": stranger.leaf(subject, now),
        "signing.certificate.wrong-kind": root.leaf(name("UBND phường", uids=("MST:0100000001",)), now),
        "signing.certificate.wrong-name": root.leaf(name("Người Khác Hẳn"), now),
    }
    for code, leaf in refusals.items():
        with pytest.raises(NotReady) as caught:
            register(me, an_order(me, leaf), now)
        assert code in {item.code for item in caught.value.violations}


def test_a_private_key_in_any_form_is_refused_and_never_stored(
    cast: Cast, root: Authority, now: datetime
) -> None:
    me = cast.a.officer
    leaf = root.leaf(name(me.name), now, is_rsa=True)
    pem = leaf.key.private_bytes(
        Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with refused("signing.certificate.private-key", kind=NotReady):
        register(me, an_order(me, leaf.certificate.public_bytes(Encoding.PEM) + pem), now)


def test_a_certificate_belongs_to_one_owner(cast: Cast, root: Authority, now: datetime) -> None:
    me, admin = cast.a.officer, cast.a.admin
    leaf = root.leaf(name(me.name), now)
    register(me, an_order(me, leaf), now)
    with refused("signing.certificate.other-owner", kind=NotReady):
        register(admin, an_order(cast.a.leader, leaf), now)


def test_a_key_on_the_server_needs_to_be_found_there(cast: Cast, root: Authority, now: datetime) -> None:
    leaf = root.leaf(name(cast.a.row.name, uids=("MST:0100000001",)), now)
    order = an_order(cast.a.admin, leaf, owner=f"agency:{cast.a.id}", place=KeyPlace.PKCS11)
    with refused("signing.certificate.place-incomplete", kind=NotReady):
        register(cast.a.admin, order, now)
    where = {"module": "/usr/lib/token.so", "token": "CoQuan", "key": "ky-so", "pin": "1234"}
    key_id = register(cast.a.admin, replace(order, whereabouts=where), now)
    assert SigningKey.objects.get(pk=key_id).whereabouts == {
        "module": "/usr/lib/token.so",
        "token": "CoQuan",
        "key": "ky-so",
    }


def test_nobody_registers_for_others_and_no_administrator_beyond_his_agency(
    cast: Cast, root: Authority, now: datetime
) -> None:
    leaf = root.leaf(name(cast.a.leader.name), now)
    with refused("signing.certificate.not-owner", kind=NotPermitted):
        register(cast.a.officer, an_order(cast.a.leader, leaf), now)
    with pytest.raises(NotVisible):
        register(cast.b.admin, an_order(cast.a.leader, leaf), now)


def test_a_noted_revocation_ends_signing_and_keeps_the_certificate(
    cast: Cast, root: Authority, now: datetime
) -> None:
    me, admin = cast.a.officer, cast.a.admin
    assert admin.agency_id is not None
    key_id = register(me, an_order(me, root.leaf(name(me.name), now)), now)
    with refused("signing.certificate.no-reason", kind=NotReady):
        revoke_certificate(actor=admin, key_id=key_id, reason=" ", agency_id=admin.agency_id, now=now)
    with audited() as log:
        revoke_certificate(actor=admin, key_id=key_id, reason="Mất thẻ", agency_id=admin.agency_id, now=now)
    assert log.by("signing.certificate.end").detail["to"] == "REVOKED"
    assert states_of(me, now) == [CertificateState.REVOKED]
    with refused("signing.certificate.already-ended", kind=NotReady):
        revoke_certificate(actor=admin, key_id=key_id, reason="x", agency_id=admin.agency_id, now=now)


def test_another_agencys_certificate_does_not_exist_for_an_administrator(
    cast: Cast, root: Authority, now: datetime
) -> None:
    me, other = cast.a.officer, cast.b.admin
    assert other.agency_id is not None
    key_id = register(me, an_order(me, root.leaf(name(me.name), now)), now)
    for wanted in (key_id, 10**9):
        with pytest.raises(NotVisible):
            revoke_certificate(actor=other, key_id=wanted, reason="x", agency_id=other.agency_id, now=now)


def test_what_has_lapsed_is_said_beforehand_and_signs_no_more(
    cast: Cast, root: Authority, settings: LazySettings, now: datetime
) -> None:
    me = cast.a.officer
    register(me, an_order(me, root.leaf(name(me.name), now, life=timedelta(days=20))), now)
    assert me.name in {row.subject for row in ending_certificates(now=now)}
    later = now + timedelta(days=21)
    assert states_of(me, later) == [CertificateState.EXPIRED]
    request = SignatureRequest(field_name="Thu", signed_at=later, signer_name=me.name)
    signer = Signer(f"person:{me.user_id}", "", me.name, "")
    with refused("signing.key.lapsed", kind=NotReady):
        sign(signer=signer, pdf=the_letter().draft, request=request, now=later)
    with audited() as log:
        assert retire_lapsed(actor=ADMIN, now=later) == 1
    assert log.verbs == ["signing.certificate.retire"]
    assert retire_lapsed(actor=ADMIN, now=later) == 0


def test_a_file_with_its_whole_chain_gives_its_one_signer(cast: Cast, root: Authority, now: datetime) -> None:
    me = cast.a.officer
    leaf = root.leaf(name(me.name), now, life=YEAR)
    chain = b"".join(item.certificate.public_bytes(Encoding.PEM) for item in (root, leaf))
    register(me, an_order(me, chain), now)
    assert states_of(me, now) == [CertificateState.ACTIVE]


def test_a_letter_sent_in_another_agencys_name_has_the_wrong_subject(cast: Cast, now: datetime) -> None:
    honest = record_of(an_arrival(cast))
    assert honest.verdict == Verdict.VALID
    false = an_envelope(cast, sender_code=cast.ward.row.code, sender_name=cast.ward.row.name)
    receive_envelope(false, now=now)
    document_id = Arrival.objects.get(message_id=false.message_id).document_id
    assert document_id is not None
    assert record_of(document_id).verdict == Verdict.WRONG_SUBJECT
    assert record_of(honest.id).verdict == Verdict.VALID
