"""A small certification authority that can do odd things, and a server of lists and OCSP answers that may misbehave."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

YEAR = timedelta(days=365)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def name(common: str, *, uids: tuple[str, ...] = (), organisation: str = "Tổ chức thử nghiệm") -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ]
    return x509.Name(parts + [x509.NameAttribute(NameOID.USER_ID, uid) for uid in uids])


@dataclass(frozen=True)
class Authority:
    """A key with its certificate, and what it can sign."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @classmethod
    def root(cls, common: str, now: datetime) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = name(common)
        builder = _authority(subject, subject, key, now)
        return cls(builder.sign(key, hashes.SHA256()), key)

    def subordinate(self, common: str, now: datetime, *, crl_url: str = "") -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _authority(name(common), self.certificate.subject, key, now)
        if crl_url:
            builder = builder.add_extension(points(crl_url), critical=False)
        return Authority(builder.sign(self.key, hashes.SHA256()), key)

    def rekeyed(self, above: Authority, now: datetime) -> Authority:
        """The same authority with a new key (đổi khóa)."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _authority(self.certificate.subject, above.certificate.subject, key, now)
        return Authority(builder.sign(above.key, hashes.SHA256()), key)

    def leaf(
        self,
        subject: x509.Name,
        now: datetime,
        *,
        life: timedelta = YEAR,
        crl_url: str = "",
        ocsp_url: str = "",
        purposes: tuple[x509.ObjectIdentifier, ...] = (),
        usage: str = "digital_signature",
        is_rsa: bool = False,
    ) -> Authority:
        key = (
            rsa.generate_private_key(public_exponent=65537, key_size=2048)
            if is_rsa
            else ec.generate_private_key(ec.SECP256R1())
        )
        builder = _builder(subject, self.certificate.subject, key, now, life)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(usage), critical=True)
        if crl_url:
            builder = builder.add_extension(points(crl_url), critical=False)
        if ocsp_url:
            access = x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp_url)
            )
            builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=is_rsa)
        return Authority(builder.sign(self.key, hashes.SHA256()), key)

    def bundle(self, passphrase: bytes) -> bytes:
        """Key and certificate as PKCS#12."""
        lock = serialization.BestAvailableEncryption(passphrase)
        return pkcs12.serialize_key_and_certificates(b"x", self.key, self.certificate, None, lock)

    def responder(self, now: datetime) -> Authority:
        """A delegated OCSP responder."""
        return self.leaf(name("OCSP thử nghiệm"), now, purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,))

    def crl(
        self,
        now: datetime,
        *entries: tuple[int, datetime, x509.ReasonFlags | None],
        life: timedelta = timedelta(days=1),
        extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    ) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now)
            .next_update(now + life)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        for serial, at, reason in entries:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
            if reason is not None:
                entry = entry.add_extension(x509.CRLReason(reason), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def ocsp(
        self,
        certificate: x509.Certificate,
        now: datetime,
        *,
        signer: Authority | None = None,
        revoked_at: datetime | None = None,
        life: timedelta | None = timedelta(hours=12),
        nonce: bytes | None = None,
    ) -> bytes:
        """An answer of this authority about one of its certificates, signed by itself or by `signer`."""
        who = signer or self
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=certificate,
            issuer=self.certificate,
            algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked_at else ocsp.OCSPCertStatus.GOOD,
            this_update=now,
            next_update=now + life if life else None,
            revocation_time=revoked_at,
            revocation_reason=x509.ReasonFlags.key_compromise if revoked_at else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, who.certificate)
        if signer is not None:
            builder = builder.certificates([signer.certificate])
        if nonce is not None:
            builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
        return builder.sign(who.key, hashes.SHA256()).public_bytes(Encoding.DER)


def points(url: str) -> x509.CRLDistributionPoints:
    return x509.CRLDistributionPoints(
        [x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)]
    )


def _usage(granted: str) -> x509.KeyUsage:
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment"]
    names += ["key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{each: each in granted.split() for each in names})


def _authority(subject: x509.Name, issuer: x509.Name, key: Key, now: datetime) -> x509.CertificateBuilder:
    builder = _builder(subject, issuer, key, now, 10 * YEAR)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.add_extension(_usage("key_cert_sign crl_sign"), critical=True)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + life)
    )


@dataclass
class Stall:
    """What the server answers at a path, and how."""

    body: bytes = b""
    status: int = 200
    location: str = ""
    drip: bool = False
    """Send one byte now and then, for ever."""
    endless: bool = False
    """Send without end."""
    promised: int | None = None
    """Claim this length, whatever is sent."""


@dataclass
class Market:
    """The running server: answers by path, and what was asked."""

    port: int
    stalls: dict[str, Stall] = field(default_factory=dict)
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def market() -> Iterator[Market]:
    """Serve on 127.0.0.1 until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.market = Market(server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.market  # type: ignore[attr-defined]
    finally:
        server.market.closing.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def _serve(self, body: bytes) -> None:
        here: Market = self.server.market  # type: ignore[attr-defined]
        here.asked.append((self.command, self.path, body))
        stall = here.stalls.get(self.path, Stall(status=404))
        self.send_response(stall.status)
        if stall.location:
            self.send_header("Location", stall.location)
        if not stall.endless and not stall.drip:
            self.send_header("Content-Length", str(stall.promised or len(stall.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            self._send(stall, here)
        except OSError:
            return  # the client has had enough

    def _send(self, stall: Stall, here: Market) -> None:
        if stall.drip:
            while not here.closing.wait(0.05):
                self.wfile.write(b"x")
                self.wfile.flush()
        elif stall.endless:
            started = time.monotonic()
            while time.monotonic() - started < 20:
                self.wfile.write(b"x" * 65536)
        else:
            self.wfile.write(stall.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
