"""A time-stamping authority of our own on 127.0.0.1 that behaves badly on demand; imports nothing of the product."""

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "1.2.3.4.5"


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _signed(builder: x509.CertificateBuilder, key: Any) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())


@dataclass
class StampRoot:
    """A root that issues certificates of authorities for stretches of years, with its revocation list."""

    born: datetime
    years: int = 40
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP384R1()))
    certificate: x509.Certificate = field(init=False)
    revoked: dict[int, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        name = _name("Goc dau thoi gian thu nghiem")
        self.certificate = _signed(
            self._builder(
                name, self.key.public_key(), self.born, self.born + timedelta(days=365 * self.years)
            )
            .issuer_name(name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True),
            self.key,
        )

    def authority(
        self,
        since: datetime,
        until: datetime,
        *,
        purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
        critical: bool = True,
        bits: int = 3072,
    ) -> "StampKey":
        key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        certificate = _signed(
            self._builder(_name(f"Dau thoi gian {since:%Y}"), key.public_key(), since, until)
            .issuer_name(self.certificate.subject)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            ),
            self.key,
        )
        return StampKey(certificate, key)

    def crl(self, at: datetime, life: timedelta = timedelta(days=30)) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(at)
            .next_update(at + life)
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        )
        for serial, when in self.revoked.items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
            )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @staticmethod
    def _builder(subject: x509.Name, key: Any, since: datetime, until: datetime) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )


def _usage(**granted: bool) -> x509.KeyUsage:
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment"]
    names += ["key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{name: granted.get(name, False) for name in names})


@dataclass
class StampKey:
    """Certificate and key of one authority; makes tokens."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def token(
        self,
        digest: bytes,
        *,
        at: datetime,
        nonce: int | None = None,
        policy: str = POLICY,
        embed: bool = True,
        spoil: bool = False,
        algorithm: str = "sha256",
    ) -> cms.ContentInfo:
        own = asn1_x509.Certificate.load(self.der)
        info = {
            "version": "v1",
            "policy": policy,
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
                "hashed_message": digest,
            },
            "serial_number": int.from_bytes(hashlib.sha256(digest + str(at).encode()).digest()[:8]),
            "gen_time": at.astimezone(UTC).replace(microsecond=0),
        }
        if nonce is not None:
            info["nonce"] = nonce
        content = tsp.TSTInfo(info).dump()
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", hashlib.sha256(content).digest()),
                _attribute(
                    "signing_certificate_v2",
                    tsp.SigningCertificateV2(
                        {"certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(self.der).digest()})]}
                    ),
                ),
            ]
        )
        signature = self.key.sign(attributes.dump(), PKCS1v15(), hashes.SHA256())
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": own.issuer, "serial_number": own.serial_number}
                    )
                }
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signed_attrs": attributes,
            "signature": bytes(len(signature)) if spoil else signature,
        }
        return cms.ContentInfo(
            {
                "content_type": "signed_data",
                "content": cms.SignedData(
                    {
                        "version": "v3",
                        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
                        "encap_content_info": {
                            "content_type": "tst_info",
                            "content": cms.ParsableOctetString(content),
                        },
                        "certificates": [own] if embed else [],
                        "signer_infos": [cms.SignerInfo(signer)],
                    }
                ),
            }
        )


def _attribute(kind: str, value: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": cms.CMSAttributeType(kind), "values": (value,)})


Answer = Callable[["TsaServer", tsp.TimeStampReq], bytes]


class TsaServer(ThreadingHTTPServer):
    """Answers with `behaviour`; `served` counts, `together` is the largest number of requests at once."""

    daemon_threads = True

    def __init__(self, key: StampKey, clock: Callable[[], datetime], behaviour: str = "good") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.key, self.clock, self.behaviour = key, clock, behaviour
        self.served = self.inside = self.together = 0
        self.headers: dict[str, str] = {}
        self.counting = threading.Lock()
        self.release = threading.Event()
        """Set to let hanging requests go."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/tsa"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is expected here."""

    def token(self, request: tsp.TimeStampReq, **changes: Any) -> bytes:
        values = {
            "digest": request["message_imprint"]["hashed_message"].native,
            "at": self.clock(),
            "nonce": request["nonce"].native,
        } | changes
        key = values.pop("key", self.key)
        status = values.pop("status", "granted")
        return tsp.TimeStampResp(
            {"status": {"status": status}, "time_stamp_token": key.token(**values)}
        ).dump()


def _rejection(*_: object) -> bytes:
    """TimeStampResp with status 2 (rejection) and a text, without a token: written by hand as RFC 3161 says."""
    text = b"khong nhan"
    words = bytes([0x0C, len(text)]) + text
    status = b"\x02\x01\x02" + bytes([0x30, len(words)]) + words + b"\x03\x02\x07\x80"
    info = bytes([0x30, len(status)]) + status
    return bytes([0x30, len(info)]) + info


BODIES: dict[str, Answer] = {
    "good": lambda server, request: server.token(request),
    "granted-with-mods": lambda server, request: server.token(request, status="granted_with_mods"),
    "rejection": _rejection,
    "html": lambda *_: b"<!doctype html><title>Dang nhap</title>",
    "empty": lambda *_: b"",
    "truncated": lambda server, request: server.token(request)[:-40],
    "appended": lambda server, request: server.token(request) + b"\0\0",
    "huge": lambda server, request: server.token(request) + bytes(200_000),
    "wrong-nonce": lambda server, request: server.token(request, nonce=7),
    "no-nonce": lambda server, request: server.token(request, nonce=None),
    "wrong-imprint": lambda server, request: server.token(request, digest=bytes(32)),
    "other-hash": lambda server, request: server.token(request, digest=bytes(20), algorithm="sha1"),
    "other-policy": lambda server, request: server.token(request, policy="1.2.3.9"),
    "old-time": lambda server, request: server.token(request, at=server.clock() - timedelta(hours=7)),
    "bad-signature": lambda server, request: server.token(request, spoil=True),
    "no-certificate": lambda server, request: server.token(request, embed=False),
}


class _Handler(BaseHTTPRequestHandler):
    server: TsaServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Be silent."""

    def do_POST(self) -> None:
        with self.server.counting:
            self.server.served += 1
            self.server.inside += 1
            self.server.together = max(self.server.together, self.server.inside)
        self.server.headers = dict(self.headers)
        try:
            with suppress(OSError):
                self._answer()
        finally:
            with self.server.counting:
                self.server.inside -= 1

    do_GET = do_POST  # noqa: N815  # the base class looks for this name

    def _answer(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"] or 0))
        behaviour = self.server.behaviour
        if behaviour == "hang":
            self.server.release.wait(30)
            return
        if behaviour == "drip":
            self._drip()
            return
        if behaviour == "reset":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if behaviour.isdigit():
            self._send(int(behaviour), b"loi")
            return
        body = BODIES[behaviour.removeprefix("slow ")](self.server, tsp.TimeStampReq.load(data))
        if behaviour.startswith("slow "):
            self.server.release.wait(0.3)
        self._send(200, body)

    def _drip(self) -> None:
        """One byte of a header now and then: no single read ever times out."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.server.release.wait(0.02):
            self.wfile.write(b"a")

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "a=b")
        if status in range(300, 400):
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/elsewhere")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running(server: TsaServer) -> Iterator[TsaServer]:
    """Serve until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
