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
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import _signing
from _signing import CHECKED_AT, Letters, People, Row, Side, Tasks

GOAL, ISOLATION_GOAL_MS = 4.0, 10.0
JUDGED = ("two signatures", "two with time stamps")


def ours(people: People, letters: Letters) -> Tasks:
    from vanthu.signing.validation import verify_pdf_job

    def verify(data: bytes) -> dict[str, Any]:
        found = verify_pdf_job(data=data, trust=_trust(people, people.crls), at=CHECKED_AT)
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


def _trust(people: People, crls: tuple[bytes, ...]) -> Any:
    from vanthu.signing.trust.store import TrustStore

    return TrustStore(people.roots, people.intermediates, crls, people.roots)


@dataclass(frozen=True)
class Isolation:
    """What one file costs in a child of its own and in a warm process, in CPU milliseconds."""

    isolated: float
    alone: float
    fork: float
    """What the waiting process spends on a child; not in `isolated`."""
    clock: float
    """The difference on the clock, the least of many rounds: what the machine does beside is not the child's."""

    @property
    def added(self) -> float:
        return self.isolated - self.alone


def isolation(trust: Any, data: bytes, rounds: int, *, held: bool = True) -> Isolation:
    """Measure both in turn; `held`: the waiting process has the store, else each file brings it along."""
    from vanthu.foundation import sandbox
    from vanthu.signing.validation import verify_pdf

    arguments = {"data": data, "trust": trust, "at": CHECKED_AT}
    shared = ("trust",) if held else ()
    alone, isolated, clock = [], [], ([], [])
    waiting = 0.0
    for number in range(rounds + 3):
        if number == 3:
            waiting = _waiting_seconds()
        started, processor = time.perf_counter(), time.process_time()
        verify_pdf(**arguments)
        middle, between = time.perf_counter(), time.process_time()
        answer = sandbox.run("_isolated:job", arguments, seconds=20, memory_mb=1024, held=shared)
        if number >= 3:
            alone.append(between - processor)
            isolated.append(time.process_time() - between + answer["seconds"])
            clock[0].append(middle - started)
            clock[1].append(time.perf_counter() - middle)
    fork = (_waiting_seconds() - waiting) / rounds
    difference = min(clock[1]) - min(clock[0])
    medians = (statistics.median(isolated), statistics.median(alone))
    return Isolation(*(round(value * 1000, 1) for value in (*medians, fork, difference)))


def _waiting_seconds() -> float:
    """The CPU time of the waiting process and its branches."""
    from vanthu.foundation import sandbox

    assert sandbox._zygote.process is not None
    first = sandbox._zygote.process.pid
    branches = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split()
    return sum(_nanoseconds(number) for number in (str(first), *branches)) / 1e9


def _nanoseconds(process: str) -> int:
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0  # a child that has just been ended


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    people, letters = _signing.people_and_letters()
    rows = _rows(people, letters, options.rounds)
    letter = letters.signed[JUDGED[0]]
    short, long = _trust(people, people.crls), _trust(people, people.long_crls)
    usual, listed = (isolation(trust, letter, options.rounds) for trust in (short, long))
    brought = isolation(long, letter, max(4, options.rounds // 4), held=False)
    print(
        f"Verifying letters, per core (goal: two signatures ≥ {GOAL:.0f} × pyHanko with difference analysis)"
    )
    print(_signing.table(rows))
    print(
        f"a child process with limits adds {usual.added:.1f} ms a file "
        f"({usual.isolated:.1f} instead of {usual.alone:.1f} on one core; {usual.fork:.1f} more in the process that "
        f"forks; {usual.clock:.1f} by the clock; goal ≤ {ISOLATION_GOAL_MS:.0f})"
    )
    print(
        f"with a revocation list of {len(people.long_crls[-1]) / 1e6:.1f} MB: {listed.added:.1f} ms "
        f"({listed.isolated:.1f} instead of {listed.alone:.1f}); {brought.added:.1f} ms if each file brought it along"
    )
    isolations = {"isolation": asdict(usual), "long_list": asdict(listed), "brought_along": asdict(brought)}
    result = {"benchmark": "verify", "goal": GOAL, "isolation_ms": round(usual.added, 1)} | isolations
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
