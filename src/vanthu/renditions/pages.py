"""Pages as images and positioned text, drawn in a child process, so that no hostile PDF meets the browser.

The layer of text lies over the image for selection, search and screen readers (stack.md §0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vanthu.foundation import sandbox
from vanthu.kernel.errors import DomainError

SECONDS = 20.0
MEMORY_MB = 1024
MIN_WIDTH_PX = 40
MAX_WIDTH_PX = 3000
CHILD = "vanthu.renditions.drawing"


@dataclass(frozen=True, slots=True)
class TextRun:
    """Some words on one line and where they stand, in parts of the page from its upper left corner."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def page_count(pdf: bytes) -> int:
    """How many pages the file has.

    Refuses: renditions.page.cannot-be-drawn.
    """
    return int(render_isolated("count", {"pdf": pdf}, page=None))


def page_image(pdf: bytes, page: int, width_px: int) -> bytes:
    """Page `page` (from 0) as WEBP, `width_px` wide, with annotations, fields and stamps.

    Refuses: renditions.page.not-there, renditions.page.cannot-be-drawn.
    """
    width = min(max(width_px, MIN_WIDTH_PX), MAX_WIDTH_PX)
    return bytes(render_isolated("draw", {"pdf": pdf, "page": page, "width_px": width}, page=page))


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """One page of two versions of a document, drawn and compared point by point."""

    number: int
    """From 1."""
    is_before: bool
    is_after: bool
    is_changed: bool


def compare_pages(before: bytes, after: bytes) -> tuple[ComparedPage, ...]:
    """Draw two versions of a document and say which pages look otherwise (the first 300).

    Refuses: renditions.page.cannot-be-drawn.
    """
    rows = render_isolated("differences", {"before": before, "after": after}, page=None)
    return tuple(ComparedPage(number, *row) for number, row in enumerate(rows, start=1))


def page_text(pdf: bytes, page: int) -> tuple[TextRun, ...]:
    """The text of page `page` (from 0) in reading order of the file.

    Refuses: renditions.page.not-there, renditions.page.cannot-be-drawn.
    """
    return tuple(render_isolated("text", {"pdf": pdf, "page": page}, page=page))


def render_isolated(function: str, kwargs: dict[str, Any], *, page: int | None) -> Any:
    """Run a function of `drawing` in a child; its failure is a refusal that names the page."""
    try:
        return sandbox.run(f"{CHILD}:{function}", kwargs, seconds=SECONDS, memory_mb=MEMORY_MB)
    except sandbox.SandboxError as error:
        shown = "" if page is None else str(page + 1)
        raise DomainError("renditions.page.cannot-be-drawn", page=shown, reason=error) from error
