"""A small real certification authority for demonstrations and tests; nothing it issues has legal value.

Root → issuing authority → certificates of persons, agencies and one time-stamping authority, with
revocation lists for both levels: the same shape as the state's own chain, so nothing is simulated.
"""

import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DISCLAIMER: Final = "CHỨNG THƯ TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
ORGANISATION: Final = "Tổ chức chứng thực trình diễn Vanthu"
POLICY: Final = x509.ObjectIdentifier("2.25.204136872513460397241570998126483052119")
"""An OID from the UUID arc, where anybody may make one; it names the demonstration policy only."""

PERSON_PREFIX: Final = "DEMO"
AGENCY_PREFIX: Final = "DEMO-CQ"

ROOT_LIFE: Final = timedelta(days=20 * 365)
ISSUER_LIFE: Final = timedelta(days=10 * 365)
LEAF_LIFE: Final = timedelta(days=3 * 365)
CRL_LIFE: Final = timedelta(days=30)
CRL_RENEWAL: Final = timedelta(days=7)
CA_LEAD: Final = timedelta(days=365)
"""Authorities are valid from a year back, so that a sample register may sign documents of last spring."""
CLOCK_SLACK: Final = timedelta(minutes=5)

_NAME_LIMIT: Final = 64  # X.520 upper bound of CN, O and OU


@dataclass(frozen=True, slots=True)
class Pkcs12Bundle:
    """A key with its certificate, sealed by a passphrase (tệp PKCS#12)."""

    data: bytes = field(repr=False)
    passphrase: str = field(repr=False)
    certificate: bytes = field(repr=False)
    """DER."""
    serial: int


@dataclass(frozen=True, slots=True)
class _Pair:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class _Profile:
    """What an end certificate is for."""

    subject: x509.Name
    usage: x509.KeyUsage
    purposes: tuple[x509.ObjectIdentifier, ...]
    purposes_critical: bool = False


class DemoAuthority:
    """The demonstration authority, kept in one folder: `ca/`, `crl/`, `issued/`, `passphrase`."""

    def __init__(self, directory: Path) -> None:
        self._dir = directory
        self._root = _load_pair(directory / "ca" / "root")
        self._issuer = _load_pair(directory / "ca" / "sub")
        self._tsa = _load_pair(directory / "ca" / "tsa")

    @classmethod
    def create(cls, directory: Path, now: datetime) -> "DemoAuthority":
        """Make a new authority in an empty folder and publish its first revocation lists."""
        for part in ("ca", "crl", "issued"):
            (directory / part).mkdir(parents=True, exist_ok=True)
        root = _make_authority("Gốc chứng thực trình diễn Vanthu", None, now, ROOT_LIFE)
        issuer = _make_authority("Chứng thực trình diễn cho cơ quan", root, now, ISSUER_LIFE)
        tsa = _make_leaf(_tsa_profile(), issuer, not_before=now - CA_LEAD, not_after=now + ISSUER_LIFE)
        for name, pair in (("root", root), ("sub", issuer), ("tsa", tsa)):
            _store_pair(directory / "ca" / name, pair)
        _write_secret(directory / "passphrase", secrets.token_urlsafe(24).encode())
        (directory / "revoked.json").write_text("{}", encoding="utf-8")
        authority = cls(directory)
        authority.refresh_crls(now)
        return authority

    @classmethod
    def open(cls, directory: Path) -> "DemoAuthority":
        """Open an authority that `create` has made."""
        return cls(directory)

    @property
    def directory(self) -> Path:
        """The folder; `TrustStore.load` reads it as it is."""
        return self._dir

    @property
    def passphrase(self) -> str:
        """The passphrase of every bundle that this authority issues."""
        return (self._dir / "passphrase").read_text(encoding="ascii")

    @property
    def chain(self) -> tuple[bytes, ...]:
        """DER of the issuing authority and of the root."""
        return _der(self._issuer.certificate), _der(self._root.certificate)

    def tsa_pair(self) -> tuple[bytes, rsa.RSAPrivateKey]:
        """Certificate (DER) and key of the time-stamping authority."""
        return _der(self._tsa.certificate), self._tsa.key

    def issue_person(
        self, *, code: str, name: str, agency: str, now: datetime, life: timedelta = LEAF_LIFE
    ) -> Pkcs12Bundle:
        """Issue a person's certificate; `code` becomes the subject UID `DEMO:<code>`."""
        subject = _subject(name, agency, f"{PERSON_PREFIX}:{code}")
        return self._issue(_signing_profile(subject), now=now, life=life)

    def issue_agency(
        self, *, code: str, name: str, now: datetime, life: timedelta = LEAF_LIFE
    ) -> Pkcs12Bundle:
        """Issue an agency's certificate; `code` becomes the subject UID `DEMO-CQ:<code>`."""
        subject = _subject(name, name, f"{AGENCY_PREFIX}:{code}")
        return self._issue(_signing_profile(subject), now=now, life=life)

    def revoke(self, serial: int, now: datetime) -> None:
        """Revoke a certificate from this instant and publish the list anew."""
        revoked = self._revoked()
        revoked.setdefault(f"{serial:X}", now.isoformat())
        _replace_file(self._dir / "revoked.json", json.dumps(revoked, indent=1).encode())
        self.refresh_crls(now)

    def refresh_crls(self, now: datetime) -> None:
        """Publish both revocation lists anew, good for thirty days."""
        entries = {int(serial, 16): datetime.fromisoformat(at) for serial, at in self._revoked().items()}
        for name, pair, content in (("root", self._root, {}), ("sub", self._issuer, entries)):
            _replace_file(self._dir / "crl" / f"{name}.crl", _make_crl(pair, content, now))

    def crls(self, now: datetime) -> tuple[bytes, ...]:
        """Return both revocation lists (DER), published anew when they are soon to lapse."""
        paths = [self._dir / "crl" / f"{name}.crl" for name in ("root", "sub")]
        if any(_lapses_soon(path, now) for path in paths):
            self.refresh_crls(now)
        return tuple(path.read_bytes() for path in paths)

    def _issue(self, profile: _Profile, *, now: datetime, life: timedelta) -> Pkcs12Bundle:
        pair = _make_leaf(profile, self._issuer, not_before=now - CLOCK_SLACK, not_after=now + life)
        certificate = pair.certificate
        (self._dir / "issued" / f"{certificate.serial_number:X}.pem").write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
        )
        sealed = pkcs12.serialize_key_and_certificates(
            name=b"vanthu-demo",
            key=pair.key,
            cert=certificate,
            cas=[self._issuer.certificate],
            encryption_algorithm=serialization.BestAvailableEncryption(self.passphrase.encode()),
        )
        return Pkcs12Bundle(sealed, self.passphrase, _der(certificate), certificate.serial_number)

    def _revoked(self) -> dict[str, str]:
        content: dict[str, str] = json.loads((self._dir / "revoked.json").read_text(encoding="utf-8"))
        return content


