"""What may be uploaded or received: files that are what they say, and nothing that is marked secret."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from vanthu.kernel.errors import Violation

MAX_FILE_BYTES = 50 * 1024 * 1024
HEAD_BYTES = 8192
"""How much of a file `sniff` needs to see."""


class MediaType(StrEnum):
    """Kinds of file that the first bytes can tell apart."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ZIP = "application/zip"
    PNG = "image/png"
    JPEG = "image/jpeg"
    XML = "application/xml"
    UNKNOWN = "application/octet-stream"


BY_EXTENSION = {
    "pdf": MediaType.PDF,
    "docx": MediaType.DOCX,
    "xlsx": MediaType.XLSX,
    "zip": MediaType.ZIP,
    "png": MediaType.PNG,
    "jpg": MediaType.JPEG,
    "jpeg": MediaType.JPEG,
    "xml": MediaType.XML,
}
SAME_AS = {
    "text/xml": MediaType.XML,
    "image/jpg": MediaType.JPEG,
    "application/x-pdf": MediaType.PDF,
    "application/x-zip-compressed": MediaType.ZIP,
}


class PdfLook(Protocol):
    """What these rules need of `renditions.inspection.PdfFacts`, which lies above this context."""

    @property
    def pages(self) -> int: ...
    @property
    def encrypted(self) -> bool: ...
    @property
    def has_javascript(self) -> bool: ...
    @property
    def unreadable(self) -> str: ...


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """One file as it came: its name and type are claims, its bytes are facts."""

    name: str
    declared_type: str
    """The media type of the upload; "" when the sender named none."""
    size: int
    head: bytes
    """The first `HEAD_BYTES` bytes."""
    pdf: PdfLook | None = None
    """None when the file is not a PDF or has not been inspected."""


def sniff(data: bytes) -> MediaType:
    """Tell the kind of a file by its first bytes."""
    if data.startswith(b"%PDF-"):
        return MediaType.PDF
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_package(data[:HEAD_BYTES])
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:5] == b"<?xml":
        return MediaType.XML
    return MediaType.UNKNOWN


def unmet_for_upload(
    facts: UploadFacts, *, attachment: bool = False, limit: int = MAX_FILE_BYTES
) -> tuple[Violation, ...]:
    """Every reason why this file may not enter; the main file of a document must be a PDF, by our design."""
    if facts.size == 0:
        return (_about(facts, "documents.file.empty"),)
    found = []
    if facts.size > limit:
        found.append(_about(facts, "documents.file.too-large", limit_mb=str(limit // (1024 * 1024))))
    kind = sniff(facts.head)
    claims = _claimed_kinds(facts)
    if kind is not MediaType.PDF and (not attachment or MediaType.PDF in claims):
        found.append(_about(facts, "documents.file.not-a-pdf"))
    elif kind is MediaType.UNKNOWN:
        found.append(_about(facts, "documents.file.unknown-type"))
    elif not all(_agrees(claim, kind) for claim in claims):
        found.append(_about(facts, "documents.file.type-lies", found=kind.value))
    if kind is MediaType.PDF and facts.pdf is not None:
        found += _unmet_for_pdf(facts, facts.pdf)
    return tuple(found)


def _unmet_for_pdf(facts: UploadFacts, pdf: PdfLook) -> list[Violation]:
    if pdf.encrypted:
        return [_about(facts, "documents.file.encrypted")]
    if pdf.unreadable or pdf.pages == 0:
        return [_about(facts, "documents.file.unreadable", reason=pdf.unreadable)]
    return [_about(facts, "documents.file.javascript")] if pdf.has_javascript else []


def _about(facts: UploadFacts, code: str, **details: str) -> Violation:
    return Violation(code, tuple(sorted({"name": facts.name, **details}.items())))


def _kind_of_package(head: bytes) -> MediaType:
    """Office files are packages whose first parts already name their folder."""
    if b"[Content_Types].xml" not in head and b"_rels/" not in head:
        return MediaType.ZIP
    if b"word/" in head:
        return MediaType.DOCX
    return MediaType.XLSX if b"xl/" in head else MediaType.ZIP


def _claimed_kinds(facts: UploadFacts) -> set[MediaType]:
    """What the name's ending and the sender say; a claim we know nothing of is a lie about any known kind."""
    claims = set()
    ending = facts.name.rpartition(".")[2].casefold() if "." in facts.name else ""
    if ending:
        claims.add(BY_EXTENSION.get(ending, MediaType.UNKNOWN))
    declared = facts.declared_type.partition(";")[0].strip().casefold()
    if declared and declared != MediaType.UNKNOWN:
        claims.add(SAME_AS.get(declared, _known(declared)))
    return claims


def _known(declared: str) -> MediaType:
    return MediaType(declared) if declared in set(MediaType) else MediaType.UNKNOWN


def _agrees(claim: MediaType, kind: MediaType) -> bool:
    """An Office file whose first parts do not name its folder looks like a plain package."""
    if kind is MediaType.ZIP and claim in {MediaType.DOCX, MediaType.XLSX}:
        return True
    return claim is kind


# Secret marks ------------------------------------------------------------------------------------

MARKS = ("TUYỆT MẬT", "TỐI MẬT", "MẬT")
_LABELLED = re.compile(
    r"\b(?:độ|mức(?: độ)?|dấu chỉ độ)\s+mật\s*:\s*(tuyệt mật|tối mật|mật)(?!\w)", re.IGNORECASE
)
_BRACKETED = re.compile(r"[(\[]\s*(tuyệt mật|tối mật|mật)\s*[)\]]", re.IGNORECASE)
_COLUMN_GAP = re.compile(r"\t|\||\s{2,}")
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_GLUED = {mark.replace(" ", ""): mark for mark in MARKS}


def secrecy_marks_in(text: str) -> tuple[str, ...]:
    """The secret marks (dấu chỉ độ mật) that stand by themselves in the text of a page or in a subject.

    A mark counts as a stamp: alone on its line or column, in brackets, or after "Độ mật:". The word inside
    a sentence ("bảo vệ bí mật nhà nước") does not. Norm: Luật 117/2025/QH15; M32; D44.
    """
    plain = unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    found = {mark for line in plain.splitlines() for mark in _stamps_on(line)}
    for pattern in (_LABELLED, _BRACKETED):
        found |= {" ".join(hit.split()).upper() for hit in pattern.findall(plain)}
    return tuple(mark for mark in MARKS if mark in found)


def _stamps_on(line: str) -> set[str]:
    """Stamps are capitals; some programs write each letter apart ("M Ậ T")."""
    whole = _glued(line)
    pieces = {whole} if whole in _GLUED else {_glued(piece) for piece in _COLUMN_GAP.split(line)}
    return {_GLUED[piece] for piece in pieces if piece in _GLUED}


def _glued(piece: str) -> str:
    return "".join(_EDGES.sub("", piece).split())
