"""What an area says of a document that it has before it, and why an act of it is not allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vanthu.foundation.refusals import spoken
from vanthu.kernel.decisions import Decision
from vanthu.kernel.errors import Violation


@dataclass(frozen=True, slots=True)
class Panel:
    """The first tab of the process screen: a template of the area, its values, and the document's state in a word."""

    template: str
    context: dict[str, Any]
    status_label: str = ""
    due: dict[str, str] = field(default_factory=dict)


def disabled_reason(decision: Decision) -> str:
    """Why an act is not allowed here, for the words under its disabled button; empty when it is."""
    if decision.code is None:
        return ""
    words = spoken(Violation(decision.code, decision.details))
    return f"{words.why} {words.remedy}"
