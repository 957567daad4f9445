"""Signing: a PAdES signature at level B-B, per core, against pyHanko's SimpleSigner and raw OpenSSL RSA-2048.

Both sides put the same visible signature of the same PKCS#12 key into the same letter.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from io import BytesIO
from typing import Any

import _signing
from _signing import PERSON_BOX, SIGNED_AT, Letters, People, Side, Tasks

GOAL = 15.0
VISIBLE, INVISIBLE, STAMPED, LARGE = "B-B", "B-B, invisible", "B-T, local authority", "B-B over 10 MB"


def ours(people: People, letters: Letters) -> Tasks:
    from vanthu.signing.backends.pkcs12 import Pkcs12Backend
    from vanthu.signing.backends.timestamps import LocalTimestampAuthority

    stamps = LocalTimestampAuthority(
        people.stamp_certificate, _private_key(people.stamp_key), chain=people.intermediates
    )
    backend = Pkcs12Backend(people.person, people.passphrase, timestamps=stamps)

    def sign(pdf: bytes, picture: bytes | None, stamped: bool = False) -> bytes:
        return backend.sign(pdf, _signing.request("NguoiKy_1", PERSON_BOX, picture, stamped=stamped))

    return {
        VISIBLE: lambda: sign(letters.draft, letters.picture),
        INVISIBLE: lambda: sign(letters.draft, None),
        STAMPED: lambda: sign(letters.draft, letters.picture, True),
        LARGE: lambda: sign(letters.large, letters.picture),
    }


def stock(people: People, letters: Letters) -> Tasks:
    """As pyHanko's documentation signs: one SimpleSigner, kept; everything else by default."""
    from asn1crypto import keys, x509
    from pyhanko.pdf_utils.content import ImportedPdfPage
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
    from pyhanko.stamp import StaticStampStyle

    signer = SimpleSigner.load_pkcs12_data(people.person, (), people.passphrase.encode())
    stamper = DummyTimeStamper(
        x509.Certificate.load(people.stamp_certificate),
        keys.PrivateKeyInfo.load(people.stamp_key),
        fixed_dt=SIGNED_AT,
    )
    metadata = PdfSignatureMetadata(
        field_name="NguoiKy_1",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name="Nguyễn Văn An",
        reason="Ký duyệt",
    )
    picture = _file_of(letters.picture)

    def sign(pdf: bytes, visible: bool, timestamper: Any = None) -> bytes:
        style = StaticStampStyle(background=ImportedPdfPage(picture), border_width=0, background_opacity=1)
        field = SigFieldSpec("NguoiKy_1", on_page=-1, box=PERSON_BOX if visible else None)
        pdf_signer = PdfSigner(
            metadata,
            signer,
            timestamper=timestamper,
            stamp_style=style if visible else None,
            new_field_spec=field,
        )
        return pdf_signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf), strict=False)).getvalue()

    return {
        VISIBLE: lambda: sign(letters.draft, True),
        INVISIBLE: lambda: sign(letters.draft, False),
        STAMPED: lambda: sign(letters.draft, True, stamper),
        LARGE: lambda: sign(letters.large, True),
    }


def raw(people: People) -> Tasks:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import pkcs12

    key, _, _ = pkcs12.load_key_and_certificates(people.person, people.passphrase.encode())
    return {"rsa": lambda: [key.sign(b"digest", PKCS1v15(), SHA256()) for _ in range(10)]}


def _private_key(data: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return load_der_private_key(data, None)


def _file_of(data: bytes) -> str:
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".pdf", delete=False) as file:
        file.write(data)
    return file.name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    people, letters = _signing.people_and_letters()
    running = {
        "ours": Side("sign", "ours", people, letters),
        "stock": Side("sign", "stock", people, letters),
        "raw": Side("sign", "raw", people),
    }
    with _signing.sides(**running):
        rows = [
            _signing.in_turn(task, rounds, operations=1 / 10, **running)
            for task, rounds in (
                (VISIBLE, options.rounds),
                (INVISIBLE, options.rounds),
                (STAMPED, options.rounds),
                (LARGE, max(5, options.rounds // 4)),
            )
        ]
    print(
        f"Signing a letter of {len(letters.draft) // 1000} kB, per core (goal: B-B ≥ {GOAL:.0f} × pyHanko's SimpleSigner)"
    )
    print(_signing.table(rows))
    print(json.dumps({"benchmark": "sign", "goal": GOAL, "results": [asdict(row) for row in rows]}))


if __name__ == "__main__":
    main()
