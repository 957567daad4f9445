"""The head of a stored message, for the operator's eyes: attachments are not decoded."""

from __future__ import annotations

from vanthu.axis.models import Message
from vanthu.edxml.reading import Reading, glance
from vanthu.foundation.storage import MissingBlob, UnreadableBlob, axis_blobs

HEAD = 4_000_000
"""Bytes within which the envelope of a large message ends."""
ENVELOPE_END, END = b"</edXML:edXMLEnvelope>", b"</edXML>"


def header_of(doc_id: str) -> Reading | None:
    """What the message says of itself; None where its bytes are not there. Raises `Unreadable`."""
    row = Message.objects.filter(pk=doc_id).only("content", "sha256", "forgotten_at").first()
    if row is None or row.forgotten_at is not None:
        return None
    data = bytes(row.content) if row.content is not None else _stored(row.sha256)
    return None if data is None else glance(data)


def _stored(sha256: str) -> bytes | None:
    """A large message, closed after its envelope: what follows are attachments."""
    try:
        data = axis_blobs().read(sha256)
    except (MissingBlob, UnreadableBlob):
        return None
    end = data.find(ENVELOPE_END, 0, HEAD)
    return data if end < 0 else data[: end + len(ENVELOPE_END)] + END
