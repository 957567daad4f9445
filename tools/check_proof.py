#!/usr/bin/env python3
"""Kiểm tra tệp chứng cứ Vanthu: check a proof file of Vanthu without Vanthu.

Needs Python 3.11 and the package `cryptography`; no network, no database. It shares no line with the product, so
that a fault of one is found by the other. Exit codes: 0 sound, 1 something is wrong (the first thing is named),
2 could not run.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

LARGEST = 256 * 1024 * 1024
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
SIZES = {"sha256": 64, "sha384": 96, "sha512": 128}
OIDS = {"608648016503040201": "sha256", "608648016503040202": "sha384", "608648016503040203": "sha512"}
OID_OF = {name: bytes.fromhex(oid) for oid, name in OIDS.items()}
SIGNED_DATA, TST_INFO = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d0109100104")
CONTENT_TYPE, MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010903"), bytes.fromhex("2a864886f70d010904")
CERT_V1, CERT_V2 = bytes.fromhex("2a864886f70d010910020c"), bytes.fromhex("2a864886f70d010910022f")
TIME_STAMPING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.8")
BROKEN = (
    UnsupportedAlgorithm,
    StopIteration,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)
INT, OCTETS, SEQ, SET, GENERALIZED = 0x02, 0x04, 0x30, 0x31, 0x18


class Wrong(Exception):
    """A stable code and the place in the file."""


class Bad(ValueError):
    """The last part of a code, for a token."""


class Record(ValueError):
    """The same for an evidence record."""


# --- the file: one spelling, exactly these fields ----------------------------------------------------------------


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def is_text(value):
    return isinstance(value, str)


def is_natural(value):
    return type(value) is int and 0 <= value < 2**63


def is_hex(value, length=64):
    return isinstance(value, str) and len(value) == length and re.fullmatch("[0-9a-f]+", value) is not None


def is_base64(value):
    try:
        return base64.b64encode(base64.b64decode(value.encode("ascii"), validate=True)).decode() == value
    except (binascii.Error, ValueError, AttributeError):
        return False


def is_digests(value):
    return (
        isinstance(value, dict)
        and "sha256" in value
        and all(name in SIZES and is_hex(item, SIZES[name]) for name, item in value.items())
    )


def is_plain(value):
    if isinstance(value, dict | list):
        return all(map(is_plain, value.values() if isinstance(value, dict) else value))
    return value is None or isinstance(value, str | bool | int)


def is_instant(value):
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value) is not None


def is_part(value):
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9_.#\[\]]+ [0-9a-f]{64}", value) is not None


def or_none(spec):
    return lambda value: value is None or spec(value)


NAMES = (
    "agency_code",
    "agency_name",
    "direction",
    "type",
    "number",
    "issued_on",
    "issuer",
    "signer",
    "subject",
)
SHAPE = {
    "format": lambda value: value == "vanthu-proof-1",
    "made_at": is_instant,
    "log": {
        "origin": is_text,
        "keys": [{"fingerprint": is_hex, "public": is_base64, "introduction": is_text}],
    },
    "document": {"id": is_natural, "chain": is_natural, **dict.fromkeys(NAMES, is_text)},
    "files": [
        {
            "name": is_text,
            "role": is_text,
            "size": is_natural,
            "digests": is_digests,
            "verdict": is_plain,
            "bytes": or_none(is_base64),
        }
    ],
    "events": [{"index": is_natural, "head": is_natural, "leaf": is_text, "path": [is_hex]}],
    "waiting": is_natural,
    "heads": [{"note": is_text, "token": or_none(is_base64)}],
    "consistency": [[is_hex]],
    "evidence": {"record": or_none(is_base64), "files": [is_hex], "event": is_natural},
    "material": {"certificates": [is_base64], "lists": [is_base64]},
    "seal": {"parts": [is_part], "note": is_text},
}


def decode(data):
    if len(data) > LARGEST:
        raise Wrong("proof.too-large", "")
    try:
        text = data.decode()
        value = json.loads(text)
    except UnicodeDecodeError as error:
        raise Wrong("proof.not-utf8", f"byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise Wrong("proof.not-json", f"byte {len(text[: error.pos].encode())}") from error
    except (ValueError, RecursionError) as error:
        raise Wrong("proof.not-json", "byte 0") from error
    try:
        again = canonical(value).encode() + b"\n"
    except (ValueError, RecursionError) as error:
        raise Wrong("proof.not-canonical", "byte 0") from error
    if again != data:
        require_shape(
            value, SHAPE, ""
        )  # a misspelled field is named better than the byte where the order breaks
        pairs = enumerate(zip(again, data, strict=False))
        place = next((at for at, (ours, theirs) in pairs if ours != theirs), min(len(again), len(data)))
        raise Wrong("proof.not-canonical", f"byte {place}")
    require_shape(value, SHAPE, "")
    return value


def require_shape(value, spec, path):
    if isinstance(spec, dict):
        if not isinstance(value, dict):
            raise Wrong("proof.shape", path)
        for name in sorted(spec.keys() - value.keys()) or sorted(value.keys() - spec.keys()):
            raise Wrong("proof.shape", f"{path}.{name}".strip("."))
        for name in sorted(spec):
            require_shape(value[name], spec[name], f"{path}.{name}".strip("."))
    elif isinstance(spec, list):
        if not isinstance(value, list):
            raise Wrong("proof.shape", path)
        for place, item in enumerate(value):
            require_shape(item, spec[0], f"{path}[{place}]")
    elif not spec(value):
        raise Wrong("proof.shape", path)


# --- keys, notes, the seal ---------------------------------------------------------------------------------------


def fingerprint(raw):
    return hashlib.sha256(bytes.fromhex("302a300506032b6570032100") + raw).hexdigest()


def read_note(note):
    """(name, lines, key id, signature) of a note in its one spelling; None for anything else."""
    text, blank, tail = note.rpartition("\n\n")
    name, _, encoded = tail.removeprefix("— ").removesuffix("\n").rpartition(" ")
    if not blank or not name or note != f"{text}\n\n— {name} {encoded}\n" or not is_base64(encoded):
        return None
    data = base64.b64decode(encoded)
    return (name, text.split("\n"), data[:4], data[4:]) if len(data) == 68 else None


def is_signed(note, keys):
    name, lines, key_id, signature = note
    for raw in keys:
        if key_id != hashlib.sha256(name.encode() + b"\n\x01" + raw).digest()[:4]:
            continue
        try:
            ed25519.Ed25519PublicKey.from_public_bytes(raw).verify(
                signature, "".join(f"{line}\n" for line in lines).encode()
            )
        except (InvalidSignature, ValueError):
            continue
        return True
    return False


def trusted_keys(log, pin):
    """The pinned key and each that its predecessor introduced; all of them without a pin."""
    rows, keys = log["keys"], []
    for place, row in enumerate(rows):
        raw = base64.b64decode(row["public"])
        if len(raw) != 32 or fingerprint(raw) != row["fingerprint"]:
            raise Wrong("proof.key", f"log.keys[{place}]")
        keys.append(raw)
    prints = [row["fingerprint"] for row in rows]
    if not keys or (pin and pin not in prints):
        raise Wrong("proof.pin", "log.keys")
    first = prints.index(pin) if pin else 0
    trusted = [keys[first]]
    for place in range(first + 1, len(keys)):
        word = rows[place]["introduction"]
        if word:
            note = read_note(word)
            said = ["vanthu log key", log["origin"], prints[place]]
            if (
                note is None
                or note[0] != log["origin"]
                or note[1][:3] != said
                or len(note[1]) != 4
                or not is_signed(note, [keys[place - 1]])
            ):
                raise Wrong("proof.key", f"log.keys[{place}]")
        elif pin:
            break
        trusted.append(keys[place])
    return trusted


def digest_parts(bundle):
    found = {}
    for name in bundle.keys() - {"seal"}:
        value = bundle[name]
        for below, item in value.items() if isinstance(value, dict) else [("", value)]:
            path = f"{name}.{below}".strip(".")
            if isinstance(item, list):
                found[f"{path}#"] = hashlib.sha256(canonical(len(item)).encode()).hexdigest()
                for place, each in enumerate(item):
                    found[f"{path}[{place}]"] = hashlib.sha256(canonical(each).encode()).hexdigest()
            else:
                found[path] = hashlib.sha256(canonical(item).encode()).hexdigest()
    return found


def read_seal(bundle):
    note = read_note(bundle["seal"]["note"])
    if note is None or len(note[1]) != 3 or note[1][:2] != ["vanthu proof", note[0]]:
        raise Wrong("proof.seal", "seal.note")
    if note[0] != bundle["log"]["origin"]:
        raise Wrong("proof.part", "log.origin")
    return note


def require_seal(bundle, note, keys):
    seal = bundle["seal"]
    if not is_signed(note, keys):
        raise Wrong("proof.seal", "seal.note")
    if note[1][2] != hashlib.sha256(canonical(seal["parts"]).encode()).hexdigest():
        raise Wrong("proof.seal", "seal.parts")
    found, sealed = digest_parts(bundle), dict(item.split(" ") for item in seal["parts"])
    for path in sorted(found.keys() | sealed.keys()):
        if found.get(path) != sealed.get(path):
            raise Wrong("proof.part", path.removesuffix("#"))


# --- the tree: RFC 6962 ------------------------------------------------------------------------------------------


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def walk(size, first, path, starts):
    """Climb from leaf `first` of a tree of `size` leaves; `starts` are the hashes that climb along (RFC 9162 2.1)."""
    place, last = first, size - 1
    for other in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            starts = [node(other, start) for start in starts]
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            starts = [*starts[:-1], node(starts[-1], other)]
        place, last = place >> 1, last >> 1
    return starts if last == 0 else None


def is_included(leaf, index, size, path, root):
    return 0 <= index < size and walk(size, index, path, [hashlib.sha256(b"\x00" + leaf).digest()]) == [root]


def is_consistent(old, new, path):
    """Whether the head `new` continues the head `old`; both are (size, root)."""
    if old[0] in {0, new[0]}:
        return not path and old[1] == (new[1] if old[0] else hashlib.sha256(b"").digest())
    if not path or not 0 < old[0] < new[0]:
        return False
    if old[0] & (old[0] - 1) == 0:
        path = [old[1], *path]
    place, last = old[0] - 1, new[0] - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    return walk(last + 1, place, path[1:], [path[0], path[0]]) == [old[1], new[1]]


def read_head(note, origin):
    """(size, root) of a head in its one spelling; None for anything else."""
    if note is None or len(note[1]) != 4 or note[0] != note[1][0] or note[0] != origin:
        return None
    _, size, root, time = note[1]
    try:
        datetime.strptime(time, "time %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    spelled = re.fullmatch("0|[1-9][0-9]{0,18}", size) and is_instant(time[5:]) and is_base64(root)
    if not spelled or int(size) >= 2**63 or len(base64.b64decode(root)) != 32:
        return None
    return int(size), base64.b64decode(root)


def read_heads(bundle, keys):
    heads = []
    for place, row in enumerate(bundle["heads"]):
        note = read_note(row["note"])
        head = read_head(note, bundle["log"]["origin"])
        if head is None or (heads and heads[-1][0] >= head[0]) or not is_signed(note, keys):
            raise Wrong("proof.head", f"heads[{place}].note")
        heads.append(head)
    if not heads:
        raise Wrong("proof.head", "heads")
    return heads


def require_consistency(heads, paths):
    if len(paths) != len(heads) - 1:
        raise Wrong("proof.consistency", "consistency")
    for place, path in enumerate(paths):
        if not is_consistent(heads[place], heads[place + 1], [bytes.fromhex(item) for item in path]):
            raise Wrong("proof.consistency", f"consistency[{place}]")


def check_events(bundle, heads):
    leaves, former, document = [], (-1, 0, ""), bundle["document"]
    for place, row in enumerate(bundle["events"]):
        where, leaf = f"events[{place}].leaf", row["leaf"].encode()
        previous, _, text = row["leaf"].partition("\n")
        try:
            event = json.loads(text)
            same = isinstance(event, dict) and canonical(event) == text
        except (ValueError, RecursionError):
            same = False
        if not same or len(previous) != 64 or type(event.get("seq")) is not int:
            raise Wrong("proof.event", where)
        said = (event.get("subject_kind"), event.get("subject_id"), event.get("chain"))
        if said != ("documents.document", str(document["id"]), document["chain"]):
            raise Wrong("proof.event", where)
        index, seq, digest = former
        follows = event["seq"] > seq and (event["seq"] != seq + 1 or not digest or previous == digest)
        if row["index"] <= index or not follows:
            raise Wrong("proof.event.order", where)
        if row["head"] >= len(heads):
            raise Wrong("proof.inclusion", f"events[{place}].head")
        size, root = heads[row["head"]]
        if not is_included(leaf, row["index"], size, [bytes.fromhex(item) for item in row["path"]], root):
            raise Wrong("proof.inclusion", f"events[{place}].path")
        former = (row["index"], event["seq"], hashlib.sha256(leaf).hexdigest())
        leaves.append(leaf)
    return leaves


# --- time stamps: RFC 3161, in DER read by hand ------------------------------------------------------------------


def elements(data):
    """The elements of a DER content: (tag, content, whole)."""
    found, at = [], 0
    while at < len(data):
        start, tag, length = at, data[at], data[at + 1]
        at += 2
        if length > 127:
            count = length & 127
            if not 1 <= count <= 4:
                raise Bad("malformed")
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + length > len(data) or tag & 31 == 31:
            raise Bad("malformed")
        found.append((tag, data[at : at + length], data[start : at + length]))
        at += length
    return found


def one(data, *tags):
    """The contents of exactly these elements."""
    found = elements(data)
    if [tag for tag, _, _ in found] != list(tags):
        raise Bad("malformed")
    return [content for _, content, _ in found]


def der(tag, content):
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 | len(length)]) + length + content


def algorithm_in(content):
    parts = elements(content)
    if parts[0][0] != 0x06 or len(parts) > 2:
        raise Bad("malformed")
    return OIDS.get(parts[0][1].hex(), "unknown")


def digest(name, data):
    if name not in HASHES:
        raise Bad("algorithm")
    return hashlib.new(name, data).digest()


def read_certificate(data):
    """A certificate whose every part can be read: the library looks at most of them late."""
    found = x509.load_der_x509_certificate(data)
    try:
        found.subject, found.issuer, found.extensions, found.public_key()
        found.signature_hash_algorithm, found.not_valid_before_utc, found.not_valid_after_utc  # noqa: B018
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("unreadable") from error
    return found


def read_list(data):
    found = x509.load_der_x509_crl(data)
    try:
        found.issuer, found.extensions, found.signature_hash_algorithm  # noqa: B018
        [(item.serial_number, item.revocation_date_utc) for item in found]
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("unreadable") from error
    return found


def read_token(token):
    """What a token says, once its signature and its certificate's purpose hold."""
    try:
        return parse_token(token)
    except Bad:
        raise
    except BROKEN as error:
        raise Bad("malformed") from error


