"""Thousands of mutants of signed files: none stops the program, none is called sound without being so."""

import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.signing.conftest import CHECKED_AT, Letter, Pki
from tests.signing.hostile import attacks, mended, shadows, untidy
from tests.signing.hostile.batch import judge_all
from tests.signing.hostile.material import NOW, Table, base_objects, first, seal, signed_letter
from tests.signing.hostile.mutation import Original, broken_promise, mutant_of
from vanthu.signing.rules.verdicts import SOUND, FileVerdict
from vanthu.signing.validation import verify_isolated

FULL = os.environ.get("VANTHU_TEST_SOAK") == "full"
MUTANTS = 20_000 if FULL else 2_000
PARTS = 10
SEED = os.environ.get("VANTHU_FUZZ_SEED", "chu-ky")
BATCH = 25
LATER = NOW + timedelta(hours=1)
GROWTH_MB = 60


@pytest.fixture(scope="session")
def originals(letter: Letter) -> list[Original]:
    store = untidy.with_store(signed_letter(), b"<</Certs[21 0 R]>>")
    made = {
        "letter": signed_letter(),
        "xref-stream": seal(first(base_objects(), Table("stream"))),
        "packed": seal(first(base_objects(), Table("packed"))),
        "hybrid": untidy.hybrid(),
        "certified": shadows.certified(2),
        "form": shadows.form_letter(),
        "twice": untidy.with_second_field(store),
        "direct": untidy.direct(),
        "mended": mended.references_astray(),
    }
    own = {"personal": letter.personal, "issued": letter.issued}
    return [Original.of(name, data) for name, data in made.items()] + [
        Original.of(name, data, trusted=True) for name, data in own.items()
    ]


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def in_batches(originals: list[Original], part: int) -> Iterator[list[tuple[int, Original, str, bytes]]]:
    """Mutants of one part, sorted by what they are judged with."""
    mutants = [(index, *mutant_of(originals, index, SEED)) for index in range(part, MUTANTS, PARTS)]
    for trusted in (False, True):
        some = [mutant for mutant in mutants if mutant[1].trusted is trusted]
        yield from (some[start : start + BATCH] for start in range(0, len(some), BATCH))


@pytest.mark.soak
@pytest.mark.timeout(3600 if FULL else 300)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_mutant_crashes_hangs_or_is_falsely_sound(
    pki: Pki, originals: list[Original], part: int, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts: Counter[str] = Counter()
    before, began, slowest = resident_mb(), time.monotonic(), 0.0
    for batch in in_batches(originals, part):
        trust, at = (pki.trust, CHECKED_AT) if batch[0][1].trusted else (None, LATER)
        start = time.monotonic()
        found = judge_all([mutant[-1] for mutant in batch], trust, at)
        slowest = max(slowest, time.monotonic() - start)
        verdicts.update(str(verdict.verdict) for verdict in found)
        for mutant, verdict in zip(batch, found, strict=True):
            require_honest(*mutant, verdict)
    grown = resident_mb() - before
    assert grown < GROWTH_MB, f"{grown:.0f} MB more than before"
    if FULL:
        with capsys.disabled():
            count, seconds = sum(verdicts.values()), time.monotonic() - began
            told = f"fuzz {part}: {count} in {seconds:.0f} s, slowest {BATCH} {slowest:.1f} s, {dict(verdicts)}\n"
            sys.stdout.write(told)


def require_honest(index: int, original: Original, how: str, data: bytes, found: FileVerdict) -> None:
    """Nothing has stopped the child, and who is called sound is."""
    told = f"mutant {index} of {original.name} by {how}: {found.verdict} {found.reasons}"
    assert not {"file.crashed", "file.timed-out"} & set(found.reasons), told
    if found.verdict in SOUND:
        assert not broken_promise(original, data), f"{told}: {broken_promise(original, data)}"


def test_the_originals_are_sound(pki: Pki, originals: list[Original]) -> None:
    for original in originals:
        trust, at = (pki.trust, CHECKED_AT) if original.trusted else (None, LATER)
        found = verify_isolated(original.data, trust=trust, at=at)
        assert found.verdict in SOUND, (original.name, found.to_json())


def test_the_oracle_knows_a_changed_document_from_an_unchanged_one(originals: list[Original]) -> None:
    original = originals[0]
    honest = untidy.with_store(original.data, b"<</Certs[21 0 R]>>")
    assert broken_promise(original, honest) == ""
    assert broken_promise(original, attacks.increment(original.data, {4: untidy.OTHER_TEXT}))
    assert broken_promise(original, original.data[:-40])
    assert broken_promise(original, original.data + b"\n") == ""
