"""Raw material: a PDF writer that may lie, certificates for one test, and CMS signatures of every make."""

import hashlib
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
FILLER = b"[0 1111111111 2222222222 3333333333]"
ROOM = 9000
SIG = 7
FIELD = 6
PAGE = 3

Objects = dict[int, bytes]
Maker = Callable[[bytes], bytes]


# --- keys and certificates -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Signer:
    """A key with a certificate that it has signed itself."""

    key: Any
    certificate: asn1_x509.Certificate


@cache
def signer(kind: str = "rsa", name: str = "Nguyễn Văn Thử") -> Signer:
    key: Any = {
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
        "rsa-1024": lambda: rsa.generate_private_key(65537, 1024),
        "ec-192": lambda: ec.generate_private_key(ec.SECP192R1()),
        "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "dsa": lambda: dsa.generate_private_key(3072),
        "tsa": lambda: rsa.generate_private_key(65537, 2048),
    }[kind]()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=900))
    )
    if kind == "tsa":
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    issuer = signer("rsa", "Người cấp").key if kind == "dsa" else key
    algorithm = None if kind == "ed25519" else hashes.SHA256()
    der = builder.sign(issuer, algorithm).public_bytes(serialization.Encoding.DER)
    return Signer(key, asn1_x509.Certificate.load(der))


# --- CMS -------------------------------------------------------------------------------------------------


def _raw_signature(who: Signer, digest: str, data: bytes, scheme: str) -> tuple[bytes, Any]:
    hash_ = {"sha1": hashes.SHA1, "md5": hashes.MD5, "sha256": hashes.SHA256, "sha512": hashes.SHA512}
    hash_ |= {"sha3_256": hashes.SHA3_256, "sha3_384": hashes.SHA3_384, "sha3_512": hashes.SHA3_512}
    function = hash_[digest]()
    key = who.key
    if scheme == "pss":
        value = key.sign(data, padding.PSS(padding.MGF1(function), function.digest_size), function)
        parameters = algos.RSASSAPSSParams(
            {
                "hash_algorithm": {"algorithm": digest},
                "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": digest}},
                "salt_length": function.digest_size,
            }
        )
        return value, {"algorithm": "rsassa_pss", "parameters": parameters}
    if isinstance(key, rsa.RSAPrivateKey):
        oids = {"sha3_256": "14", "sha3_384": "15", "sha3_512": "16"}
        known = f"2.16.840.1.101.3.4.3.{oids[digest]}" if digest in oids else f"{digest}_rsa"
        return key.sign(data, padding.PKCS1v15(), function), {"algorithm": known}
    if isinstance(key, ec.EllipticCurvePrivateKey):
        value = key.sign(data, ec.ECDSA(function))
        if scheme == "plain":
            r, s = decode_dss_signature(value)
            return r.to_bytes(32, "big") + s.to_bytes(32, "big"), {"algorithm": "0.4.0.127.0.7.1.1.4.1.3"}
        return value, {"algorithm": f"{digest}_ecdsa"}
    if isinstance(key, dsa.DSAPrivateKey):
        return key.sign(data, function), {"algorithm": "sha256_dsa"}
    return key.sign(data), {"algorithm": "ed25519"}


def cms_maker(
    who: Signer | None = None,
    *,
    digest: str = "sha256",
    value_digest: str = "",
    scheme: str = "",
    attributes: bool = True,
    stored_order: str = "der",
    sign_order: str = "der",
    with_certificate: bool = True,
    content: bytes | None = None,
    no_digest: bool = False,
    stamp: Callable[[bytes], bytes] | None = None,
    lie: bool = False,
) -> Maker:
    """A maker of detached CMS signatures; the defaults make an ordinary one."""
    who = who or signer()

    def make(data: bytes) -> bytes:
        signed = hashlib.new(digest, data + (b"!" if lie else b"")).digest()
        items = [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": NOW})]}),
        ]
        if not no_digest:
            items.append(cms.CMSAttribute({"type": "message_digest", "values": [signed]}))
        ordered = sorted(items, key=lambda item: item.dump())
        stored = ordered if stored_order == "der" else ordered[::-1]
        to_sign = ordered if sign_order == "der" else stored
        blob = _der(0x31, b"".join(item.dump() for item in to_sign)) if attributes else data
        value, algorithm = _raw_signature(who, value_digest or digest, blob, scheme)
        info: dict[str, Any] = {
            "version": "v1",
            "sid": {"issuer_and_serial_number": _serial(who)},
            "digest_algorithm": {"algorithm": digest},
            "signature_algorithm": algorithm,
            "signature": value,
        }
        if stamp is not None:
            token = cms.ContentInfo.load(stamp(value))
            unsigned = {"type": "signature_time_stamp_token", "values": [token]}
            info["unsigned_attrs"] = [cms.CMSAttribute(unsigned)]
        raw = cms.SignerInfo(info).dump()
        if attributes:
            raw = _with_attributes(raw, b"".join(item.dump() for item in stored))
        return _signed_data(raw, who if with_certificate else None, digest, "data", content)

    return make