def parse_token(token):
    kind, wrapped = one(one(token, SEQ)[0], 0x06, 0xA0)
    signed = elements(one(wrapped, SEQ)[0])
    content_kind, content = one(signed[2][1], 0x06, 0xA0)
    if kind != SIGNED_DATA or content_kind != TST_INFO:
        raise Bad("malformed")
    tags = [tag for tag, _, _ in signed if tag not in {0xA0, 0xA1}]
    if tags != [INT, SET, SEQ, SET]:
        raise Bad("malformed")
    statement = one(content, OCTETS)[0]
    signers = elements(signed[-1][1])
    if len(signers) != 1:
        raise Bad("malformed")
    certificates = [
        read_certificate(whole)
        for tag, inner, _ in signed[3:-1]
        if tag == 0xA0
        for _, _, whole in elements(inner)
    ]
    fields = elements(one(signed[-1][1], SEQ)[0])
    if [tag for tag, _, _ in fields][2:6] != [SEQ, 0xA0, SEQ, OCTETS] or fields[0][0] != INT:
        raise Bad("malformed")
    _, sid, hashed_by, attributes, _, signature = fields[:6]
    certificate = named_certificate(sid, certificates)
    name = algorithm_in(hashed_by[1])
    require_attributes(attributes, name, statement, certificate)
    require_signature(certificate, signature[1], der(SET, attributes[1]), name)
    said = elements(one(statement, SEQ)[0])
    hashed_with, imprint = one(said[2][1], SEQ, OCTETS)
    at = next(inner for tag, inner, _ in said if tag == GENERALIZED).decode("ascii")
    at = datetime.strptime(at.partition(".")[0].rstrip("Z"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    require_purpose(certificate, at)
    others = [item for item in certificates if item != certificate]
    return {
        "imprint": (algorithm_in(hashed_with), imprint),
        "at": at,
        "certificate": certificate,
        "others": others,
    }


def named_certificate(sid, certificates):
    if sid[0] != SEQ:
        raise Bad("malformed")
    issuer, serial = elements(sid[1])
    number = int.from_bytes(serial[1], "big", signed=True)
    for item in certificates:
        if item.serial_number == number and item.issuer.public_bytes() == issuer[2]:
            return item
    raise Bad("certificate")


def require_attributes(attributes, name, statement, certificate):
    values, tags = {}, {CONTENT_TYPE: 0x06, MESSAGE_DIGEST: OCTETS, CERT_V1: SEQ, CERT_V2: SEQ}
    for tag, inner, _ in elements(attributes[1]):
        kind, wrapped = one(inner, 0x06, SET)
        first = elements(wrapped)[0]
        if tag != SEQ or first[0] != tags.get(kind, first[0]):
            raise Bad("malformed")
        values[kind] = first[1]
    if values[CONTENT_TYPE] != TST_INFO:
        raise Bad("malformed")
    if values[MESSAGE_DIGEST] != digest(name, statement):
        raise Bad("signature")
    whole = certificate.public_bytes(Encoding.DER)
    if CERT_V2 in values:
        named = elements(elements(elements(values[CERT_V2])[0][1])[0][1])
        expected = digest(algorithm_in(named[0][1]) if named[0][0] == SEQ else "sha256", whole)
    else:
        named = elements(elements(elements(values[CERT_V1])[0][1])[0][1])
        expected = hashlib.sha1(whole, usedforsecurity=False).digest()
    if next(inner for tag, inner, _ in named if tag == OCTETS) != expected:
        raise Bad("certificate")


def require_signature(certificate, signature, signed, name):
    key = certificate.public_key()
    if name not in HASHES or not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise Bad("algorithm")
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), HASHES[name])
        else:
            key.verify(signature, signed, ec.ECDSA(HASHES[name]))
    except InvalidSignature as error:
        raise Bad("signature") from error


