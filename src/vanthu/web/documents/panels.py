"""What is mine to do now: each area offers its panel for a document, at most one answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms

from vanthu.documents.queries import DocumentCard
from vanthu.foundation.refusals import spoken
from vanthu.kernel.decisions import Decision
from vanthu.kernel.errors import Violation
from vanthu.web.request import PersonRequest


@dataclass(frozen=True, slots=True)
class Panel:
    """The first tab of the process screen: a template of the area, its values, and the document's state in a word."""

    template: str
    context: dict[str, Any]
    status_label: str = ""
    due: dict[str, str] = field(default_factory=dict)


Builder = Callable[[PersonRequest, DocumentCard, forms.Form | None], Panel | None]


def disabled_reason(decision: Decision) -> str:
    """Why an act is not allowed here, for the words under its disabled button; empty when it is."""
    if decision.code is None:
        return ""
    words = spoken(Violation(decision.code, decision.details))
    return f"{words.why} {words.remedy}"


def panel_of(request: PersonRequest, card: DocumentCard, bound: forms.Form | None = None) -> Panel | None:
    """The panel of the area that has the document now; `bound` is a form that was refused and is shown again."""
    from vanthu.web.drafts.panel import build as drafts
    from vanthu.web.incoming.panel import build as incoming
    from vanthu.web.my_work.panel import build as my_work
    from vanthu.web.outgoing.panel import build as outgoing

    builders: tuple[Builder, ...] = (my_work, incoming, outgoing, drafts)
    return next((panel for build in builders if (panel := build(request, card, bound)) is not None), None)