def renamed(who: Signer, part: str, oid: str, *, lie: bool = False) -> Maker:
    """A maker of CMS signatures with another name for one of the algorithms in the signer's part."""

    def make(data: bytes) -> bytes:
        info = cms.ContentInfo.load(cms_maker(who, lie=lie)(data))["content"]["signer_infos"][0]
        named = _der(0x30, core.ObjectIdentifier(oid).dump())
        raw = _der(0x30, info.contents.replace(info[part].dump(), named, 1))
        return _signed_data(raw, who, "sha256", "data", None)

    return make


def _with_attributes(signer_info: bytes, attributes: bytes) -> bytes:
    """Put signed attributes in just as they are; a library would sort them."""
    info = cms.SignerInfo.load(signer_info)
    parts = [info[name].dump() for name in ("version", "sid", "digest_algorithm")]
    parts.append(_der(0xA0, attributes))
    parts += [info[name].dump() for name in ("signature_algorithm", "signature")]
    if info["unsigned_attrs"]:
        parts.append(info["unsigned_attrs"].dump())
    return _der(0x30, b"".join(parts))


def _signed_data(
    signer_info: bytes, who: Signer | None, digest: str, content_type: str, content: bytes | None
) -> bytes:
    inner = core.ObjectIdentifier(cms.ContentType(content_type).dotted).dump()
    inner += _der(0xA0, _der(0x04, content)) if content is not None else b""
    parts = [
        core.Integer(1 if content_type == "data" else 3).dump(),
        cms.DigestAlgorithms([{"algorithm": digest}]).dump(),
        _der(0x30, inner),
    ]
    if who is not None:
        parts.append(_der(0xA0, who.certificate.dump()))
    parts.append(_der(0x31, signer_info))
    oid = core.ObjectIdentifier("1.2.840.113549.1.7.2").dump()
    return _der(0x30, oid + _der(0xA0, _der(0x30, b"".join(parts))))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _serial(who: Signer) -> cms.IssuerAndSerialNumber:
    return cms.IssuerAndSerialNumber(
        {"issuer": who.certificate.issuer, "serial_number": who.certificate.serial_number}
    )


def stamp_maker(*, with_certificate: bool = True, lie: bool = False) -> Maker:
    """A maker of RFC 3161 tokens, for signatures and for documents."""
    who = signer("tsa", "Dịch vụ dấu thời gian thử")

    def make(data: bytes) -> bytes:
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4",
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "sha256"},
                    "hashed_message": hashlib.sha256(data + (b"!" if lie else b"")).digest(),
                },
                "serial_number": 7,
                "gen_time": NOW,
            }
        ).dump()
        values = {
            "content_type": "tst_info",
            "message_digest": hashlib.sha256(info).digest(),
            "signing_certificate_v2": tsp.SigningCertificateV2(
                {"certs": [{"cert_hash": hashlib.sha256(who.certificate.dump()).digest()}]}
            ),
        }
        attributes = sorted(
            cms.CMSAttribute({"type": kind, "values": [value]}).dump() for kind, value in values.items()
        )
        signature = who.key.sign(_der(0x31, b"".join(attributes)), padding.PKCS1v15(), hashes.SHA256())
        signer_info = cms.SignerInfo(
            {
                "version": "v1",
                "sid": {"issuer_and_serial_number": _serial(who)},
                "digest_algorithm": {"algorithm": "sha256"},
                "signature_algorithm": {"algorithm": "sha256_rsa"},
                "signature": signature,
            }
        ).dump()
        raw = _with_attributes(signer_info, b"".join(attributes))
        return _signed_data(raw, who if with_certificate else None, "sha256", "tst_info", info)

    return make