def is_valid(certificate, at):
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def require_purpose(certificate, at):
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound as error:
        raise Bad("certificate") from error
    if list(usage.value) != [TIME_STAMPING] or not usage.critical or not is_valid(certificate, at):
        raise Bad("certificate")


def require_imprint(token, name, value):
    if token["imprint"] != (name, value) or name not in HASHES:
        raise Bad("imprint")


def is_authority(certificate):
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def issuer_of(certificate, known, at):
    for item in known:
        if item.subject == certificate.issuer and is_authority(item) and is_valid(item, at):
            try:
                certificate.verify_directly_issued_by(item)
            except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
                continue
            return item
    return None


def require_trusted(token, roots, others, lists):
    """A path to a root that was good at the token's time, no link of it revoked then; without roots, no judgement."""
    at, link = token["at"], token["certificate"]
    for _ in range(5 if roots else 0):
        issuer = issuer_of(link, [*roots, *token["others"], *others], at)
        if issuer is None:
            break
        for item in lists:
            if item.issuer == issuer.subject and item.is_signature_valid(issuer.public_key()):
                entry = item.get_revoked_certificate_by_serial_number(link.serial_number)
                if entry is not None and entry.revocation_date_utc <= at:
                    raise Bad("revoked")
        if issuer in roots:
            return
        link = issuer
    if roots:
        raise Bad("untrusted")


