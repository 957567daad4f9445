"""What a PDF is and carries, found out in a child process: nobody opens an upload before this has."""

from __future__ import annotations

from dataclasses import dataclass

from vanthu.foundation import sandbox
from vanthu.kernel.errors import DomainError
from vanthu.renditions.rules.stamp_lines import PageFrame

SECONDS = 10.0
MEMORY_MB = 768
CHILD = "vanthu.renditions.dissection"


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """Facts about one PDF file; a file that cannot be opened has `unreadable` and nothing else."""

    pages: int = 0
    version: str = ""
    encrypted: bool = False
    has_javascript: bool = False
    """Contains a script, or an action that starts a program."""
    embedded_files: tuple[str, ...] = ()
    page_sizes: tuple[tuple[float, float], ...] = ()
    """Width and height in millimetres of the first 50 pages, as displayed."""
    text_first_page: str = ""
    unreadable: str = ""
    """Why the file cannot be opened, in the words of the program that tried; empty when it can."""


def inspect_pdf(data: bytes) -> PdfFacts:
    """Look at a PDF in a child process; a hostile file costs at most its time limit."""
    try:
        facts = sandbox.run(f"{CHILD}:facts_of", {"data": data}, seconds=SECONDS, memory_mb=MEMORY_MB)
    except sandbox.SandboxError as error:
        return PdfFacts(unreadable=str(error))
    assert isinstance(facts, PdfFacts)
    return facts


def first_page_frame(data: bytes) -> PageFrame:
    """What the first page shows of itself, found out in a child process.

    Refuses: renditions.page.cannot-be-drawn.
    """
    try:
        frame = sandbox.run(f"{CHILD}:first_page_frame", {"data": data}, seconds=SECONDS, memory_mb=MEMORY_MB)
    except sandbox.SandboxError as error:
        raise DomainError("renditions.page.cannot-be-drawn", page="1", reason=error) from error
    assert isinstance(frame, PageFrame)
    return frame


def require_readable(facts: PdfFacts) -> None:
    """Refuse a file that no page can be shown of.

    Refuses: documents.file.encrypted, documents.file.unreadable.
    """
    if facts.encrypted:
        raise DomainError("documents.file.encrypted")
    if facts.unreadable or facts.pages == 0:
        raise DomainError("documents.file.unreadable", reason=facts.unreadable)