def indefinite(der: bytes) -> bytes:
    """The same CMS with the outer lengths left open, as BER allows."""
    info = cms.ContentInfo.load(der)
    oid = info["content_type"].dump()
    inner = info["content"].contents
    body = b"\x30\x80" + inner + b"\x00\x00"
    return b"\x30\x80" + oid + b"\xa0\x80" + body + b"\x00\x00" + b"\x00\x00"


def pkcs7_sha1_maker(*, lie: bool = False) -> Maker:
    """The format adbe.pkcs7.sha1: a CMS around the SHA-1 of the file."""

    def make(data: bytes) -> bytes:
        inner = hashlib.sha1(data + (b"!" if lie else b"")).digest()
        return cms_maker(digest="sha1", content=inner)(inner)

    return make


def bare_rsa_maker(*, lie: bool = False) -> Maker:
    """The format adbe.x509.rsa_sha1: the RSA value alone."""

    def make(data: bytes) -> bytes:
        value = signer().key.sign(data + (b"!" if lie else b""), padding.PKCS1v15(), hashes.SHA1())
        return core.OctetString(value).dump()

    return make


# --- PDF ---------------------------------------------------------------------------------------------------


def text_page(text: str = "Kinh phi: 1 000 000 dong") -> bytes:
    return stream(f"BT /F1 14 Tf 72 700 Td ({text}) Tj ET".encode())


def stream(content: bytes, entries: bytes = b"", *, packed: bool = False) -> bytes:
    if packed:
        content, entries = zlib.compress(content), entries + b"/Filter/FlateDecode"
    return b"<<" + entries + b"/Length %d>>\nstream\n" % len(content) + content + b"\nendstream"


def field(
    name: str = "Chu_ky_1", value: bytes = b"7 0 R", rect: bytes = b"[0 0 0 0]", extra: bytes = b""
) -> bytes:
    shown = b"/V " + value if value else b""
    head = b"<</Type/Annot/Subtype/Widget/FT/Sig/F 132/P 3 0 R/T(%s)/Rect%s" % (name.encode(), rect)
    return head + shown + extra + b">>"


def signature_value(
    sub_filter: bytes = b"/adbe.pkcs7.detached",
    *,
    kind: bytes = b"/Type/Sig",
    extra: bytes = b"",
    room: int = ROOM,
) -> bytes:
    return (
        b"<<" + kind + b"/Filter/Adobe.PPKLite/SubFilter" + sub_filter + b"/ByteRange " + FILLER
        + b"/Contents <" + b"0" * room + b">/M(D:20260302080000+07'00')" + extra + b">>"
    )  # fmt: skip


