"""Reading a message: streaming, tolerant of what is in circulation, deaf to what is dangerous (edxml.md §6)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Literal

from vanthu.edxml.contents import AttachmentHead, ContentReceiver
from vanthu.edxml.digests import Digests
from vanthu.edxml.fields import Fields
from vanthu.edxml.header import HeaderReader
from vanthu.edxml.limits import DEFAULT_LIMITS, Limits
from vanthu.edxml.markup import Markup, Node
from vanthu.edxml.message import (
    NAMESPACE,
    Business,
    Edoc,
    Notice,
    Organization,
    Status,
    StatusReport,
    Unreadable,
    WarningKind,
)
from vanthu.edxml.pairing import ReadAttachment, head_of, paired, references_of
from vanthu.edxml.pump import BYTE_ORDER_MARK, Pump
from vanthu.edxml.tracing import Tracing, business_info, business_node, traces_of

__all__ = ["AttachmentHead", "Limits", "ReadAttachment", "Reading", "glance", "read"]

_STATUS_HEADER = frozenset(
    {"From", "To", "ResponseFor", "StaffInfo", "StatusCode", "Description", "Timestamp"}
)
_BODIES = {"edXMLEnvelope", "AttachmentEncoded"}
_HEADER_PARTS = {"MessageHeader", "TraceHeaderList", "DigitalSignature"}
_CODES = {status.value for status in Status}
_TAIL = 256


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says. `sha256` and `size` (bytes) are those of the message as it came."""

    kind: Literal["edoc", "status"]
    edoc: Edoc | None
    status: StatusReport | None
    attachments: tuple[ReadAttachment, ...]
    warnings: tuple[Notice, ...]
    sha256: str
    size: int

    @property
    def sender(self) -> Organization:
        """Who has sent it, whatever it is."""
        message = self.edoc or self.status
        assert message is not None
        return message.sender


def read(
    stream: BinaryIO,
    *,
    limits: Limits = DEFAULT_LIMITS,
    sink: Callable[[AttachmentHead], BinaryIO] | None = None,
    sha256: str = "",
) -> Reading:
    """Read a whole message. Each attachment's content is written to what `sink` returns (the caller closes it).

    `sha256` (hex) is that of the message where the caller has it from its store; else it is computed.

    Raises `Unreadable`, and nothing else but what stream and sink raise. What the sink got is worthless then.
    """
    receivers: list[ContentReceiver] = []
    digests = Digests()

    def open_content(attachment: Node) -> ContentReceiver:
        if len(receivers) >= limits.attachments:
            raise Unreadable("too-many", "attachments")
        if not receivers:
            message_header(markup.root)  # before anything is written: is this a message at all?
        head = head_of(attachment, references_of(markup.root or attachment), len(receivers))
        receiver = ContentReceiver(head, sink(head) if sink is not None else None, digests, limits)
        receivers.append(receiver)
        return receiver

    markup = Markup(limits, open_content)
    pump = Pump(stream, markup, digests, limits, sha256)
    try:
        pump.run()
        root = markup.finish()
        return _reading(root, markup, pump, receivers, limits)
    except Unreadable as refusal:
        refusal.sender = refusal.sender or sender_of(markup.root)
        raise
    finally:
        digests.close()
        markup.release()


def glance(data: bytes, *, limits: Limits = DEFAULT_LIMITS, sha256: str = "") -> Reading:
    """Read the header only: attachments are neither decoded nor listed.

    `sha256` (hex) is that of the message where the caller has it; else it is computed. Raises `Unreadable`.
    """
    if len(data) > limits.message_bytes:
        raise Unreadable("too-large", "message")
    markup = Markup(limits, lambda _: _PassedBy())
    try:
        root = _glance_markup(data, markup, limits)
        fields = Fields()
        kind, edoc, status = _message(root, fields, limits)
        notices = _marked(data[:3] == BYTE_ORDER_MARK, [*_markup_notices(markup, root), *fields.notices])
        digest = sha256 or hashlib.sha256(data).hexdigest()
        return Reading(kind, edoc, status, (), notices, digest, len(data))
    except Unreadable as refusal:
        refusal.sender = refusal.sender or sender_of(markup.root)
        raise
    finally:
        markup.release()


class _PassedBy:
    """A content that nobody looks at."""

    missing = 0

    def write(self, text: bytes) -> None: ...

    def finish(self) -> None: ...


def _glance_markup(data: bytes, markup: Markup, limits: Limits) -> Node:
    """Parse up to the attachments; of what follows only the last tag is looked at."""
    end = _start_of_attachments(data)
    if end < 0:
        digests = Digests()
        try:
            Pump(BytesIO(data), markup, digests, limits).run()
        finally:
            digests.close()
        return markup.finish()
    markup.feed(data[:end].removeprefix(BYTE_ORDER_MARK))
    if markup.root is None or not data[-_TAIL:].rstrip().endswith(b"edXML>"):
        raise Unreadable("truncated", "no end of the message")
    return markup.root


def _start_of_attachments(data: bytes) -> int:
    """Behind the tag that opens `AttachmentEncoded`, -1 without one; a name in a comment does not count."""
    envelope = data.find(b"edXMLEnvelope>", data.find(b"MessageHeader>"))
    if envelope < 0:
        return -1
    for opening in (b"<AttachmentEncoded", b"<edXML:AttachmentEncoded"):
        found = data.find(opening, envelope, envelope + 4096)
        if found >= 0 and b"<!--" not in data[envelope:found]:
            return data.find(b">", found) + 1 or -1
    return -1