def material_of(bundle, means):
    others, lists = [], []
    for name, found, load in (
        ("certificates", others, read_certificate),
        ("lists", lists, read_list),
    ):
        for place, item in enumerate(bundle["material"][name]):
            try:
                found.append(load(base64.b64decode(item)))
            except ValueError as error:
                raise Wrong("proof.material", f"material.{name}[{place}]") from error
    roots = (
        [item for item in others if item.subject == item.issuer] if means["roots"] is None else means["roots"]
    )
    return roots, others, [*lists, *means["lists"]]


def head_times(bundle, anchors):
    times = []
    for place, row in enumerate(bundle["heads"]):
        if row["token"] is not None:
            try:
                token = read_token(base64.b64decode(row["token"]))
                require_imprint(token, "sha256", hashlib.sha256(row["note"].encode()).digest())
                require_trusted(token, *anchors)
            except Bad as error:
                raise Wrong(f"proof.token.{error}", f"heads[{place}].token") from error
            times.append(token["at"])
    return times


# --- files and the evidence record: RFC 4998 ---------------------------------------------------------------------


def has_digests(data, digests):
    return all(hashlib.new(name, data).hexdigest() == value for name, value in digests.items())


def require_files(rows, given):
    for place, row in enumerate(rows):
        if row["bytes"] is not None:
            data = base64.b64decode(row["bytes"])
            if len(data) != row["size"] or not has_digests(data, row["digests"]):
                raise Wrong("proof.file", f"files[{place}].bytes")
    for name, data in given.items():
        if not any(has_digests(data, row["digests"]) for row in rows):
            raise Wrong("proof.file.foreign", name)


