"""Whether a file keeps what it claims with PDF/A: our own structural checks, in a child process.

Not a full validator: what needs the drawing of every glyph (missing glyphs, colours of images inside their
compression) is left to one. Norm: ISO 19005-2 and -3; the clause stands beside each check.
"""

from __future__ import annotations

from dataclasses import dataclass

from vanthu.foundation import sandbox

SECONDS = 30.0
MEMORY_MB = 1024
CHILD = "vanthu.renditions.pdfa.checks"


@dataclass(frozen=True, slots=True)
class PdfaFinding:
    """One rule that the file breaks."""

    code: str
    """The rule, for instance `font.embedded`."""
    clause: str
    """Where ISO 19005-2 demands it."""
    where: str
    """Which part of the file: an object, a page, a name."""


def pdfa_findings(data: bytes) -> tuple[PdfaFinding, ...]:
    """What keeps the file from being PDF/A-2 or -3 at its claimed level; empty when nothing was found.

    A file that cannot be looked at has the one finding `file.unreadable`.
    """
    try:
        found = sandbox.run(f"{CHILD}:findings_of", {"data": data}, seconds=SECONDS, memory_mb=MEMORY_MB)
    except sandbox.SandboxError as error:
        return (PdfaFinding("file.unreadable", "6.1", str(error)[:200]),)
    return tuple(found)
