"""Stored messages: their bytes, and their head for the operator's eyes; attachments are not decoded."""

from __future__ import annotations

from vanthu.axis.models import Message
from vanthu.edxml.reading import Reading, glance
from vanthu.foundation.storage import MissingBlob, UnreadableBlob, axis_blobs

HEAD = 4_000_000
"""Bytes within which the envelope of a large message ends."""
ENVELOPE_END, END = b"</edXML:edXMLEnvelope>", b"</edXML>"


def header_of(doc_id: str) -> Reading | None:
    """What the message says of itself; None where its bytes are not there. Raises `Unreadable`."""
    data = bytes_of(doc_id)
    if data is None:
        return None
    end = data.find(ENVELOPE_END, 0, HEAD) if len(data) > HEAD else -1
    return glance(data if end < 0 else data[: end + len(ENVELOPE_END)] + END)


def bytes_of(doc_id: str) -> bytes | None:
    """The message as it came, from its row or from the store; None where it is not there any more."""
    row = Message.objects.filter(pk=doc_id).only("content", "sha256", "forgotten_at").first()
    if row is None or row.forgotten_at is not None:
        return None
    if row.content is not None:
        return bytes(row.content)
    try:
        return axis_blobs().read(row.sha256)
    except (MissingBlob, UnreadableBlob):
        return None
