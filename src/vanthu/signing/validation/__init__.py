"""Check the signatures of a PDF: one verdict a file, never a crash, never the network.

Norm: TT41/2017 Đ.6–8; NĐ30 Đ.21. Needs neither Django nor a database, so that the command line and a
child process start quickly.
"""

import gc
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader

from vanthu.foundation import sandbox
from vanthu.signing.rules.verdicts import FileVerdict, SignatureFinding, Verdict, worst
from vanthu.signing.trust.store import TrustStore, TrustStoreError
from vanthu.signing.validation import acceleration
from vanthu.signing.validation.checks import SeenSignature, covered_revisions, has_bytes_after_end
from vanthu.signing.validation.comparison import entry
from vanthu.signing.validation.content import Subjects, broken
from vanthu.signing.validation.embedded import PdfSignature
from vanthu.signing.validation.fields import open_pdf, signature_fields
from vanthu.signing.validation.foreign import OLD_FORMATS, OldSignature
from vanthu.signing.validation.longterm import proof_by, stamps_first, with_material
from vanthu.signing.validation.repair import HEADER, HEADER_WITHIN, RebuiltReader, rebuilt
from vanthu.signing.validation.signature import Court, judge
from vanthu.signing.waiting import result_of

__all__ = [
    "POLICY",
    "Subjects",
    "TrustStore",
    "TrustStoreError",
    "unreadable",
    "verify_isolated",
    "verify_pdf",
    "verify_pdf_job",
    "warm_up",
]

POLICY: Final = "vanthu-1"
"""Name of these rules; a stored verdict says by which rules it was reached."""

_COLLECTIONS: Final = (100_000, 20, 20)
"""Seldom: a process that ends with its file frees all at once; but its memory is limited, so not never."""

acceleration.install()
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs ordinary outcomes with tracebacks
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def verify_pdf(
    data: bytes,
    *,
    trust: TrustStore | None,
    at: datetime,
    expected_subjects: Subjects | None = None,
    name: str = "",
) -> FileVerdict:
    """Judge every signature of a file, in this process; use `verify_isolated` for foreign files.

    Without a trust store the chain is not judged and a sound signature is INTACT. `expected_subjects`
    says per kind ("personal", "agency") which identifiers (`PREFIX:value`) may have signed; only then
    can a signature be WRONG_SUBJECT (D21).
    """
    court = Court(trust, at, expected_subjects)
    verdict = _verdict(data, court, name)
    start = data.find(HEADER, 0, HEADER_WITHIN)
    if start <= 0 or _holds(verdict.signatures):
        return verdict
    shifted = _verdict(data[start:], court, name)
    return _preceded(shifted, data) if _holds(shifted.signatures) else verdict


def _verdict(data: bytes, court: Court, name: str) -> FileVerdict:
    at = court.at
    try:
        reader = _open(data)
        if reader.encrypted and not _opens_without_password(reader):
            return unreadable(data, "file.encrypted", at=at, name=name)
        fields = signature_fields(reader)
    except Exception:  # parsers raise anything on hostile input (signing.md §3)
        return unreadable(data, "file.not-a-pdf", at=at, name=name)
    judged = result_of(lambda: _judge_all(reader, fields, court))
    findings = _with_own_checks(data, reader, judged)
    if isinstance(reader, RebuiltReader):
        if not _holds(findings):
            # It might be our mending that is wrong, and not the signature.
            return unreadable(data, "file.not-a-pdf", at=at, name=name)
        findings = [_as_rebuilt(finding) for finding in findings]
    return FileVerdict(
        file=name,
        sha256=hashlib.sha256(data).hexdigest(),
        verdict=worst(finding.verdict for finding in findings),
        signatures=tuple(findings),
        reasons=tuple(dict.fromkeys(reason for finding in findings for reason in finding.reasons)),
        checked_at=at,
        policy=POLICY,
    )


def _open(data: bytes) -> PdfFileReader:
    """Read a file as it says it is to be read; where that fails, by its objects."""
    try:
        reader = open_pdf(data)
        if not reader.encrypted:
            signature_fields(reader)
    except Exception:  # parsers raise anything on hostile input (signing.md §3)
        return rebuilt(data)
    return reader


def _holds(findings: Iterable[SignatureFinding]) -> bool:
    return any(finding.integrity for finding in findings)


def _as_rebuilt(finding: SignatureFinding) -> SignatureFinding:
    """Viewers mend a broken file in different ways: only who has signed all of it answers for what they show."""
    if finding.coverage == "ENTIRE_FILE":
        return replace(finding, reasons=(*finding.reasons, "file.rebuilt"))
    return _modified(finding, "file.rebuilt")


def _preceded(verdict: FileVerdict, data: bytes) -> FileVerdict:
    """The signatures hold for the file without what stands before it: nobody has signed that."""
    reason = "coverage.bytes-before-start"
    findings = tuple(_modified(finding, reason) for finding in verdict.signatures)
    return replace(
        verdict,
        sha256=hashlib.sha256(data).hexdigest(),
        verdict=worst((verdict.verdict, Verdict.MODIFIED_AFTER)),
        signatures=findings,
        reasons=(*verdict.reasons, reason),
    )


