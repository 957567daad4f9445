"""The CMS that we write ourselves: byte for byte what pyHanko writes, and what others can read."""

import asyncio
import hashlib
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from ssl import DER_cert_to_PEM_cert

import pytest
from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509 import CertificateBuilder, Name, NameAttribute
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_cms import ExternalSigner, Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.signing.conftest import SIGNED_AT, Letter, Pki, agency_request, personal_request
from vanthu.signing.backends import SigningFailed
from vanthu.signing.backends.cms import assemble, integer, oid, signed_attributes, tlv
from vanthu.signing.backends.pades import embed, lay_out
from vanthu.signing.backends.timestamps import LocalTimestampAuthority
from vanthu.signing.backends.tokens import make_token

DIGEST = hashlib.sha256(b"van ban").digest()


def pyhanko_signer(pki: Pki, signature: bytes) -> Signer:
    registry = SimpleCertificateStore()
    registry.register_multiple([x509.Certificate.load(item) for item in pki.authority.chain])
    return ExternalSigner(x509.Certificate.load(pki.person.certificate), registry, signature)


@pytest.fixture(scope="module")
def key(pki: Pki) -> RSAPrivateKey:
    private, _, _ = pkcs12.load_key_and_certificates(pki.person.data, pki.person.passphrase.encode())
    assert isinstance(private, RSAPrivateKey)
    return private


def token_over(pki: Pki, signature: bytes) -> bytes:
    certificate, private = pki.authority.tsa_pair()
    return make_token(
        hashlib.sha256(signature).digest(),
        SIGNED_AT,
        policy="2.25.1",
        certificate=certificate,
        chain=pki.authority.chain[:1],
        sign=lambda data: private.sign(data, padding.PKCS1v15(), SHA256()),
    )


