"""What the axis keeps of a message beside its bytes, cut to the width of its columns."""

from __future__ import annotations

from typing import TypedDict

from vanthu.edxml.reading import Reading

INLINE = 256 * 1024
"""Bytes: larger messages lie in the blob store (bench/axis.py; ADR 14)."""


class Facts(TypedDict, total=False):
    """The columns of a message that its header fills."""

    edxml_document_id: str
    notation: str
    title: str
    business: int
    urgency: int
    status_code: str


def facts_of(reading: Reading) -> Facts:
    """The facts of a document message or of a status."""
    edoc, status = reading.edoc, reading.status
    if edoc is not None:
        return Facts(
            edxml_document_id=edoc.document_id[:200],
            notation=edoc.code[:160],
            title=edoc.subject[:300],
            business=int(edoc.business.type),
            urgency=max(0, min(edoc.urgency, 9)),
        )
    assert status is not None
    return Facts(
        edxml_document_id=status.response_for.document_id[:200],
        notation=status.response_for.code[:160],
        title=status.description[:300],
        status_code=status.code[:2],
    )