def unreadable(data: bytes, reason: str, *, at: datetime, name: str) -> FileVerdict:
    """The verdict on a file that can't be read at all."""
    digest = hashlib.sha256(data).hexdigest()
    return FileVerdict(name, digest, Verdict.UNREADABLE, (), (reason,), at, POLICY)


def verify_pdf_job(**arguments: Any) -> dict[str, Any]:
    """Run `verify_pdf` in a child process; what crosses the border is plain data."""
    gc.set_threshold(*_COLLECTIONS)
    return verify_pdf(**arguments).to_record()


def warm_up(trust: TrustStore | None = None) -> None:
    """Judge a letter of our own before the first foreign one: a child process begins with filled caches.

    With a store, read that one's certificates and lists, which may be megabytes.
    """
    # Here, for only a process that waits for work needs what signs.
    from vanthu.signing.validation.warming import read_common_words, read_through, sample

    if trust is not None:
        read_through(trust)
        return
    read_common_words()
    pdf, trust, at = sample()
    for _ in range(3):
        verify_pdf(pdf, trust=trust, at=at)


def verify_isolated(
    data: bytes,
    *,
    trust: TrustStore | None,
    at: datetime,
    expected_subjects: Subjects | None = None,
    name: str = "",
    seconds: float = 20,
    memory_mb: int = 1024,
) -> FileVerdict:
    """Judge a foreign file in a child process with limits; what kills the child is UNREADABLE."""
    arguments = {"data": data, "trust": trust, "at": at, "expected_subjects": expected_subjects, "name": name}
    try:
        answer = sandbox.run(
            "vanthu.signing.validation:verify_pdf_job",
            arguments,
            seconds=seconds,
            memory_mb=memory_mb,
            held=("trust",),
        )
    except sandbox.TimedOut:
        return unreadable(data, "file.timed-out", at=at, name=name)
    except sandbox.Crashed:
        return unreadable(data, "file.crashed", at=at, name=name)
    return FileVerdict.from_json(answer)


_Judged = tuple[SignatureFinding, SeenSignature | None]


async def _judge_all(reader: PdfFileReader, fields: Iterable[tuple[str, Any]], court: Court) -> list[_Judged]:
    """Judge document time stamps first, the newest before the older: what they prove decides about the rest."""
    if court.trust is not None:
        court = replace(court, trust=with_material(court.trust, reader))
    judged: list[_Judged] = []
    for field_name, field, is_stamp in stamps_first(fields):
        # str(): the reader's own text objects are strings too, but no plain data for a child to hand over.
        finding, place = await _judge_field(reader, str(field_name), field, court)
        judged.append((finding, place))
        if is_stamp and place is not None:
            court = replace(court, proofs=(*court.proofs, *proof_by(finding, place.end)))
    return judged


def _opens_without_password(reader: PdfFileReader) -> bool:
    """Many files are encrypted for show: anybody may read them, so we do."""
    try:
        return bool(reader.decrypt("").status is not AuthStatus.FAILED)
    except Exception:  # another kind of encryption, or a broken one
        return False


async def _judge_field(reader: PdfFileReader, field_name: str, field: Any, court: Court) -> _Judged:
    """Judge one signature behind its own boundary: a broken one must not hide the others."""
    try:
        kind = OldSignature if entry(field["/V"], "/SubFilter") in OLD_FORMATS else PdfSignature
        signature = kind(reader, field, field_name)
        return await judge(signature, court), _seen(signature)
    except Exception:  # as above
        return broken(field_name, Verdict.INVALID_INTEGRITY, "integrity.malformed"), None


def _seen(signature: PdfSignature) -> SeenSignature:
    value = signature.sig_field.raw_get("/V").reference
    return SeenSignature(signature.signed_revision, (value.idnum, value.generation), signature.end)


def _with_own_checks(data: bytes, reader: PdfFileReader, judged: Iterable[_Judged]) -> list[SignatureFinding]:
    pairs = sorted(judged, key=lambda pair: pair[1].revision if pair[1] else -1)
    seen = [place for _, place in pairs if place is not None]
    late_bytes = bool(seen) and has_bytes_after_end(data, seen)
    hidden = _hidden_revisions(data, reader, seen)
    findings = []
    for finding, place in pairs:
        judged_finding = finding
        if late_bytes:
            judged_finding = _modified(judged_finding, "coverage.bytes-after-end")
        if place is not None and place.revision in hidden:
            judged_finding = _modified(judged_finding, "modification.covers-text")
        findings.append(judged_finding)
    return findings


def _hidden_revisions(data: bytes, reader: PdfFileReader, seen: list[SeenSignature]) -> set[int]:
    try:
        return covered_revisions(data, reader, seen)
    except Exception:  # a page tree that can't be walked shows nothing we could vouch for
        return {place.revision for place in seen[:-1]}


def _modified(finding: SignatureFinding, reason: str) -> SignatureFinding:
    return replace(
        finding,
        modification="other",
        verdict=worst((finding.verdict, Verdict.MODIFIED_AFTER)),
        reasons=(*finding.reasons, reason),
    )
