"""Verification of signed letters, per core, against pyHanko's validate_pdf_signature and raw OpenSSL RSA-2048.

Both sides judge every signature of a file with difference analysis, without the network, by the same roots and
revocation lists. Ours, in a warm child process, also looks at what pyHanko does not: covered text, bytes after the
end, who has signed. What the child with its limits costs is measured apart, as time on the clock.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import asdict
from io import BytesIO
from typing import Any

import _signing
from _signing import CHECKED_AT, Letters, People, Row, Side, Tasks

GOAL, ISOLATION_GOAL_MS = 4.0, 10.0
JUDGED = ("two signatures", "two with time stamps")


def ours(people: People, letters: Letters) -> Tasks:
    import gc

    from vanthu.signing.validation import verify_pdf_job

    def verify(data: bytes) -> dict[str, Any]:
        try:
            found = verify_pdf_job(data=data, trust=_trust(people), at=CHECKED_AT)
        finally:
            gc.enable()  # the job is made for a process that lives for one file; this one lives on
        if found["verdict"] not in {"VALID", "VALID_NO_TSA"}:
            raise AssertionError(found["verdict"])
        return found

    return {name: lambda data=data: verify(data) for name, data in letters.signed.items()}


def stock(people: People, letters: Letters) -> Tasks:
    """As pyHanko's documentation validates; the context is made anew for each file, as its history needs it."""
    from asn1crypto import crl, x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko_certvalidator import ValidationContext

    def verify(data: bytes) -> None:
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(item) for item in people.roots],
            other_certs=[x509.Certificate.load(item) for item in people.intermediates],
            crls=[crl.CertificateList.load(item) for item in people.crls],
            moment=CHECKED_AT,
            allow_fetching=False,
        )
        for signature in PdfFileReader(BytesIO(data), strict=False).embedded_signatures:
            if signature.sig_object_type == "/DocTimeStamp":
                status = validate_pdf_timestamp(signature, context)
            else:
                status = validate_pdf_signature(signature, context)
            if not (status.intact and status.valid and status.trusted):
                raise AssertionError(signature.field_name)

    return {name: lambda data=data: verify(data) for name, data in letters.signed.items()}


def raw(people: People) -> Tasks:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import pkcs12

    key, _, _ = pkcs12.load_key_and_certificates(people.person, people.passphrase.encode())
    public, value = key.public_key(), key.sign(b"digest", PKCS1v15(), SHA256())
    return {"rsa": lambda: [public.verify(value, b"digest", PKCS1v15(), SHA256()) for _ in range(100)]}


def _trust(people: People) -> Any:
    from vanthu.signing.trust.store import TrustStore

    return TrustStore(people.roots, people.intermediates, people.crls, people.roots)


def isolation_ms(people: People, data: bytes, rounds: int) -> tuple[float, float, float]:
    """What one file costs in a child of its own and in a warm process (CPU), and the difference on the clock.

    The clock's is the least of many rounds: what the machine does beside is not the child's.
    """
    from vanthu.foundation import sandbox
    from vanthu.signing.validation import verify_pdf

    arguments = {"data": data, "trust": _trust(people), "at": CHECKED_AT}
    alone, isolated, clock = [], [], ([], [])
    for number in range(rounds + 3):
        started, processor = time.perf_counter(), time.process_time()
        verify_pdf(**arguments)
        middle, between = time.perf_counter(), time.process_time()
        answer = sandbox.run("_isolated:job", arguments, seconds=20, memory_mb=1024)
        if number >= 3:
            alone.append(between - processor)
            isolated.append(time.process_time() - between + answer["seconds"])
            clock[0].append(middle - started)
            clock[1].append(time.perf_counter() - middle)
    difference = min(clock[1]) - min(clock[0])
    return statistics.median(isolated) * 1000, statistics.median(alone) * 1000, difference * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    people, letters = _signing.people_and_letters()
    rows = _rows(people, letters, options.rounds)
    isolated, alone, clock = isolation_ms(people, letters.signed[JUDGED[0]], options.rounds)
    print(
        f"Verifying letters, per core (goal: two signatures ≥ {GOAL:.0f} × pyHanko with difference analysis)"
    )
    print(_signing.table(rows))
    print(
        f"a child process with limits adds {isolated - alone:.1f} ms a file "
        f"({isolated:.1f} instead of {alone:.1f} on one core; {clock:.1f} by the clock; "
        f"goal ≤ {ISOLATION_GOAL_MS:.0f})"
    )
    result = {"benchmark": "verify", "goal": GOAL, "isolation_ms": round(isolated - alone, 1)}
    print(json.dumps(result | {"results": [asdict(row) for row in rows]}))


def _rows(people: People, letters: Letters, rounds: int) -> list[Row]:
    running = {
        "ours": Side("verify", "ours", people, letters),
        "stock": Side("verify", "stock", people, letters),
        "raw": Side("verify", "raw", people),
    }
    with _signing.sides(**running):
        return [
            _signing.in_turn(
                task, rounds if task in JUDGED else max(4, rounds // 4), operations=1 / 100, **running
            )
            for task in letters.signed
        ]


if __name__ == "__main__":
    main()
