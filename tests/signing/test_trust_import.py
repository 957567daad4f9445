"""Authorities enter the trust store by their pins, and by nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from django.conf import LazySettings

from tests.proof import audited, refused
from tests.signing.trust_server import Authority, name
from vanthu.kernel.actor import system_actor
from vanthu.kernel.errors import NotPermitted, NotReady
from vanthu.signing.operations import demo_authority, import_anchors, pin_anchor, remove_anchor, trust_store
from vanthu.signing.trust.manifest import read_manifest
from vanthu.signing.trust.names import same_name
from vanthu.signing.trust.pins import Pin, fingerprint, packaged_pins
from vanthu.signing.trust.store import TrustStore, TrustStoreError

pytestmark = pytest.mark.django_db
ADMIN = system_actor(None)


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.VANTHU_DEMO = False
    settings.VANTHU_TRUST, settings.VANTHU_PKI = tmp_path / "trust", tmp_path / "pki"
    return settings.VANTHU_TRUST


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.root("Gốc thử nghiệm", datetime.fromisoformat("2026-01-01T00:00:00+07:00"))


def pin_it(authority: Authority, now: datetime, **more: object) -> None:
    pin_anchor(
        actor=ADMIN,
        sha256=fingerprint(authority.certificate),
        name="Gốc thử nghiệm",
        source="Công bố thử nghiệm",
        now=now,
        **more,  # type: ignore[arg-type]
    )


def let_in(now: datetime, *contents: bytes, **more: object) -> tuple[object, ...]:
    named = {f"{place}.crt": data for place, data in enumerate(contents)}
    return import_anchors(actor=ADMIN, contents=named, now=now, **more)  # type: ignore[arg-type]


def pem(authority: Authority) -> bytes:
    return authority.certificate.public_bytes(Encoding.PEM)


def test_the_packaged_pins_are_marked_as_abbreviated_and_name_their_source() -> None:
    pins = packaged_pins()
    assert {pin.key for pin in pins} >= {"vgca-root-g2", "vgca-state-g2", "national-root"}
    for pin in pins:
        assert not pin.is_full
        assert len(pin.starts) == 8
        assert len(pin.ends) >= 4
        assert pin.source
        assert "tls" not in pin.purposes


def test_an_abbreviated_pin_wants_both_ends_the_name_the_years_and_the_key(
    root: Authority, now: datetime
) -> None:
    certificate = root.certificate
    whole = fingerprint(certificate)
    pin = Pin("k", "Gốc thử nghiệm", "", whole[:8], whole[-4:], "s", valid_years=(2025, 2035))
    assert pin.accepts(certificate)
    lies = [
        {"starts": "00000000"},
        {"ends": "0000" if whole[-4:] != "0000" else "1111"},
        {"name": "Gốc khác"},
        {"valid_years": (2018, 2048)},
        {"key_bits": 4096},
    ]
    assert not [change for change in lies if replace(pin, **change).accepts(certificate)]


def test_what_is_not_pinned_is_refused_with_its_fingerprint(
    folder: Path, root: Authority, now: datetime
) -> None:
    with refused("signing.trust.not-pinned", kind=NotReady):
        let_in(now, root.der)
    with pytest.raises(NotReady) as caught:
        let_in(now, root.der)
    assert dict(caught.value.violations[0].details)["came"] == fingerprint(root.certificate)
    assert not read_manifest(folder).anchors


def test_a_namesake_of_a_known_authority_is_refused_with_what_was_expected(
    folder: Path, now: datetime
) -> None:
    impostor = Authority.root("RootCA chuyên dùng Chính phủ G2", now)
    with pytest.raises(NotReady) as caught:
        let_in(now, impostor.der)
    violation = caught.value.violations[0]
    assert violation.code == "signing.trust.pin-mismatch"
    assert dict(violation.details)["expected"] == "F04BA4B4…E2FDB8"
    assert dict(violation.details)["where"] == "http://ca.gov.vn/pki/pub/crt/rootcag2.crt"


def test_a_pinned_root_and_what_it_has_issued_enter_from_every_kind_of_file(
    folder: Path, root: Authority, now: datetime
) -> None:
    sub = root.subordinate("Cấp dưới thử nghiệm", now)
    pin_it(root, now)
    bundle = pkcs7.serialize_certificates([root.certificate, sub.certificate], Encoding.DER)
    for content in (
        bundle,
        pem(root) + pem(sub),
        pkcs7.serialize_certificates([root.certificate], Encoding.PEM),
    ):
        let_in(now, content)
    store = trust_store()
    assert store.roots == (root.der,)
    assert store.intermediates == (sub.der,)
    assert json.loads((folder / "manifest.json").read_text())["anchors"][0]["added_by"] == "Hệ thống"


def test_importing_again_changes_nothing(folder: Path, root: Authority, now: datetime) -> None:
    pin_it(root, now)
    with audited() as log:
        let_in(now, root.der)
    assert log.verbs == ["signing.trust.import"]
    before = (folder / "manifest.json").read_bytes()
    with audited() as log:
        let_in(now, root.der)
    assert log.verbs == []
    assert (folder / "manifest.json").read_bytes() == before


def test_one_bad_certificate_keeps_the_whole_file_out(folder: Path, root: Authority, now: datetime) -> None:
    person = root.leaf(name("Nguyễn Văn An"), now)
    pin_it(root, now)
    with pytest.raises(NotReady) as caught:
        let_in(now, pem(root) + pem(person))
    assert [item.code for item in caught.value.violations] == ["signing.trust.not-authority"]
    assert not read_manifest(folder).anchors


def test_an_intermediate_needs_its_root(folder: Path, root: Authority, now: datetime) -> None:
    with refused("signing.trust.no-root", kind=NotReady):
        let_in(now, root.subordinate("Cấp dưới", now).der)


def test_what_is_no_certificate_is_refused(folder: Path, now: datetime) -> None:
    with refused("signing.trust.unreadable", kind=NotReady):
        let_in(now, b"%PDF-1.7")


def test_the_demonstration_is_never_imported_and_never_believed_outside_it(
    folder: Path, settings: LazySettings, now: datetime
) -> None:
    demo = demo_authority(now)
    with refused("signing.trust.demonstration", kind=NotReady):
        let_in(now, demo.chain[1])
    for place in (folder, settings.VANTHU_PKI / "trust"):
        settings.VANTHU_TRUST = place
        with pytest.raises(TrustStoreError):
            trust_store()
    settings.VANTHU_DEMO = True
    assert demo.chain[1] in trust_store().roots


def test_in_a_demonstration_imported_authorities_stand_beside_it(
    folder: Path, settings: LazySettings, root: Authority, now: datetime
) -> None:
    settings.VANTHU_DEMO = True
    demo = demo_authority(now)
    pin_it(root, now)
    let_in(now, root.der)
    assert set(trust_store().roots) == {demo.chain[1], root.der}


def test_a_certificate_laid_into_the_folder_by_hand_is_not_believed(
    folder: Path, root: Authority, now: datetime
) -> None:
    pin_it(root, now)
    let_in(now, root.der)
    stranger = Authority.root("Tự đặt vào", now)
    (folder / "anchors" / "stranger.cer").write_bytes(stranger.der)
    (folder / "stranger.pem").write_bytes(pem(stranger))
    assert TrustStore.load(folder).roots == (root.der,)


def test_a_changed_anchor_stops_the_store_instead_of_being_believed(
    folder: Path, root: Authority, now: datetime
) -> None:
    pin_it(root, now)
    let_in(now, root.der)
    anchor = folder / "anchors" / f"{fingerprint(root.certificate)}.cer"
    anchor.write_bytes(Authority.root("Gốc thử nghiệm", now).der)
    with pytest.raises(TrustStoreError):
        TrustStore.load(folder)


def test_purposes_and_agencies_narrow_an_anchor(folder: Path, root: Authority, now: datetime) -> None:
    pin_it(root, now)
    let_in(now, root.der, purposes=["agency"], agencies=["H26.15"])
    store = trust_store()
    assert store.roots_for("agency") == (root.der,)
    assert store.roots_for("personal") == store.roots_for("timestamp") == ()
    assert trust_store("H26.15.03").roots == (root.der,)
    with pytest.raises(TrustStoreError):
        trust_store("H26.16")


def test_removing_needs_a_reason_and_is_remembered(folder: Path, root: Authority, now: datetime) -> None:
    pin_it(root, now)
    let_in(now, root.der)
    sha256 = fingerprint(root.certificate)
    with refused("signing.trust.no-reason", kind=NotReady):
        remove_anchor(actor=ADMIN, sha256=sha256, reason=" ", now=now)
    with audited() as log:
        remove_anchor(actor=ADMIN, sha256=sha256.lower(), reason="Tổ chức dừng hoạt động", now=now)
    assert log.by("signing.trust.remove").detail["reason"] == "Tổ chức dừng hoạt động"
    manifest = read_manifest(folder)
    assert not manifest.anchors
    assert manifest.removals[0].reason == "Tổ chức dừng hoạt động"
    with refused("signing.trust.not-there", kind=NotReady):
        remove_anchor(actor=ADMIN, sha256=sha256, reason="x", now=now)


def test_a_full_pin_turns_an_abbreviated_one_into_certainty(
    folder: Path, root: Authority, now: datetime
) -> None:
    colons = ":".join(fingerprint(root.certificate)[at : at + 2] for at in range(0, 64, 2)).lower()
    pin = pin_anchor(actor=ADMIN, sha256=colons, name="Gốc thử nghiệm", source="Công bố", now=now)
    assert pin.is_full
    let_in(now, root.der)
    assert read_manifest(folder).anchors[0].pin_is_full
    for sha256 in ("AB" * 31, "XY" * 32):
        with refused("signing.trust.bad-fingerprint", kind=NotReady):
            pin_anchor(actor=ADMIN, sha256=sha256, name="x", source="y", now=now)
    with refused("signing.trust.pin-incomplete", kind=NotReady):
        pin_anchor(actor=ADMIN, sha256="AB" * 32, name="x", source=" ", now=now)


def test_only_the_installations_administrator_keeps_the_store(
    folder: Path, root: Authority, now: datetime
) -> None:
    outsider = replace(ADMIN, roles=frozenset())
    with refused("signing.trust.not-administrator", kind=NotPermitted):
        import_anchors(actor=outsider, contents={"x": root.der}, now=now)


def test_an_expired_root_stays_for_the_signatures_of_its_time(folder: Path, now: datetime) -> None:
    old = Authority.root("Gốc thử nghiệm", now - timedelta(days=12 * 365))
    pin_it(old, now)
    let_in(now, old.der)
    assert trust_store().roots == (old.der,)


def test_names_are_compared_by_their_meaning_and_never_as_strings() -> None:
    plain = name("Co quan chung thuc so chuyen dung Chinh phu (RootCA)")
    spaced = name("CO QUAN  chung thuc so chuyen dung chinh phu (rootca) ")
    assert same_name(plain, spaced)
    assert not same_name(plain, name("Cơ quan chứng thực số chuyên dùng Chính phủ (RootCA)"))
    assert not same_name(plain, x509.Name(list(reversed(list(plain)))))
