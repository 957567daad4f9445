"""What is mine to do now: each area offers its panel for a document, at most one answers."""

from __future__ import annotations

from collections.abc import Callable

from django import forms

from vanthu.documents.queries import DocumentCard
from vanthu.web.documents.panel import Panel
from vanthu.web.drafts.panel import build as drafts
from vanthu.web.incoming.panel import build as incoming
from vanthu.web.my_work.panel import build as my_work
from vanthu.web.outgoing.panel import build as outgoing
from vanthu.web.request import PersonRequest

Builder = Callable[[PersonRequest, DocumentCard, forms.Form | None], Panel | None]

BUILDERS: tuple[Builder, ...] = (my_work, incoming, outgoing, drafts)


def panel_of(request: PersonRequest, card: DocumentCard, bound: forms.Form | None = None) -> Panel | None:
    """The panel of the area that has the document now; `bound` is a form that was refused and is shown again."""
    return next((panel for build in BUILDERS if (panel := build(request, card, bound)) is not None), None)