def elements(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """Tag, whole encoding and content of each value in a row, lengths in their shortest form."""
    found = []
    while data:
        start, size = 2, data[1]
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(data[2:start], "big")
            assert size >= 0x80
            assert data[2] != 0
        assert start + size <= len(data)
        found.append((data[0], data[: start + size], data[start : start + size]))
        data = data[start + size :]
    return found


def is_strict(data: bytes) -> bool:
    """Whether everything is DER: definite shortest lengths, members of a SET in order."""
    for tag, _, content in elements(data):
        if tag & 0x20:
            members = [whole for _, whole, _ in elements(content)]
            if (tag == 0x31 and members != sorted(members)) or not is_strict(content):
                return False
    return True


def test_it_is_byte_for_byte_what_pyhanko_writes(pki: Pki, key: RSAPrivateKey) -> None:
    attributes = signed_attributes(DIGEST, pki.person.certificate)
    signature = key.sign(attributes, padding.PKCS1v15(), SHA256())
    signer = pyhanko_signer(pki, signature)
    theirs = asyncio.run(signer.async_sign(DIGEST, "sha256", use_pades=True))
    ours = assemble(attributes, signature, certificate=pki.person.certificate, chain=pki.authority.chain)
    assert ours == theirs.dump()


def test_the_signed_attributes_are_what_pyhanko_would_sign(pki: Pki) -> None:
    theirs = asyncio.run(pyhanko_signer(pki, b"").signed_attrs(DIGEST, "sha256", use_pades=True))
    assert signed_attributes(DIGEST, pki.person.certificate) == theirs.dump()


def test_a_stamped_container_is_strict_der(pki: Pki) -> None:
    attributes = signed_attributes(DIGEST, pki.person.certificate)
    token = token_over(pki, b"\x01" * 256)
    ours = assemble(
        attributes, b"\x01" * 256, certificate=pki.person.certificate, chain=pki.authority.chain, token=token
    )
    parsed = cms.ContentInfo.load(ours, strict=True)
    signer_info = parsed["content"]["signer_infos"][0]
    assert is_strict(ours)
    assert signer_info["unsigned_attrs"][0]["values"][0].dump() == token
    assert len(parsed["content"]["certificates"]) == 3


def test_the_signers_certificate_goes_along_once(pki: Pki, letter: Letter) -> None:
    signed = PdfFileReader(BytesIO(letter.personal)).embedded_signatures[0].signed_data
    certificates = [item.dump() for item in signed["certificates"]]
    assert certificates.count(pki.person.certificate) == 1


def test_a_token_is_what_it_says(pki: Pki) -> None:
    parsed = cms.ContentInfo.load(token_over(pki, b"chu ky"), strict=True)
    info = parsed["content"]["encap_content_info"]["content"].parsed
    assert isinstance(info, tsp.TSTInfo)
    assert info["gen_time"].native == SIGNED_AT
    assert info["message_imprint"]["hashed_message"].native == hashlib.sha256(b"chu ky").digest()
    assert is_strict(parsed.dump())
    assert is_strict(info.dump())


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_a_token_names_the_algorithm_of_what_it_stamps(pki: Pki, name: str) -> None:
    certificate, private = pki.authority.tsa_pair()
    token = LocalTimestampAuthority(certificate, private, chain=pki.authority.chain).token(
        hashlib.new(name, b"ho so").digest(), SIGNED_AT
    )
    imprint = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed[
        "message_imprint"
    ]
    assert imprint["hash_algorithm"].dump() == algos.DigestAlgorithm({"algorithm": name}).dump()
    assert imprint["hash_algorithm"]["algorithm"].native == name


def test_openssl_verifies_signature_and_token(pki: Pki, letter: Letter, tmp_path: Path) -> None:
    embedded = PdfFileReader(BytesIO(letter.personal)).embedded_signatures[0]
    start, length, after, rest = embedded.byte_range
    (tmp_path / "covered").write_bytes(
        letter.personal[start : start + length] + letter.personal[after : after + rest]
    )
    (tmp_path / "cms").write_bytes(cms.ContentInfo.load(embedded.pkcs7_content).dump())
    pem = "".join(DER_cert_to_PEM_cert(item) for item in pki.authority.chain)
    (tmp_path / "chain").write_text(pem, encoding="ascii")
    moment = str(int((SIGNED_AT + timedelta(minutes=1)).timestamp()))
    _openssl(
        *("cms", "-verify", "-cades", "-inform", "DER", "-in", tmp_path / "cms", "-binary"),
        *("-content", tmp_path / "covered", "-CAfile", tmp_path / "chain", "-attime", moment),
        *("-purpose", "any", "-out", tmp_path / "out"),
    )
    value = embedded.signer_info["signature"].native
    (tmp_path / "token").write_bytes(embedded.signer_info["unsigned_attrs"][0]["values"][0].dump())
    (tmp_path / "value").write_bytes(value)
    _openssl(
        *("ts", "-verify", "-token_in", "-in", tmp_path / "token", "-data", tmp_path / "value"),
        *("-CAfile", tmp_path / "chain", "-attime", moment),
    )


def _openssl(*arguments: object) -> None:
    ended = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_a_signature_larger_than_its_place_is_not_embedded(pki: Pki, letter: Letter) -> None:
    laid_out = lay_out(letter.draft, personal_request(), certificate=pki.person.certificate)
    room = (laid_out.region[1] - laid_out.region[0] - 2) // 2
    full = embed(laid_out.pdf, laid_out.region, bytes(room))
    assert full == laid_out.pdf
    with pytest.raises(SigningFailed, match=r"signing\.file\.cannot-sign"):
        embed(laid_out.pdf, laid_out.region, bytes(room + 1))


def test_what_is_laid_out_is_digested_around_its_place(pki: Pki, letter: Letter) -> None:
    laid_out = lay_out(letter.filled, agency_request(), certificate=pki.agency.certificate)
    start, end = laid_out.region
    assert laid_out.pdf[start : start + 2] == b"<0"
    assert laid_out.pdf[end - 2 : end] == b"0>"
    assert laid_out.digest == hashlib.sha256(laid_out.pdf[:start] + laid_out.pdf[end:]).digest()


def test_signing_leaves_the_documents_metadata_alone(letter: Letter) -> None:
    before, after = (PdfFileReader(BytesIO(data)) for data in (letter.draft, letter.issued))
    assert before.root.raw_get("/Metadata").reference == after.root.raw_get("/Metadata").reference
    assert after.xrefs.get_last_change(after.root.raw_get("/Metadata").reference) == 0
    assert after.xrefs.get_last_change(after.trailer.raw_get("/Info").reference) == 0


@pytest.mark.parametrize("value", [0, 1, 127, 128, 255, 256, 2**63 - 1, 2**63, 2**159 + 5], ids=hex)
def test_integers_are_written_as_der_wants(value: int) -> None:
    assert integer(value) == core.Integer(value).dump()


@pytest.mark.parametrize("dotted", ["1.2.840.113549.1.7.2", "2.25.204136872513460397241570998126483052120"])
def test_object_identifiers_are_written_as_der_wants(dotted: str) -> None:
    assert oid(dotted) == core.ObjectIdentifier(dotted).dump()


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65535, 65536])
def test_lengths_are_the_shortest(size: int) -> None:
    assert tlv(0x04, bytes(size)) == core.OctetString(bytes(size)).dump()


def test_a_certificate_for_another_kind_of_key_is_refused(pki: Pki) -> None:
    name = Name([NameAttribute(NameOID.COMMON_NAME, "Ed25519")])
    private = Ed25519PrivateKey.generate()
    builder = CertificateBuilder(
        name, name, private.public_key(), 1, SIGNED_AT, SIGNED_AT + timedelta(days=1)
    )
    other = builder.sign(private, None).public_bytes(Encoding.DER)
    for certificate in (other, b"khong phai chung thu"):
        with pytest.raises(SigningFailed, match=r"signing\.key\.unsuitable"):
            signed_attributes(DIGEST, certificate)
