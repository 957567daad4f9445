"""Reads of the two registers: certificates by owner, trusted authorities; and what the first says of a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db.models import Q

from vanthu.organizations.queries import agencies_by_code, known_people
from vanthu.signing.models import RevocationSource, SigningKey
from vanthu.signing.rules.kinds import CertificateState, KeyPlace
from vanthu.signing.rules.subjects import Directory, from_lines, identifiers_in, with_directory
from vanthu.signing.rules.verdicts import FileVerdict
from vanthu.signing.trust.lists import load_list, speaks_for
from vanthu.signing.trust.manifest import Anchor, anchor_path, read_manifest
from vanthu.signing.trust.names import common_name
from vanthu.signing.trust.pins import fingerprint
from vanthu.signing.trust.store import TrustStore, TrustStoreError

SOON = timedelta(days=30)
"""How long before its end a certificate is said to end."""


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate of the register, as a screen wants it."""

    id: int
    owner: str
    subject: str
    issuer: str
    serial: str
    fingerprint: str
    identifiers: tuple[str, ...]
    valid_from: datetime | None
    valid_to: datetime | None
    place: KeyPlace
    state: CertificateState
    state_reason: str
    state_at: datetime | None
    registered_by: str
    registered_at: datetime

    def days_left(self, now: datetime) -> int | None:
        """Whole days to the end of an active certificate; None when it signs no more."""
        if self.state is not CertificateState.ACTIVE or self.valid_to is None:
            return None
        return max((self.valid_to - now).days, 0)


def certificates_of(owners: Iterable[str], *, now: datetime) -> tuple[CertificateRow, ...]:
    """Certificates by owner, the active one first, then the newer before the older."""
    rows = SigningKey.objects.filter(owner__in=list(owners)).order_by("owner", "-made_at", "-id")
    found = [_row(row, now) for row in rows.defer("certificate")]
    return tuple(sorted(found, key=lambda row: (row.owner, row.state is not CertificateState.ACTIVE)))


def _row(row: SigningKey, now: datetime) -> CertificateRow:
    state = CertificateState(row.state)
    if state is CertificateState.ACTIVE and row.valid_to is not None and row.valid_to < now:
        state = CertificateState.EXPIRED
    return CertificateRow(
        row.pk,
        row.owner,
        row.subject,
        row.issuer,
        row.serial,
        row.fingerprint,
        from_lines(row.identifiers),
        row.valid_from,
        row.valid_to,
        KeyPlace(row.place),
        state,
        row.state_reason,
        row.state_at,
        row.registered_by,
        row.made_at,
    )


def ending_certificates(*, now: datetime) -> tuple[CertificateRow, ...]:
    """Active certificates that have ended or end soon."""
    rows = SigningKey.objects.filter(state=CertificateState.ACTIVE, valid_to__lt=now + SOON)
    return tuple(_row(row, now) for row in rows.order_by("valid_to").defer("certificate"))


def directory_of(sender_code: str, identifiers: Iterable[str]) -> Directory | None:
    """What the register knows about a sender and about these identifiers; None for a sender outside the directory."""
    agency = agencies_by_code([sender_code]).get(sender_code) if sender_code else None
    wanted = tuple(identifiers)
    if agency is None or not wanted:
        return None
    owner, people = f"agency:{agency.id}", [f"person:{number}" for number, _ in known_people(agency.id)]
    named = Q(owner=owner) | Q(owner__in=people)
    for item in wanted:
        named |= Q(identifiers__contains=f"\n{item}\n")
    ids: dict[str, set[str]] = {}
    for each, lines in SigningKey.objects.filter(named).values_list("owner", "identifiers"):
        ids.setdefault(each, set()).update(from_lines(lines))
    return Directory(
        agency=frozenset(ids.get(owner, ())),
        own=frozenset(item for each in people for item in ids.get(each, ())),
        owners={item: each for each, items in ids.items() for item in items},
    )