def _subject(name: str, organisation: str, uid: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.LOCALITY_NAME, "Hà Nội"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:_NAME_LIMIT]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DISCLAIMER),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:_NAME_LIMIT]),
            x509.NameAttribute(NameOID.USER_ID, uid),
        ]
    )


def _signing_profile(subject: x509.Name) -> _Profile:
    usage = _usage(digital_signature=True, content_commitment=True)
    return _Profile(subject, usage, (ExtendedKeyUsageOID.EMAIL_PROTECTION,))


def _tsa_profile() -> _Profile:
    subject = _subject("Dấu thời gian trình diễn Vanthu", ORGANISATION, f"{AGENCY_PREFIX}:TSA")
    # RFC 3161 2.3: exactly this one purpose, and critical.
    return _Profile(subject, _usage(digital_signature=True), (ExtendedKeyUsageOID.TIME_STAMPING,), True)


def _usage(**granted: bool) -> x509.KeyUsage:
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment"]
    names += ["key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{name: granted.get(name, False) for name in names})


def _make_authority(name: str, parent: _Pair | None, now: datetime, life: timedelta) -> _Pair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DISCLAIMER),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    signer_key = parent.key if parent else key
    builder = (
        _builder(subject, parent.certificate.subject if parent else subject, key.public_key())
        .not_valid_before(now - CA_LEAD)
        .not_valid_after(now + life)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0 if parent else 1), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()), critical=False
        )
    )
    return _Pair(builder.sign(signer_key, hashes.SHA256()), key)


def _make_leaf(profile: _Profile, issuer: _Pair, *, not_before: datetime, not_after: datetime) -> _Pair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    notice = x509.UserNotice(None, DISCLAIMER)
    builder = (
        _builder(profile.subject, issuer.certificate.subject, key.public_key())
        .not_valid_before(max(not_before, issuer.certificate.not_valid_before_utc))
        .not_valid_after(min(not_after, issuer.certificate.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(profile.usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage(profile.purposes), critical=profile.purposes_critical)
        .add_extension(x509.CertificatePolicies([x509.PolicyInformation(POLICY, [notice])]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
        )
    )
    return _Pair(builder.sign(issuer.key, hashes.SHA256()), key)


def _builder(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _make_crl(pair: _Pair, revoked: dict[int, datetime], now: datetime) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(pair.certificate.subject)
        .last_update(now)
        .next_update(now + CRL_LIFE)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(_expired_stay_since(pair.certificate.not_valid_before_utc), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(pair.key.public_key()), critical=False
        )
    )
    for serial, at in revoked.items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(pair.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _expired_stay_since(start: datetime) -> x509.UnrecognizedExtension:
    """`expiredCertsOnCRL`: entries of expired certificates are never dropped, so silence always means good."""
    text = start.strftime("%Y%m%d%H%M%SZ").encode()
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.60"), bytes([0x18, len(text)]) + text)


def _lapses_soon(path: Path, now: datetime) -> bool:
    crl = x509.load_der_x509_crl(path.read_bytes())
    return crl.next_update_utc is None or crl.next_update_utc - now < CRL_RENEWAL


def _store_pair(stem: Path, pair: _Pair) -> None:
    stem.with_suffix(".pem").write_bytes(pair.certificate.public_bytes(serialization.Encoding.PEM))
    _write_secret(
        stem.with_suffix(".key"),
        pair.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def _load_pair(stem: Path) -> _Pair:
    key = serialization.load_pem_private_key(stem.with_suffix(".key").read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return _Pair(x509.load_pem_x509_certificate(stem.with_suffix(".pem").read_bytes()), key)


def _replace_file(path: Path, content: bytes) -> None:
    # A verifier may read the folder at this very moment: it must find the old list or the new one.
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.write_bytes(content)
    draft.replace(path)


def _write_secret(path: Path, content: bytes) -> None:
    # Created 0600 from the first byte: a later chmod would leave a moment for others to read.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