def group_hash(name, group):
    return group[0] if len(group) == 1 else digest(name, b"".join(sorted(group)))


def read_record(data):
    """The chains of (algorithm, tree, token, DER of the whole stamp)."""
    try:
        version, names, chains = one(one(data, SEQ)[0], INT, SEQ, SEQ)
        found = [[read_stamp(stamp) for stamp in elements(chain[1])] for chain in elements(chains)]
        listed = sorted({stamp[0] for chain in found for stamp in chain})
        spelled = [der(SEQ, der(0x06, OID_OF[name]) + b"\x05\x00") for name in listed]
        body = b"\x02\x01\x01" + der(SEQ, b"".join(spelled)) + spell_chains(found)
    except BROKEN as error:
        raise Record("malformed") from error
    if (
        version != b"\x01"
        or names != b"".join(spelled)
        or der(SEQ, body) != data
        or not found
        or not all(found)
    ):
        raise Record("malformed")
    return found


def read_stamp(stamp):
    parts = elements(stamp[1])
    name = algorithm_in(parts[0][1])
    tree = (
        [[item[1] for item in elements(group[1])] for group in elements(parts[1][1])]
        if len(parts) == 3
        else []
    )
    whole = der(0xA0, der(0x06, OID_OF[name]) + b"\x05\x00")
    if tree:
        whole += der(
            0xA2, b"".join(der(SEQ, b"".join(der(OCTETS, item) for item in group)) for group in tree)
        )
    return name, tree, parts[-1][2], der(SEQ, whole + parts[-1][2])


