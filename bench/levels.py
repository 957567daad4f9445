"""Levels: what a signature costs with ever more proof in it, as multiples of a plain B-B signature in the same run.

B-B and B-T are made at the desk, the rest by a worker; so the first two lines are what a person waits for.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import _signing
from _signing import CHECKED_AT, PERSON_BOX


def tasks() -> dict[str, Callable[[], bytes]]:
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    from vanthu.signing.backends.levels import raise_level, renew
    from vanthu.signing.backends.pkcs12 import Pkcs12Backend
    from vanthu.signing.backends.timestamps import LocalTimestampAuthority
    from vanthu.signing.rules.levels import Level
    from vanthu.signing.trust.store import TrustStore
    from vanthu.signing.validation import verify_pdf

    people, letters = _signing.people_and_letters()
    trust = TrustStore(people.roots, people.intermediates, people.crls, people.roots)
    key: Any = load_der_private_key(people.stamp_key, None)
    stamps = LocalTimestampAuthority(people.stamp_certificate, key, chain=people.intermediates)
    backend = Pkcs12Backend(people.person, people.passphrase, timestamps=stamps)
    issued, bare = letters.signed["two with time stamps"], letters.signed["two signatures"]
    archived = letters.signed["two at level B-LTA"]

    def sign(*, stamped: bool) -> bytes:
        return backend.sign(
            letters.draft, _signing.request("NguoiKy_1", PERSON_BOX, letters.picture, stamped=stamped)
        )

    def raised(pdf: bytes, level: Level) -> bytes:
        return raise_level(pdf, target=level, trust=trust, timestamps=stamps, now=CHECKED_AT).pdf

    def check(pdf: bytes) -> bytes:
        verdict = verify_pdf(pdf, trust=trust, at=CHECKED_AT)
        assert verdict.verdict == "VALID", verdict
        return pdf

    return {
        "B-B, one signature": lambda: sign(stamped=False),
        "B-T, one signature": lambda: sign(stamped=True),
        "B-LT of an issued file": lambda: raised(issued, Level.B_LT),
        "B-LTA of an issued file": lambda: raised(issued, Level.B_LTA),
        "a missing stamp caught up": lambda: raised(bare, Level.B_LT),
        "renewal of a B-LTA file": lambda: (
            renew(archived, trust=trust, timestamps=stamps, now=CHECKED_AT).pdf
        ),
        "verification of a B-T file": lambda: check(issued),
        "verification of a B-LTA file": lambda: check(archived),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    todo = tasks()
    seconds: dict[str, list[float]] = {name: [] for name in todo}
    sizes: dict[str, int] = {}
    for turn in range(rounds + 2):
        for name, task in todo.items():
            begun = time.process_time()
            sizes[name] = len(task())
            if turn >= 2:  # the first rounds warm up
                seconds[name].append(time.process_time() - begun)
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    base = medians["B-B, one signature"]
    results = [
        {
            "task": name,
            "ms": round(value * 1000, 1),
            "times_b_b": round(value / base, 1),
            "bytes": sizes[name],
        }
        for name, value in medians.items()
    ]
    for row in results:
        print(f"{row['task']:<32}{row['ms']:>9} ms{row['times_b_b']:>8} × B-B{row['bytes']:>10} bytes")
    print(json.dumps({"benchmark": "levels", "rounds": rounds, "results": results}))


if __name__ == "__main__":
    main()
