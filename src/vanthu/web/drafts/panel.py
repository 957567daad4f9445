"""placeholder"""

from django import forms

from vanthu.documents.queries import DocumentCard
from vanthu.web.documents.panels import Panel
from vanthu.web.request import PersonRequest


def build(request: PersonRequest, card: DocumentCard, bound: forms.Form | None) -> Panel | None:
    return None