def spell_chains(chains):
    return der(SEQ, b"".join(der(SEQ, b"".join(stamp[3] for stamp in chain)) for chain in chains))


def follow_record(data, digests_under):
    """The tokens of a record in their order, each covering exactly what it should and none come too late."""
    chains, tokens = read_record(data), []
    for number, chain in enumerate(chains):
        name = chain[0][0]
        expected = digests_under(name)
        if number:
            before = digest(name, spell_chains(chains[:number]))
            expected = [digest(name, item + before) for item in expected]
        for place, (stamp_name, tree, token, _) in enumerate(chain):
            if stamp_name != name:
                raise Record("algorithm")
            if place:
                expected = [digest(name, chain[place - 1][2])]
            groups = tree or [expected]
            if sorted(groups[0]) != sorted(expected):
                raise Record("coverage")
            if not all(groups):
                raise Record("hashtree")
            read, root = read_token(token), group_hash(name, groups[0])
            for group in groups[1:]:
                root = group_hash(name, [*group, root])
            require_imprint(read, name, root)
            if tokens and not tokens[-1]["at"] <= read["at"] <= tokens[-1]["certificate"].not_valid_after_utc:
                raise Record("renewed-late")
            tokens.append(read)
    return tokens


def check_record(bundle, leaves, anchors, at):
    evidence = bundle["evidence"]
    if evidence["record"] is None:
        return None
    known = {row["digests"]["sha256"]: row["digests"] for row in bundle["files"]}
    if evidence["event"] >= len(leaves) or not known.keys() >= set(evidence["files"]):
        raise Wrong("proof.record.coverage", "evidence")
    leaf = leaves[evidence["event"]]

    def digests_under(name):
        named = [known[file].get(name, "") for file in evidence["files"]]
        if name not in HASHES or not all(named):
            raise Record("coverage")
        return sorted({hashlib.new(name, leaf).digest(), *map(bytes.fromhex, named)})

    try:
        tokens = follow_record(base64.b64decode(evidence["record"]), digests_under)
        for token in tokens:
            require_trusted(token, *anchors)
    except Record as error:
        raise Wrong(f"proof.record.{error}", "evidence.record") from error
    except Bad as error:
        raise Wrong(f"proof.token.{error}", "evidence.record") from error
    if tokens[-1]["certificate"].not_valid_after_utc < at:
        raise Wrong("proof.record.lapsed", "evidence.record")
    return tokens[0]["at"]


