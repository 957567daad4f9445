"""Typst with our fonts only: the one place that turns templates into PDF."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import typst

from vanthu.kernel.errors import DomainError

FONTS = Path(__file__).parent / "fonts"

_of_thread = threading.local()


def typeset(template: Path, inputs: dict[str, str]) -> bytes:
    """Compile a template to PDF/A-2b; the same inputs always give the same bytes.

    Refuses: renditions.template.unprintable.
    """
    try:
        pdf = _compiler(template).compile(format="pdf", sys_inputs=inputs, pdf_standards="a-2b", timestamp=0)
    except typst.TypstError as error:
        raise DomainError("renditions.template.unprintable", reason=str(error)[:200]) from error
    assert isinstance(pdf, bytes)  # one PDF; a list is what images of several pages give
    return pdf


def placed_marks(template: Path, label: str) -> list[dict[str, Any]]:
    """The metadata that the template left under `label` in this thread's last `typeset`."""
    marks: list[dict[str, Any]] = json.loads(_compiler(template).query(f"<{label}>", field="value"))
    return marks


def _compiler(template: Path) -> typst.Compiler:
    """A compiler of this thread: two threads in one compiler fail (stack.md pitfall 18)."""
    compilers: dict[Path, typst.Compiler] = _of_thread.__dict__.setdefault("compilers", {})
    if template not in compilers:
        compilers[template] = typst.Compiler(
            str(template), root=str(template.parent), font_paths=[str(FONTS)], ignore_system_fonts=True
        )
    return compilers[template]