def in_the_name_of(verdict: FileVerdict, sender_code: str) -> FileVerdict:
    """The verdict on a file that came from this sender: somebody else's certificate is WRONG_SUBJECT (D21)."""
    identifiers = {item for finding in verdict.signatures for item in identifiers_in(finding)}
    directory = directory_of(sender_code, sorted(identifiers))
    return with_directory(verdict, directory) if directory else verdict


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """A trusted authority, as a screen and the command line want it."""

    sha256: str
    name: str
    kind: str
    purposes: tuple[str, ...]
    agencies: tuple[str, ...]
    pin: str
    pin_is_full: bool
    source: str
    added_by: str
    added_at: datetime | None
    valid_until: datetime
    this_update: datetime | None
    """When the newest list of this authority was made; None when there is none."""
    next_update: datetime | None
    is_demonstration: bool
    problems: tuple[str, ...]
    """In plain Vietnamese words; gettext knows them."""


DEMONSTRATION = "Trình diễn"
PROBLEM_LABELS = {
    "no-list": "Chưa có danh sách thu hồi của tổ chức này.",
    "lapsed-list": "Danh sách thu hồi đã quá hạn cập nhật.",
    "lapsed": "Chứng thư của tổ chức này đã hết hạn.",
    "short-pin": "Mới ghim rút gọn; cần ghim vân tay đầy đủ.",
    "not-fetched": "Lần tải danh sách thu hồi gần nhất không thành công.",
}
NO_LIST, LAPSED_LIST, LAPSED, SHORT_PIN, NOT_FETCHED = PROBLEM_LABELS.values()


def trusted_authorities(*, now: datetime) -> tuple[AuthorityRow, ...]:
    """The anchors of this installation, what was imported before the demonstration's own."""
    folder = Path(settings.VANTHU_TRUST)
    failing = set(RevocationSource.objects.filter(failures__gt=0).values_list("issuer", flat=True))
    lists = sorted((folder / "crl").glob("*.crl")) if folder.is_dir() else []
    crls = tuple(path.read_bytes() for path in lists)
    rows = [
        _authority(anchor, anchor_path(folder, anchor.sha256).read_bytes(), crls, failing, now)
        for anchor in read_manifest(folder).anchors
    ]
    return (*rows, *_demonstration(now))


def _demonstration(now: datetime) -> tuple[AuthorityRow, ...]:
    if not settings.VANTHU_DEMO:
        return ()
    try:
        store = TrustStore.load(Path(settings.VANTHU_PKI) / "trust")
    except TrustStoreError:
        return ()
    pairs = [("root", der) for der in store.roots] + [("intermediate", der) for der in store.intermediates]
    return tuple(_authority(_demo_anchor(kind, der), der, store.crls, set(), now) for kind, der in pairs)


def _demo_anchor(kind: str, der: bytes) -> Anchor:
    certificate = x509.load_der_x509_certificate(der)
    return Anchor(fingerprint(certificate), kind, common_name(certificate.subject), source=DEMONSTRATION)


def _authority(
    anchor: Anchor, der: bytes, crls: tuple[bytes, ...], failing: set[str], now: datetime
) -> AuthorityRow:
    certificate = x509.load_der_x509_certificate(der)
    this_update, next_update = _newest(certificate, crls)
    demo = anchor.source == DEMONSTRATION
    problems = [
        (certificate.not_valid_after_utc < now, LAPSED),
        (next_update is None, NO_LIST),
        (next_update is not None and next_update < now, LAPSED_LIST),
        (anchor.sha256 in failing, NOT_FETCHED),
        (bool(anchor.pin) and not anchor.pin_is_full and not demo, SHORT_PIN),
    ]
    return AuthorityRow(
        sha256=anchor.sha256,
        name=anchor.name,
        kind=anchor.kind,
        purposes=anchor.purposes,
        agencies=anchor.agencies,
        pin=anchor.pin,
        pin_is_full=anchor.pin_is_full,
        source=anchor.source,
        added_by=anchor.added_by,
        added_at=datetime.fromisoformat(anchor.added_at) if anchor.added_at else None,
        valid_until=certificate.not_valid_after_utc,
        this_update=this_update,
        next_update=next_update,
        is_demonstration=demo,
        problems=tuple(words for is_so, words in problems if is_so),
    )


def _newest(
    certificate: x509.Certificate, crls: tuple[bytes, ...]
) -> tuple[datetime | None, datetime | None]:
    """When the newest list that this authority has signed was made, and when it lapses."""
    mine = [crl for data in crls if speaks_for(data, certificate) and (crl := load_list(data)) is not None]
    newest = max(mine, key=lambda crl: crl.last_update_utc, default=None)
    # An empty list is a list: it counts its entries when asked whether it is true.
    return (None, None) if newest is None else (newest.last_update_utc, newest.next_update_utc)
