"""Find the version of a document that somebody signed, to show it beside the present one.

The signed version is the beginning of the file up to the end of the signature's byte range.
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from typing import Final

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader

from vanthu.foundation import sandbox
from vanthu.signing.rules.verdicts import FileVerdict
from vanthu.signing.validation.embedded import PdfSignature
from vanthu.signing.validation.fields import open_pdf, signature_fields

_SECONDS: Final = 20.0
_MEMORY_MB: Final = 1024
_CHANGED: Final = frozenset({"annotations", "other"})


def signed_ends_job(data: bytes) -> dict[str, int]:
    """Where the signed bytes of each field end; runs in a child process."""
    reader = open_pdf(data)
    if reader.encrypted:
        reader.decrypt("")
    ends = {str(name): _end(reader, name, field) for name, field in signature_fields(reader)}
    return {name: end for name, end in ends.items() if 0 < end <= len(data)}


def _end(reader: PdfFileReader, name: str, field: DictionaryObject) -> int:
    try:
        return PdfSignature(reader, field, name).end
    except Exception:  # a broken signature has signed no version
        return 0


def end_of_signed_version(data: bytes, verdict: FileVerdict) -> int | None:
    """How many bytes the earliest signed version has after which the file was changed; None: there is none."""
    changed = {finding.field for finding in verdict.signatures if finding.modification in _CHANGED}
    if not changed:
        return None
    path = f"{__name__}:signed_ends_job"
    try:
        ends = sandbox.run(path, {"data": data}, seconds=_SECONDS, memory_mb=_MEMORY_MB)
    except sandbox.SandboxError:
        return None
    return min((end for name, end in ends.items() if name in changed and end < len(data)), default=None)
