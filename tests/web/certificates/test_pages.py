"""The pages of certificates: one's own, the agency's register, the trust store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.cast import Cast
from tests.signing.trust_server import Authority, name
from tests.web.conftest import SignIn
from vanthu.kernel.actor import system_actor
from vanthu.signing.models import SigningKey
from vanthu.signing.operations import import_anchors, pin_anchor
from vanthu.signing.trust.pins import fingerprint

MINE, AGENCY, TRUST = reverse("my-certificates"), reverse("admin-certificates"), reverse("admin-trust")


@pytest.fixture
def root(cast: Cast, settings: LazySettings, tmp_path: Path, now: datetime) -> Iterator[Authority]:
    settings.VANTHU_TRUST = tmp_path / "trust"
    root = Authority.root("Gốc thử", now - timedelta(days=30))
    actor = system_actor(None)
    pin_anchor(actor=actor, sha256=fingerprint(root.certificate), name="Gốc thử", source="Thử", now=now)
    import_anchors(actor=actor, contents={"root": root.der}, now=now)
    return root


def a_file(leaf: Authority | bytes) -> SimpleUploadedFile:
    data = leaf if isinstance(leaf, bytes) else leaf.certificate.public_bytes(Encoding.DER)
    return SimpleUploadedFile("chung-thu.cer", data)


def key_of(owner: str) -> SigningKey | None:
    return SigningKey.objects.filter(owner=owner, state="ACTIVE").first()


def test_a_person_without_certificates_is_told_how_to_come_by_one(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.a.officer).get(MINE).content.decode()
    assert "Chưa có chứng thư số nào." in text
    assert "?dang-ky=1" in text


def test_a_person_registers_his_own_and_sees_how_long_it_lasts(
    cast: Cast, root: Authority, sign_in: SignIn, now: datetime
) -> None:
    me = cast.a.officer
    client = sign_in(me)
    form = client.get(MINE, {"dang-ky": "1"}).content.decode()
    assert 'type="file"' in form
    assert 'value="PKCS11"' not in form
    leaf = root.leaf(name(me.name, uids=("CCCD:001099000001",)), now)
    answer = client.post(MINE, {"file": a_file(leaf), "place": "DESK_AGENT"})
    assert answer.status_code == 302
    text = client.get(MINE).content.decode()
    for words in ("còn 365 ngày", "đang dùng", "Gốc thử", "CCCD:001099000001", "Phần mềm ký số trên máy"):
        assert words in text


def test_a_refusal_comes_back_with_its_words_and_registers_nothing(
    cast: Cast, root: Authority, sign_in: SignIn, now: datetime
) -> None:
    me = cast.a.officer
    client = sign_in(me)
    for data, code in (
        (b"%PDF", "VT-CTS-001"),
        (root.leaf(name(me.name), now, is_rsa=True).bundle(b"x"), "VT-CTS-002"),
    ):
        answer = client.post(MINE, {"file": a_file(data), "place": "DESK_AGENT"})
        assert answer.status_code == 422
        assert code in answer.content.decode()
    large = client.post(MINE, {"file": a_file(b"x" * 300_000), "place": "DESK_AGENT"})
    assert "256 KB" in large.content.decode()
    assert key_of(f"person:{me.user_id}") is None


def test_the_administrator_registers_the_agencys_certificate_and_its_place(
    cast: Cast, root: Authority, sign_in: SignIn, now: datetime
) -> None:
    owner = f"agency:{cast.a.id}"
    leaf = root.leaf(name(cast.a.row.name, uids=("MST:0100000001",)), now)
    data = {"owner": owner, "place": "PKCS11", "module": "/usr/lib/t.so", "token": "CoQuan", "key": "ky"}
    client = sign_in(cast.a.admin)
    assert client.post(AGENCY, data | {"file": a_file(leaf), "token": ""}).status_code == 422
    assert client.post(AGENCY, data | {"file": a_file(leaf)}).status_code == 302
    key = key_of(owner)
    assert key is not None
    assert key.whereabouts == {"module": "/usr/lib/t.so", "token": "CoQuan", "key": "ky"}
    text = client.get(AGENCY).content.decode()
    assert "MST:0100000001" in text
    assert "đã thay" in text  # the demonstration's key stays for its signatures


def test_a_revocation_is_noted_with_its_reason(cast: Cast, sign_in: SignIn) -> None:
    key = key_of(f"agency:{cast.a.id}")
    assert key is not None
    client = sign_in(cast.a.admin)
    assert "Ghi thu hồi chứng thư của" in client.get(AGENCY, {"thu-hoi": key.pk}).content.decode()
    where = reverse("admin-certificate-end", args=[key.pk])
    again = client.post(where, {"reason": ""})
    assert again.status_code == 422
    assert "VT-CTS-014" in again.content.decode()
    assert client.post(where, {"reason": "Mất thiết bị"}).status_code == 302
    text = client.get(AGENCY).content.decode()
    assert "đã thu hồi" in text
    assert "Mất thiết bị" in text


def test_an_administrator_keeps_his_own_agency_only(cast: Cast, sign_in: SignIn) -> None:
    key = key_of(f"agency:{cast.a.id}")
    assert key is not None
    client = sign_in(cast.b.admin)
    assert client.get(AGENCY, {"co-quan": cast.a.id}).status_code == 403
    assert client.post(reverse("admin-certificate-end", args=[key.pk]), {"reason": "x"}).status_code == 404
    assert cast.a.row.name in sign_in(cast.city_admin).get(AGENCY, {"co-quan": cast.a.id}).content.decode()


@pytest.mark.parametrize("address", [AGENCY, TRUST])
def test_who_keeps_no_register_is_refused_with_the_reason(cast: Cast, sign_in: SignIn, address: str) -> None:
    for actor in (cast.a.officer, cast.a.leader, cast.a.clerk):
        answer = sign_in(actor).get(address)
        assert answer.status_code == 403
        assert "quản trị" in answer.content.decode()
    assert sign_in(cast.a.admin).get(TRUST).status_code == 403


def test_the_trust_store_says_who_is_believed_and_what_is_wrong(
    cast: Cast, root: Authority, sign_in: SignIn
) -> None:
    text = sign_in(cast.city_admin).get(TRUST).content.decode()
    for words in ("Gốc thử", "ghim đầy đủ", "Chưa có danh sách thu hồi của tổ chức này.", "trình diễn"):
        assert words in text
    assert "Chưa có chứng thư gốc thật nào." not in text


def test_an_empty_trust_store_says_what_follows_from_it(
    cast: Cast, settings: LazySettings, tmp_path: Path, sign_in: SignIn
) -> None:
    settings.VANTHU_DEMO, settings.VANTHU_TRUST = False, tmp_path / "nothing"
    text = sign_in(cast.city_admin).get(TRUST).content.decode()
    assert "Chưa có chứng thư gốc thật nào." in text
    assert "Danh sách tin cậy còn trống." in text


def test_the_rail_and_the_menu_lead_there(cast: Cast, sign_in: SignIn) -> None:
    assert f'href="{MINE}"' in sign_in(cast.a.officer).get(MINE).content.decode()
    text = sign_in(cast.city_admin).get(TRUST).content.decode()
    assert f'href="{AGENCY}"' in text
    assert f'href="{TRUST}"' in text