# --- all of it, in this order ------------------------------------------------------------------------------------


def check(data, means):
    """Check a proof; `means`: at, pin, roots (or None), lists, files (name → bytes). Raises `Wrong`."""
    bundle = decode(data)
    seal = read_seal(bundle)
    keys = trusted_keys(bundle["log"], means["pin"])
    require_seal(bundle, seal, keys)
    anchors = material_of(bundle, means)
    heads = read_heads(bundle, keys)
    times = head_times(bundle, anchors)
    require_consistency(heads, bundle["consistency"])
    leaves = check_events(bundle, heads)
    require_files(bundle["files"], means["files"])
    since = check_record(bundle, leaves, anchors, means["at"])
    return {
        "number": bundle["document"]["number"],
        "events": len(leaves),
        "size": heads[-1][0],
        "proved_at": since or min(times, default=None),
        "unjudged": [
            code
            for code, is_so in (
                ("proof.unjudged.key", not means["pin"]),
                ("proof.unjudged.trust", means["roots"] is None),
                ("proof.unjudged.record", bundle["evidence"]["record"] is None),
                ("proof.unjudged.time", not times),
                (
                    "proof.unjudged.files",
                    not means["files"] and all(row["bytes"] is None for row in bundle["files"]),
                ),
                ("proof.unjudged.waiting", bundle["waiting"] > 0),
            )
            if is_so
        ],
    }


WORDS = {
    "proof.too-large": "Tệp quá lớn.",
    "proof.not-utf8": "Tệp không phải văn bản UTF-8.",
    "proof.not-json": "Tệp không đúng cú pháp JSON.",
    "proof.not-canonical": "Tệp không ở dạng chuẩn tắc: đã bị ghi lại hoặc sửa.",
    "proof.shape": "Thiếu, thừa hoặc sai kiểu dữ liệu.",
    "proof.pin": "Không có khóa nhật ký đã ghim.",
    "proof.key": "Khóa nhật ký không khớp dấu vân tay hoặc không được khóa trước giới thiệu.",
    "proof.seal": "Niêm phong của tệp không đúng.",
    "proof.part": "Nội dung bị sửa sau khi niêm phong.",
    "proof.material": "Không đọc được chứng thư hoặc danh sách thu hồi kèm theo.",
    "proof.head": "Đầu cây nhật ký không đúng.",
    "proof.consistency": "Hai đầu cây không nối tiếp nhau: lịch sử bị viết lại.",
    "proof.event": "Sự kiện không phải của văn bản này hoặc không đúng dạng.",
    "proof.event.order": "Các sự kiện không nối tiếp nhau.",
    "proof.inclusion": "Sự kiện không nằm trong cây nhật ký.",
    "proof.file": "Tệp văn bản kèm theo không khớp mã băm.",
    "proof.file.foreign": "Tệp này không phải tệp của văn bản.",
    "proof.record.malformed": "Hồ sơ bằng chứng không đúng dạng RFC 4998.",
    "proof.record.coverage": "Hồ sơ bằng chứng không phủ đúng các tệp của văn bản.",
    "proof.record.hashtree": "Cây băm của hồ sơ bằng chứng không đúng.",
    "proof.record.algorithm": "Hồ sơ bằng chứng dùng lẫn thuật toán băm.",
    "proof.record.renewed-late": "Dấu thời gian được gia hạn khi dấu trước đã hết hiệu lực.",
    "proof.record.lapsed": "Dấu thời gian cuối đã hết hiệu lực mà chưa gia hạn.",
    "proof.token.malformed": "Dấu thời gian không đúng dạng RFC 3161.",
    "proof.token.imprint": "Dấu thời gian đóng trên nội dung khác.",
    "proof.token.signature": "Chữ ký của dấu thời gian không đúng.",
    "proof.token.certificate": "Chứng thư của dấu thời gian không dùng được.",
    "proof.token.algorithm": "Dấu thời gian dùng thuật toán không được chấp nhận.",
    "proof.token.untrusted": "Dấu thời gian không dẫn tới chứng thư gốc tin cậy.",
    "proof.token.revoked": "Chứng thư của dấu thời gian đã bị thu hồi.",
    "proof.unjudged.key": "Chưa ghim khóa nhật ký (--key): chưa khẳng định được tệp do đúng hệ thống lập.",
    "proof.unjudged.trust": "Chưa có chứng thư gốc của người kiểm tra (--trust): dùng gốc kèm trong tệp.",
    "proof.unjudged.record": "Chưa có hồ sơ bằng chứng: lập trong đêm sau khi phát hành hoặc tiếp nhận.",
    "proof.unjudged.time": "Chưa có dấu thời gian trên đầu cây nhật ký.",
    "proof.unjudged.files": "Chưa đối chiếu tệp văn bản (--file).",
    "proof.unjudged.waiting": "Còn sự kiện mới chưa vào cây nhật ký.",
}