def _reading(
    root: Node, markup: Markup, pump: Pump, receivers: list[ContentReceiver], limits: Limits
) -> Reading:
    fields = Fields()
    kind, edoc, status = _message(root, fields, limits)
    attachments = paired(root, receivers, fields)
    if edoc is not None and not attachments and edoc.business.type is not Business.REVOKE:
        fields.notice(WarningKind.NO_ATTACHMENT, "AttachmentEncoded")
    notices = _marked(pump.has_mark, [*_markup_notices(markup, root), *fields.notices])
    return Reading(kind, edoc, status, attachments, notices, pump.sha256, pump.size)


def _marked(has_mark: bool, notices: list[Notice]) -> tuple[Notice, ...]:
    return (Notice(WarningKind.BYTE_ORDER_MARK), *notices) if has_mark else tuple(notices)


def _message(
    root: Node, fields: Fields, limits: Limits
) -> tuple[Literal["edoc", "status"], Edoc | None, StatusReport | None]:
    header = message_header(root)
    reader = HeaderReader(fields, limits)
    if header.find("StatusCode") is not None:
        return "status", None, _status(header, reader)
    return "edoc", reader.edoc(header, _tracing(root, reader)), None


def message_header(root: Node | None) -> Node:
    """The MessageHeader of a message in the namespace of QCVN 102, or in none. Raises `Unreadable`."""
    node = root
    for name in ("edXML", "edXMLEnvelope", "edXMLHeader", "MessageHeader"):
        node = node.find(name) if node is not None and name != "edXML" else node
        if node is None or node.name != name:
            _refuse_skeleton(root, name)
        assert node is not None
    return node  # type: ignore[return-value]  # the loop leaves it set


def _refuse_skeleton(root: Node | None, missing: str) -> None:
    for node in _walk(root):
        namespace, brace, local = node.name.rpartition("}")
        if brace and local in {"edXML", "edXMLEnvelope", "edXMLHeader", "MessageHeader"}:
            raise Unreadable("namespace", namespace.removeprefix("{"))
    raise Unreadable("kind", f"no {missing}")


def sender_of(root: Node | None) -> Organization | None:
    """What can be read of From in whatever namespace; None when its code cannot."""
    for node in _walk(root):
        if node.name.rpartition("}")[2] == "From":
            texts = {kid.name.rpartition("}")[2]: kid.text.strip() for kid in node.kids}
            code = texts.get("OrganId", "")
            return Organization(code, texts.get("OrganName", "")) if code else None
    return None


def _walk(root: Node | None) -> list[Node]:
    """The nodes down to From, level by level."""
    found, level = [], [root] if root is not None else []
    for _ in range(6):
        found += level
        level = [kid for node in level for kid in node.kids]
    return found


def _tracing(root: Node, reader: HeaderReader) -> Tracing:
    envelope = root.find("edXMLEnvelope")
    header = envelope.find("edXMLHeader") if envelope is not None else None
    node = header.find("TraceHeaderList") if header is not None else None
    if node is None:
        reader.fields.notice(WarningKind.NO_TRACE, "TraceHeaderList")
        return Tracing()
    business = business_node(node, reader.fields)
    if business is None:
        return Tracing(traces_of(node, reader.fields))
    staff = reader.staff(business.find("StaffInfo"))
    return Tracing(traces_of(node, reader.fields), business_info(business, staff, reader.fields))


def _status(header: Node, reader: HeaderReader) -> StatusReport:
    fields = reader.fields
    found = fields.texts(header, _STATUS_HEADER)
    sender, response = header.find("From"), header.find("ResponseFor")
    answered = reader.response(response) if response is not None else None
    if sender is None:
        raise Unreadable("required", "From")
    if answered is None or not (answered.code or answered.document_id):
        raise Unreadable("required", "ResponseFor")
    if not answered.organ_code:
        fields.notice(WarningKind.ORGAN_CODE_MISSING, "ResponseFor/OrganId")
    raw = found.get("Timestamp", "")
    return StatusReport(
        sender=reader.organization(sender),
        response_for=answered,
        code=_status_code(found["StatusCode"], fields),
        description=found.get("Description", ""),
        at=fields.instant(raw, "Timestamp"),
        at_raw=raw,
        staff=reader.staff(header.find("StaffInfo")),
    )


def _status_code(text: str, fields: Fields) -> str:
    if not text:
        raise Unreadable("required", "StatusCode")
    code = text.zfill(2) if text.isascii() and text.isdigit() else text
    if code != text:
        fields.notice(WarningKind.STATUS_CODE_FORM, "StatusCode", text)
    if code not in _CODES:
        fields.notice(WarningKind.STATUS_CODE_UNKNOWN, "StatusCode", text)
    return code


def _markup_notices(markup: Markup, root: Node) -> list[Notice]:
    notices = list(markup.notices)
    for name in sorted(markup.unusual):
        local = name.rpartition(":")[2]
        if local == "MessageHeader" or (local == "AttachmentEncoded" and local != name):
            notices.append(Notice(WarningKind.NO_PREFIX, local, name if name != local else ""))
    if not markup.has_namespace:
        notices.append(Notice(WarningKind.NO_NAMESPACE, "edXML", NAMESPACE))
    notices += _unknown_parts(root)
    return notices


def _unknown_parts(root: Node) -> list[Notice]:
    notices = [Notice(WarningKind.UNKNOWN_ELEMENT, kid.name) for kid in root.kids if kid.name not in _BODIES]
    envelope = root.find("edXMLEnvelope")
    header = envelope.find("edXMLHeader") if envelope is not None else None
    for kid in header.kids if header is not None else ():
        if kid.name.rpartition("}")[2].endswith("Signature"):
            notices.append(Notice(WarningKind.SIGNATURE_IGNORED, kid.name))
        elif kid.name not in _HEADER_PARTS:
            notices.append(Notice(WarningKind.UNKNOWN_ELEMENT, kid.name))
    return notices
