"""What lists and responders say of a certificate, at the time of signing. Norm: TT41/2017 Đ.8 (M29)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from tests.signing.trust_server import YEAR, Authority, name
from vanthu.signing.trust.revocation import ChainStatus, chain_status, unanswered

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HERE, THERE = "http://ca.example/phan-1.crl", "http://ca.example/phan-2.crl"


class Pki:
    def __init__(self) -> None:
        self.root = Authority.root("Gốc", NOW)
        self.ca = self.root.subordinate("Cấp dưới", NOW)
        self.leaf = self.ca.leaf(name("Nguyễn Văn An", uids=("CCCD:001099000001",)), NOW, crl_url=HERE)
        self.root_list = self.root.crl(NOW)

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self.leaf.der, self.ca.der, self.root.der

    @property
    def serial(self) -> int:
        return self.leaf.certificate.serial_number

    def ask(self, *crls: bytes, at: datetime = NOW, **more: object) -> ChainStatus:
        return chain_status(self.chain, (self.root_list, *crls), at, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


def part(**changes: object) -> tuple[x509.ExtensionType, bool]:
    values = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**(values | changes)), True  # type: ignore[arg-type]


def uri(text: str) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier(text)]


def test_absent_from_a_current_list_is_good_and_names_its_evidence(pki: Pki) -> None:
    status = pki.ask(pki.ca.crl(NOW))
    assert status.state == "good"
    assert len(status.used) == 2


def test_without_a_list_nothing_is_known_and_the_open_pair_is_named(pki: Pki) -> None:
    assert pki.ask().state == "unknown"
    assert unanswered(pki.chain, (pki.root_list,), NOW) == [(pki.leaf.der, pki.ca.der)]


def test_a_list_that_had_lapsed_by_then_says_nothing(pki: Pki) -> None:
    assert pki.ask(pki.ca.crl(NOW - 3 * DAY)).state == "unknown"


def test_a_revocation_keeps_its_date_and_reason(pki: Pki) -> None:
    listed = (pki.serial, NOW + HOUR, x509.ReasonFlags.key_compromise)
    status = pki.ask(pki.ca.crl(NOW + 2 * HOUR, listed))
    assert (status.state, status.revoked_at, status.reason) == ("revoked", NOW + HOUR, "key_compromise")


def test_a_revoked_authority_takes_everything_below_it_down(pki: Pki) -> None:
    listed = pki.root.crl(NOW, (pki.ca.certificate.serial_number, NOW - HOUR, None))
    assert chain_status(pki.chain, (listed, pki.ca.crl(NOW)), NOW).revoked_at == NOW - HOUR


@pytest.mark.parametrize(
    ("scope", "state"),
    [
        (part(full_name=uri(HERE)), "good"),
        (part(full_name=uri(THERE)), "unknown"),
        (part(only_contains_user_certs=True), "good"),
        (part(only_contains_ca_certs=True), "unknown"),
        (part(only_contains_attribute_certs=True), "unknown"),
        (part(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise})), "unknown"),
        (part(full_name=uri(HERE), indirect_crl=True), "unknown"),
        ((x509.DeltaCRLIndicator(1), True), "unknown"),
        ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True), "unknown"),
    ],
)
def test_a_list_answers_for_its_own_part_only(
    pki: Pki, scope: tuple[x509.ExtensionType, bool], state: str
) -> None:
    assert pki.ask(pki.ca.crl(NOW, extensions=(scope,))).state == state


def test_a_part_that_is_not_ours_can_not_revoke_ours(pki: Pki) -> None:
    foreign = pki.ca.crl(NOW, (pki.serial, NOW, None), extensions=(part(full_name=uri(THERE)),))
    assert pki.ask(foreign, pki.ca.crl(NOW)).state == "good"


def test_a_list_for_some_reasons_still_revokes(pki: Pki) -> None:
    reasons = part(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise}))
    assert pki.ask(pki.ca.crl(NOW, (pki.serial, NOW, None), extensions=(reasons,))).state == "revoked"


def test_a_suspension_counts_until_a_later_list_has_lifted_it(pki: Pki) -> None:
    held = pki.ca.crl(NOW, (pki.serial, NOW - HOUR, x509.ReasonFlags.certificate_hold))
    assert pki.ask(held).reason == "certificate_hold"
    assert pki.ask(held, pki.ca.crl(NOW + HOUR)).state == "good"
    assert pki.ask(pki.ca.crl(NOW - HOUR), held).state == "revoked"


def test_a_delta_list_lifts_a_suspension(pki: Pki) -> None:
    held = pki.ca.crl(NOW, (pki.serial, NOW - HOUR, x509.ReasonFlags.certificate_hold))
    lifted = pki.ca.crl(
        NOW + HOUR,
        (pki.serial, NOW + HOUR, x509.ReasonFlags.remove_from_crl),
        extensions=((x509.DeltaCRLIndicator(1), True),),
    )
    assert pki.ask(held, lifted).state == "good"


def test_a_revocation_for_good_is_not_lifted_by_a_later_list(pki: Pki) -> None:
    revoked = pki.ca.crl(NOW, (pki.serial, NOW - HOUR, x509.ReasonFlags.superseded))
    assert pki.ask(revoked, pki.ca.crl(NOW + HOUR)).state == "revoked"


def test_an_authority_with_a_new_key_signs_lists_for_the_old_one(pki: Pki) -> None:
    renewed = pki.ca.rekeyed(pki.root, NOW)
    listed = renewed.crl(NOW, (pki.serial, NOW - HOUR, None))
    assert pki.ask(listed).state == "unknown"
    assert pki.ask(listed, authorities=(renewed.der,)).state == "revoked"


def test_a_namesake_that_nobody_vouches_for_signs_no_lists(pki: Pki) -> None:
    other_root = Authority.root("Gốc", NOW)
    namesake = pki.ca.rekeyed(other_root, NOW)
    assert pki.ask(namesake.crl(NOW), authorities=(namesake.der,)).state == "unknown"


def test_a_list_made_long_after_the_end_of_a_certificate_says_nothing(pki: Pki) -> None:
    late = pki.ca.crl(NOW + YEAR + 40 * DAY)
    assert pki.ask(late).state == "unknown"
    since = b"\x18\x0f20200101000000Z"
    kept = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.60"), since)
    assert pki.ask(pki.ca.crl(NOW + YEAR + 40 * DAY, extensions=((kept, False),))).state == "good"


def test_a_responder_answers_in_the_place_of_a_list(pki: Pki) -> None:
    assert pki.ask(ocsps=(pki.ca.ocsp(pki.leaf.certificate, NOW),)).state == "good"
    revoked = pki.ca.ocsp(pki.leaf.certificate, NOW, revoked_at=NOW - HOUR)
    assert pki.ask(ocsps=(revoked,)).revoked_at == NOW - HOUR


def test_a_delegate_needs_the_purpose_and_the_same_issuer(pki: Pki) -> None:
    leaf = pki.leaf.certificate
    delegate, person = pki.ca.responder(NOW), pki.ca.leaf(name("Ai đó"), NOW)
    stranger = Authority.root("Khác", NOW).responder(NOW)
    assert pki.ask(ocsps=(pki.ca.ocsp(leaf, NOW, signer=delegate),)).state == "good"
    assert pki.ask(ocsps=(pki.ca.ocsp(leaf, NOW, signer=person),)).state == "unknown"
    assert pki.ask(ocsps=(pki.ca.ocsp(leaf, NOW, signer=stranger),)).state == "unknown"


def test_an_answer_about_another_certificate_says_nothing(pki: Pki) -> None:
    other = pki.ca.leaf(name("Người khác"), NOW)
    assert pki.ask(ocsps=(pki.ca.ocsp(other.certificate, NOW),)).state == "unknown"


def test_an_answer_covers_its_own_time(pki: Pki) -> None:
    answer = pki.ca.ocsp(pki.leaf.certificate, NOW)
    assert pki.ask(ocsps=(answer,), at=NOW + 2 * DAY).state == "unknown"
    assert pki.ask(ocsps=(answer,), at=NOW - DAY + HOUR).state == "good"
    assert (
        pki.ask(ocsps=(pki.ca.ocsp(pki.leaf.certificate, NOW, life=None),), at=NOW + HOUR).state == "unknown"
    )


@pytest.mark.parametrize("junk", [b"", b"\x30\x03\x0a\x01\x01", b"junk"])
def test_what_is_no_answer_is_passed_over(pki: Pki, junk: bytes) -> None:
    assert pki.ask(junk, pki.ca.crl(NOW), ocsps=(junk,)).state == "good"


def test_no_byte_of_a_list_can_be_changed(pki: Pki) -> None:
    good = pki.ca.crl(NOW, (7, NOW, None))
    for place in range(0, len(good), 7):
        changed = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
        assert pki.ask(changed).state == "unknown", place