def load_trust(folder):
    """Self-issued authorities and revocation lists below a folder, PEM or DER."""
    roots, lists = [], []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in {".pem", ".crt", ".cer", ".der", ".crl"} or not path.is_file():
            continue
        data = path.read_bytes()
        pattern = rb"-----BEGIN (CERTIFICATE|X509 CRL)-----.+?-----END \1-----"
        blocks = [match.group() for match in re.finditer(pattern, data, re.DOTALL)] or [data]
        for block in blocks:
            is_pem, is_list = (
                block.startswith(b"-----"),
                b"X509 CRL" in block or path.suffix.lower() == ".crl",
            )
            if is_list:
                lists.append(x509.load_pem_x509_crl(block) if is_pem else x509.load_der_x509_crl(block))
                continue
            item = x509.load_pem_x509_certificate(block) if is_pem else x509.load_der_x509_certificate(block)
            if item.subject == item.issuer and is_authority(item):
                roots.append(item)
    if not roots:
        raise ValueError(f"không có chứng thư gốc trong {folder}")
    return roots, lists


def instant(text):
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("--at thiếu múi giờ")
    return at


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description="Kiểm tra tệp chứng cứ Vanthu, không cần mạng và cơ sở dữ liệu."
    )
    parser.add_argument("proof", type=Path)
    parser.add_argument("--key", default="", help="dấu vân tay khóa nhật ký (SHA-256, hex)")
    parser.add_argument("--trust", type=Path, help="thư mục chứng thư gốc và danh sách thu hồi")
    parser.add_argument("--file", type=Path, action="append", default=[], help="tệp gốc để đối chiếu")
    parser.add_argument("--at", help="thời điểm kiểm tra, ISO 8601")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        at = instant(given.at) if given.at else datetime.now(UTC)
        roots, lists = load_trust(given.trust) if given.trust else (None, [])
        files = {str(path): path.read_bytes() for path in given.file}
        data = given.proof.read_bytes()
    except (OSError, ValueError) as error:
        print(f"Chưa kiểm tra: {error}", file=sys.stderr)
        return 2
    means = {"at": at, "pin": given.key.lower(), "roots": roots, "lists": lists, "files": files}
    try:
        found = check(data, means)
    except Wrong as wrong:
        code, path = wrong.args
        found = {"ok": False, "code": code, "path": path}
        print(json.dumps(found) if given.json else f"SAI – {code} tại {path or 'tệp'}: {WORDS[code]}")
        return 1
    when = found["proved_at"].isoformat() if found["proved_at"] else None
    if given.json:
        print(json.dumps({"ok": True, **found, "proved_at": when}, ensure_ascii=False))
        return 0
    print(
        f"ĐÚNG – văn bản {found['number'] or '(chưa có số)'}: {found['events']} sự kiện, cây {found['size']} lá."
    )
    print(f"Có trước: {when or 'chưa xác định'}")
    for code in found["unjudged"]:
        print(f"Lưu ý: {WORDS[code]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
