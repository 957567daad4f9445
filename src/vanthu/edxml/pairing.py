"""References of the manifest and attachments with content belong together by ContentId, else by position."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vanthu.edxml.contents import AttachmentHead, ContentReceiver, Received
from vanthu.edxml.fields import Fields
from vanthu.edxml.file_names import display_name
from vanthu.edxml.markup import CONTENT_ELEMENT, Node
from vanthu.edxml.message import Packing, WarningKind

_REFERENCE = frozenset({"ContentId", "ContentType", "Description", "AttachmentName"})
_ATTACHMENT = _REFERENCE | {"FieldName", "MimeType", "Format", CONTENT_ELEMENT}


@dataclass(frozen=True, slots=True)
class ReadAttachment:
    """Tệp đính kèm: `size` (bytes), `sha256` and `media_type` (by magic bytes) are those of the unzipped content.

    `packing` is how it was zipped: handed to the writer, it gives the same bytes again.
    """

    content_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    zipped: bool
    description: str = ""
    declared_type: str = ""
    packing: Packing | None = None


def content_id_of(text: str) -> str:
    """Without `cid:`, which some write and some do not."""
    text = text.strip()
    return text[4:] if text[:4].lower() == "cid:" else text


def head_of(attachment: Node, references: list[dict[str, str]], position: int) -> AttachmentHead:
    """What is known before the content comes; what stands behind the content is taken from the manifest."""
    found = {kid.name: kid.text.strip() for kid in attachment.kids}
    content_id = content_id_of(found.get("ContentId", ""))
    reference = _reference_of(content_id, references, position) or {}
    name = found.get("AttachmentName") or reference.get("AttachmentName", "")
    declared = found.get("ContentType") or reference.get("ContentType", "")
    return AttachmentHead(content_id, display_name(name, position), declared, position)


def references_of(root: Node, fields: Fields | None = None) -> list[dict[str, str]]:
    """The manifest's references as texts by element name."""
    node: Node | None = root
    for name in ("edXMLEnvelope", "edXMLBody", "edXMLManifest"):
        node = node.find(name) if node is not None else None
    kids = [kid for kid in node.kids if kid.name == "Reference"] if node is not None else []
    return [(fields or Fields()).texts(kid, _REFERENCE) for kid in kids]


def paired(root: Node, receivers: list[ContentReceiver], fields: Fields) -> tuple[ReadAttachment, ...]:
    """Every content with what is said of it; what has no partner is noticed."""
    references = references_of(root, fields)
    nodes = [
        kid
        for holder in root.kids
        if holder.name == "AttachmentEncoded"
        for kid in holder.kids
        if kid.name == "Attachment"
    ]
    found = []
    waiting = iter(receivers)
    for node in nodes:
        if node.find(CONTENT_ELEMENT) is None:
            fields.notice(WarningKind.FIELD_MISSING, f"Attachment/{CONTENT_ELEMENT}", _name_in(node))
            continue
        receiver = next(waiting)
        if receiver.received is not None:
            found.append(_attachment(node, receiver.head, receiver.received, references, fields))
    _notice_lonely(references, found, fields)
    return tuple(found)


def _attachment(
    node: Node, head: AttachmentHead, received: Received, references: list[dict[str, str]], fields: Fields
) -> ReadAttachment:
    texts = fields.texts(node, _ATTACHMENT)
    reference = _reference_of(head.content_id, references, head.position)
    if reference is None:
        fields.notice(WarningKind.ATTACHMENT_UNPAIRED, "Attachment", head.name)
        reference = {}
    written = texts.get("AttachmentName") or reference.get("AttachmentName", "")
    attachment = ReadAttachment(
        content_id=head.content_id or content_id_of(reference.get("ContentId", "")),
        name=head.name,
        media_type=received.media_type,
        size=received.size,
        sha256=received.sha256,
        zipped=received.zipped,
        description=texts.get("Description") or reference.get("Description", ""),
        declared_type=head.declared_type,
        packing=received.packing,
    )
    if written and written != head.name:
        fields.notice(WarningKind.ATTACHMENT_NAME_CLEANED, "AttachmentName", written)
    elif not written:
        fields.notice(WarningKind.FIELD_MISSING, "AttachmentName", head.content_id)
        attachment = replace(attachment, name=display_name("", head.position))
    _notice_content(attachment, received, reference, fields)
    return attachment


def _notice_content(
    attachment: ReadAttachment, received: Received, reference: dict[str, str], fields: Fields
) -> None:
    other = reference.get("ContentType", "")
    if received.is_type_wrong or (other and other.lower() != attachment.declared_type.lower()):
        fields.notice(WarningKind.ATTACHMENT_TYPE_LIES, attachment.name, attachment.declared_type)
    if received.has_breaks:
        fields.notice(WarningKind.ATTACHMENT_LINE_BREAKS, attachment.name)
    if received.is_mangled:
        fields.notice(WarningKind.ATTACHMENT_MANGLED, attachment.name)


def _reference_of(content_id: str, references: list[dict[str, str]], position: int) -> dict[str, str] | None:
    if content_id:
        for reference in references:
            if content_id_of(reference.get("ContentId", "")) == content_id:
                return reference
    return references[position] if position < len(references) else None


def _notice_lonely(references: list[dict[str, str]], found: list[ReadAttachment], fields: Fields) -> None:
    ids = {attachment.content_id for attachment in found}
    for position, reference in enumerate(references):
        if content_id_of(reference.get("ContentId", "")) not in ids and position >= len(found):
            fields.notice(WarningKind.ATTACHMENT_UNPAIRED, "Reference", reference.get("AttachmentName", ""))


def _name_in(node: Node) -> str:
    name = node.find("AttachmentName")
    return name.text.strip() if name is not None else ""