def base_objects(*, text: str = "Kinh phi: 1 000 000 dong", signed: bool = True) -> Objects:
    """A letter of one page, ready to be signed in object 7."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/SigFlags 3>>>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>/Annots[6 0 R]>>",
        4: text_page(text),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        6: field(),
    }
    return objects | {7: signature_value()} if signed else objects


@dataclass
class Table:
    """How the cross-references of one revision are written."""

    style: str = "table"
    freed: Sequence[int] = ()
    extra: bytes = b""
    root: int = 1
    prev: int | None = None
    size: int | None = None


def first(objects: Mapping[int, bytes], table: Table | None = None, header: bytes = HEADER) -> bytes:
    """A whole file."""
    return _revision(header, objects, table or Table(), None)


def increment(data: bytes, objects: Mapping[int, bytes], table: Table | None = None) -> bytes:
    """A file with one more revision."""
    data = data if data.endswith(b"\n") else data + b"\n"
    return _revision(data, objects, table or Table(), last_startxref(data))


def last_startxref(data: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


def _revision(data: bytes, objects: Mapping[int, bytes], table: Table, prev: int | None) -> bytes:
    prev = table.prev if table.prev is not None else prev
    highest = max([*objects, *table.freed, *(int(item) for item in re.findall(rb"(?m)^(\d+) 0 obj", data))])
    size = table.size or highest + 1
    links = b"/Size %d/Root %d 0 R" % (size, table.root) + table.extra
    links += b"/Prev %d" % prev if prev is not None else b""
    if table.style == "packed":
        return _packed_revision(data, objects, links, size)
    out, offsets = bytearray(data), {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    if table.style == "stream":
        return bytes(out) + _xref_stream(len(out), {n: (1, at, 0) for n, at in offsets.items()}, links, size)
    start = len(out)
    if table.style == "hybrid":
        hidden = {max(offsets): offsets[max(offsets)]}
        supplement = _xref_stream(start, {n: (1, at, 0) for n, at in hidden.items()}, links, size + 1)
        out += supplement[: supplement.index(b"startxref")]
        links += b"/XRefStm %d" % start
        offsets = {n: at for n, at in offsets.items() if n not in hidden}
        start = len(out)
    out += b"xref\n" + _entries(offsets, table.freed, whole=prev is None)
    out += b"trailer\n<<" + links + b">>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _entries(offsets: Mapping[int, int], freed: Sequence[int], *, whole: bool) -> bytes:
    rows = {number: b"%010d 00000 n \n" % offset for number, offset in offsets.items()}
    rows |= dict.fromkeys(freed, b"0000000000 00001 f \n")
    if whole:
        rows[0] = b"0000000000 65535 f \n"
    return b"".join(b"%d 1\n" % number + rows[number] for number in sorted(rows))


def _xref_stream(start: int, rows: Mapping[int, tuple[int, int, int]], links: bytes, number: int) -> bytes:
    rows = dict(rows) | {number: (1, start, 0)}
    index = b" ".join(b"%d 1" % item for item in sorted(rows))
    content = b"".join(
        kind.to_bytes(1, "big") + at.to_bytes(4, "big") + place.to_bytes(2, "big")
        for _, (kind, at, place) in sorted(rows.items())
    )
    links = re.sub(rb"/Size \d+", b"/Size %d" % (number + 1), links)
    body = stream(content, b"/Type/XRef/W[1 4 2]/Index[" + index + b"]" + links)
    return b"%d 0 obj\n" % number + body + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def _packed_revision(data: bytes, objects: Mapping[int, bytes], links: bytes, size: int) -> bytes:
    """Dictionaries in an object stream, streams and signatures outside."""
    inside = {n: body for n, body in objects.items() if b"stream" not in body and b"/ByteRange" not in body}
    rows: dict[int, tuple[int, int, int]] = {}
    out = bytearray(data)
    for number, body in objects.items():
        if number not in inside:
            rows[number] = (1, len(out), 0)
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    index, content = b"", b""
    for place, (number, body) in enumerate(inside.items()):
        index += b"%d %d " % (number, len(content))
        content += body + b"\n"
        rows[number] = (2, size, place)
    entries = b"/Type/ObjStm/N %d/First %d" % (len(inside), len(index))
    rows[size] = (1, len(out), 0)
    out += b"%d 0 obj\n" % size + stream(index + content, entries, packed=True) + b"\nendobj\n"
    return bytes(out) + _xref_stream(len(out), rows, links, size + 1)


def seal(data: bytes, maker: Maker | None = None, *, end: int | None = None, upper: bool = False) -> bytes:
    """Fill byte range and contents of the placeholder that is still empty."""
    at = data.index(FILLER)
    start = data.index(b"/Contents <", at) + len(b"/Contents ")
    stop = data.index(b">", start) + 1
    last = len(data) if end is None else end
    numbers = b"[0 %d %d %d]" % (start, stop, last - stop)
    data = data[:at] + numbers.ljust(len(FILLER)) + data[at + len(FILLER) :]
    value = (maker or cms_maker())(data[:start] + data[stop:last]).hex().encode()
    value = value.upper() if upper else value
    room = stop - start - 2
    assert len(value) <= room, "more room is needed"
    return data[: start + 1] + value.ljust(room, b"0") + data[stop - 1 :]


def signed_letter(maker: Maker | None = None, **changes: bytes) -> bytes:
    """The ordinary letter, signed; `o4=…` exchanges object 4 before that."""
    objects = base_objects() | {int(key[1:]): body for key, body in changes.items()}
    return seal(first(objects), maker)
