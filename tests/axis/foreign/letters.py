"""edXML written by hand and read with the standard library: the few fields that a foreign office looks at."""

from __future__ import annotations

import base64
import io
import uuid
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from tests.axis.foreign.wire import HERE

NS = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
AS_THEY_ARE = {"pdf", "doc", "docx", "xsl", "xslx", "zip"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

_OPEN = (
    f'<?xml version="1.0" encoding="UTF-8"?>\r\n<edXML xmlns="{NS}"><edXML:edXMLEnvelope xmlns:edXML="{NS}">'
    "<edXML:edXMLHeader><edXML:MessageHeader>"
)


def _tag(name: str, value: str) -> str:
    return f"<edXML:{name}>{escape(value)}</edXML:{name}>" if value else ""


def _organ(tag: str, code: str) -> str:
    return f"<edXML:{tag}>{_tag('OrganId', code)}{_tag('OrganName', 'Đơn vị ' + code)}</edXML:{tag}>"


def packed(name: str, content: bytes) -> tuple[str, bytes]:
    """Type and bytes of an attachment as the client in circulation sends it: what it does not know, it zips."""
    ending = name.rpartition(".")[2]
    if ending in AS_THEY_ARE:
        return f"application/{ending}", content
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{uuid.uuid4()}.{ending}", content)
    return "application/zip", box.getvalue()


@dataclass(frozen=True)
class Letter:
    """A document message to be written."""

    sender: str
    receivers: tuple[str, ...]
    number: str = "125"
    notation: str = "STN-VP"
    subject: str = "V/v thử nghiệm liên thông"
    issued_on: str = "2026/11/20"
    business: int = 0
    business_of: str = ""
    reason: str = ""
    attachments: tuple[tuple[str, bytes], ...] = (("125.pdf", PDF),)

    @property
    def document_id(self) -> str:
        return f"{self.sender},{self.issued_on},{self.number}/{self.notation}"

    @property
    def code(self) -> str:
        return f"{self.number}/{self.notation}"


def document(letter: Letter) -> bytes:
    """The bytes of a document message."""
    now = f"{datetime.now(HERE):%Y/%m/%d %H:%M:%S}"
    receivers = "".join(_organ("To", code) for code in letter.receivers)
    references, bodies = _attachments(letter.attachments)
    reason = letter.reason or "Văn bản điện tử mới"
    return (
        f"{_OPEN}{_organ('From', letter.sender)}{receivers}{_tag('DocumentId', letter.document_id)}"
        f"<edXML:Code>{_tag('CodeNumber', letter.number)}{_tag('CodeNotation', letter.notation)}</edXML:Code>"
        f"<edXML:PromulgationInfo>{_tag('PromulgationDate', letter.issued_on)}</edXML:PromulgationInfo>"
        "<edXML:DocumentType><edXML:Type>2</edXML:Type><edXML:TypeName>Công văn</edXML:TypeName></edXML:DocumentType>"
        f"{_tag('Subject', letter.subject)}{_tag('Content', letter.subject)}"
        "<edXML:SignerInfo><edXML:FullName>Người Ký Thử</edXML:FullName></edXML:SignerInfo>"
        "<edXML:OtherInfo><edXML:Priority>0</edXML:Priority></edXML:OtherInfo></edXML:MessageHeader>"
        f"<edXML:TraceHeaderList><edXML:TraceHeader>{_tag('OrganId', letter.sender)}{_tag('Timestamp', now)}"
        f"</edXML:TraceHeader><edXML:Bussiness>{_tag('DocumentId', letter.business_of)}"
        f"<edXML:BussinessDocType>{letter.business}</edXML:BussinessDocType>{_tag('BussinessDocReason', reason)}"
        "<edXML:Paper>0</edXML:Paper></edXML:Bussiness></edXML:TraceHeaderList></edXML:edXMLHeader>"
        f'<edXML:edXMLBody><edXML:edXMLManifest version="1.0">{references}</edXML:edXMLManifest></edXML:edXMLBody>'
        f"</edXML:edXMLEnvelope><AttachmentEncoded>{bodies}</AttachmentEncoded></edXML>\r\n"
    ).encode()


def _attachments(attachments: Iterable[tuple[str, bytes]]) -> tuple[str, str]:
    references, bodies = [], []
    for name, content in attachments:
        kind, data = packed(name, content)
        cid, shown = f"cid:{uuid.uuid4()}", escape(name)
        references.append(
            f"<edXML:Reference><edXML:ContentId>{cid}</edXML:ContentId><edXML:ContentType>{kind}</edXML:ContentType>"
            f"<edXML:AttachmentName>{shown}</edXML:AttachmentName></edXML:Reference>"
        )
        bodies.append(
            f"<Attachment><ContentId>{cid}</ContentId><AttachmentName>{shown}</AttachmentName>"
            f'<ContentType>{kind}</ContentType><edXML:ContentTransferEncoded xmlns:edXML="{NS}">'
            f"{base64.b64encode(data).decode()}</edXML:ContentTransferEncoded></Attachment>"
        )
    return "".join(references), "".join(bodies)


def status(
    sender: str,
    to: str,
    code: str,
    *,
    document_id: str,
    number: str,
    issued_on: str = "2026/11/20",
    words: str = "",
) -> bytes:
    """The bytes of a status message: `sender` reports to `to` about the document with `number` (number/notation)."""
    now = f"{datetime.now(HERE):%Y/%m/%d %H:%M:%S}"
    return (
        f"{_OPEN}{_organ('From', sender)}<edXML:ResponseFor>{_tag('OrganId', to)}{_tag('Code', number)}"
        f"{_tag('DocumentId', document_id)}{_tag('PromulgationDate', issued_on)}</edXML:ResponseFor>"
        f"<edXML:StaffInfo>{_tag('Staff', 'Văn Thư Thử')}</edXML:StaffInfo>"
        f"{_tag('StatusCode', code)}{_tag('Description', words or 'Thử')}{_tag('Timestamp', now)}"
        "</edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>\r\n"
    ).encode()


@dataclass(frozen=True)
class Seen:
    """What a foreign office reads out of a message: either kind."""

    sender: str
    receivers: tuple[str, ...]
    document_id: str
    number: str
    subject: str
    business: str
    status: str
    attachments: tuple[tuple[str, bytes], ...]


def read(data: bytes) -> Seen:
    """Raises ElementTree.ParseError on what is not XML."""
    root = ElementTree.fromstring(data)

    def text(path: str) -> str:
        found = root.find(".//" + "/".join(f"{{{NS}}}{step}" for step in path.split("/")))
        return (found.text or "") if found is not None else ""

    code, answered = text("Code/CodeNumber"), text("ResponseFor/Code")
    return Seen(
        sender=text("From/OrganId"),
        receivers=tuple(found.text or "" for found in root.iterfind(f".//{{{NS}}}To/{{{NS}}}OrganId")),
        document_id=text("MessageHeader/DocumentId") or text("ResponseFor/DocumentId"),
        number=f"{code}/{text('Code/CodeNotation')}" if code else answered,
        subject=text("Subject"),
        business=text("BussinessDocType"),
        status=text("StatusCode"),
        attachments=tuple(_unpacked(each) for each in root.iterfind(f".//{{{NS}}}Attachment")),
    )


def _unpacked(attachment: ElementTree.Element) -> tuple[str, bytes]:
    def text(name: str) -> str:
        return (attachment.findtext(f"{{{NS}}}{name}") or "").strip()

    name, data = text("AttachmentName"), base64.b64decode(text("ContentTransferEncoded"))
    if text("ContentType") == "application/zip" and not name.endswith("zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(archive.namelist()[0])
    return name, data
